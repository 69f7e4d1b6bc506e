import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCitations, readSuiteRows } from "./citations.ts";
import { findFaults } from "./faults.ts";
import { readTestNames } from "./test-names.ts";

describe("the names of a file's tests", () => {
  it.each([
    [`it("a", () => undefined); test("b", f); describe("c", () => { it("d", f); });`, ["a", "b", "c", "d"]],
    [
      'it.each([1])("with %i", f); it.each`x`("tagged", f); it.skipIf(windows)("elsewhere", f);',
      ["with %i", "tagged", "elsewhere"],
    ],
    ["it(`over ${name} and ${other}`, f); it(`whole`, f);", ["over … and …", "whole"]],
    [
      `testThen("wrapped", f); test.describe("browser", f); it("with options", { timeout: 1 }, f);`,
      ["wrapped", "browser", "with options"],
    ],
    [`it(name, f); it(\`\${name}\`, f); say("no test"); // it("a comment", f)`, []],
    [`it.skip("skipped", f); test.todo("later"); it.fails("failing", f); test.fixme("broken", f);`, []],
  ])("of %j are %j", (text, names) => {
    expect([...readTestNames(text, false)]).toEqual(names);
  });
});

describe("a document", () => {
  it("cites tests on as many lines as it takes", () => {
    const first = '- `a/b.test.ts` (real: Prosody): "one",\n  "two"\n';
    const text = `Text.\n\n${first}- \`c.test.ts\` (scripted, both networks): "three: 3"\n`;
    expect(readCitations(text)).toEqual([
      { path: "a/b.test.ts", names: ["one", "two"], line: 3 },
      { path: "c.test.ts", names: ["three: 3"], line: 5 },
    ]);
  });

  it.each([
    '- `a.test.ts`: "without the other side"',
    "- `a.test.ts` (alone): without quotes",
    "- `a.test.ts` (alone)",
    '- `a.test.ts` (somehow): "x"',
  ])("is refused with %j", (text) => {
    expect(() => readCitations(text)).toThrow("line 1");
  });

  it("has a table of suites", () => {
    const text =
      "| Suite | A (`a.test.ts`) | B (`b.test.ts`) |\n| --- | --- | --- |\n| `x.ts` | yes | |\n\n| `y.ts` | |\n";
    expect(readSuiteRows(text)).toEqual([{ suite: "x.ts", runs: ["a.test.ts"], runsNot: ["b.test.ts"] }]);
  });
});

describe("the faults of a document", () => {
  let folder: string;
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hallway-citations-"));
    await put("main/a.test.ts", 'it("is so", f);');
    await put("main/networks/conformance/x.ts", "export function describeX() {}");
    await put("main/networks/conformance/y.ts", "export function describeY() {}");
    await put("main/networks/conformance.ts", "describeX(get);");
    await put("e2e/conformance/all.test.ts", "describeNetwork(get);");
    await put("e2e/conformance/part.test.ts", "describeY(get);");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const faultsOf = async (text: string): Promise<readonly string[]> => {
    await put("docs/x.md", text);
    return findFaults(folder, "docs/x.md");
  };
  const cited = '- `main/a.test.ts` (alone): "is so"\n';
  const table = (x: string, y: string): string =>
    `| S | A (\`all.test.ts\`) | P (\`part.test.ts\`) |\n| --- |\n| \`x.ts\` | ${x} |\n| \`y.ts\` | ${y} |\n`;

  it("are none where all is there", async () => {
    expect(await faultsOf(`${table("yes | ", " | yes")}\n${cited}`)).toEqual([]);
  });

  it("are a test, a file and a picture that are not there", async () => {
    const text =
      '- `main/a.test.ts` (alone): "is so", "is not"\n- `main/b.test.ts` (alone): "x"\n\nSee `docs/p.png`.\n';
    expect(await faultsOf(text)).toEqual([
      'docs/x.md:1: main/a.test.ts has no test "is not".',
      "docs/x.md:2: main/b.test.ts is not there.",
      "main/b.test.ts is named and not there.",
      "docs/p.png is named and not there.",
    ]);
  });

  it("are suites that run elsewhere than the table says", async () => {
    expect(await faultsOf(`${table(" | yes", " | yes")}\n${cited}`)).toEqual([
      "part.test.ts does not run x.ts.",
      "all.test.ts runs x.ts, which the table leaves out.",
    ]);
  });

  it("are a suite and a test file of the table that are not there", async () => {
    const text = "| S | A (`gone.test.ts`) |\n| --- |\n| `x.ts` | yes |\n| `z.ts` | |\n";
    expect(await faultsOf(`${text}\n${cited}`)).toEqual([
      "gone.test.ts does not run x.ts.",
      "main/networks/conformance/z.ts is no suite.",
    ]);
  });

  it("are a suite that a test file only talks about", async () => {
    await put("e2e/conformance/part.test.ts", "// runs describeY, one day\n");
    expect(await faultsOf(`${table("yes | ", " | yes")}\n${cited}`)).toEqual(["part.test.ts does not run y.ts."]);
  });

  it.each(["%s", "%s: %s", "%j, %i"])("are the name %j, which is nothing but its cases", async (name) => {
    await put("main/a.test.ts", `it.each([1])("${name}", f);`);
    expect(await faultsOf(`- \`main/a.test.ts\` (alone): "${name}"\n`)).toEqual([
      `docs/x.md:1: "${name}" says nothing: cite the group that it stands in.`,
    ]);
  });

  it("are that it cites nothing", async () => {
    expect(await faultsOf("Nothing.\n")).toEqual(["docs/x.md cites no test."]);
  });
});
