import { expect, it } from "vitest";
import { playwrightFailures, strayErrors, vitestFailures } from "./test-failures.ts";

it("tells the tests that Vitest says have failed, and a file that failed without one", () => {
  const test = (fullName: string, status: string, failureMessages: string[] = []) => ({
    fullName,
    status,
    failureMessages,
  });
  const report = {
    testResults: [
      {
        name: "a.test.ts",
        status: "failed",
        assertionResults: [
          test("adds", "passed"),
          test("takes away", "failed", ["\u001b[31mError: 2 is not 3\u001b[39m"]),
        ],
      },
      { name: "b.test.ts", status: "failed", message: "cannot be read", assertionResults: [] },
      { name: "c.test.ts", status: "passed", assertionResults: [test("all is well", "passed")] },
    ],
  };
  expect(vitestFailures(report)).toEqual([
    { title: "a.test.ts › takes away", why: "Error: 2 is not 3" },
    { title: "b.test.ts", why: "cannot be read" },
  ]);
});

it("tells the tests that Playwright says have failed, however deep, and where more is said", () => {
  const spec = (title: string, ok: boolean) => ({
    title,
    ok,
    file: "a.spec.ts",
    line: 4,
    tests: [
      {
        results: [
          {
            errors: ok ? [] : [{ message: "not visible" }],
            attachments: [{ name: "context", path: "/results/a/context.md" }],
          },
        ],
      },
    ],
  });
  const report = {
    suites: [{ specs: [spec("opens", true)], suites: [{ specs: [spec("closes", false)] }] }],
    errors: [{ message: "no browser" }],
  };
  expect(playwrightFailures(report)).toEqual([
    { title: "a.spec.ts:4 › closes", why: "not visible", folder: "/results/a" },
    { title: "outside of a test", why: "no browser" },
  ]);
});

it("tells what belongs to no test, and nothing of what is no report", () => {
  expect(strayErrors(["fine", "⎯ Unhandled Errors ⎯", "it broke"])).toEqual([
    { title: "outside of a test", why: "⎯ Unhandled Errors ⎯\nit broke" },
  ]);
  for (const report of [undefined, null, 5, "text", {}, { testResults: [{}] }, { suites: 1 }]) {
    expect(vitestFailures(report)).toEqual([]);
    expect(playwrightFailures(report)).toEqual([]);
  }
});
