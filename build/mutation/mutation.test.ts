import { globSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../root.ts";
import { readArguments } from "./arguments.ts";
import { findEquivalent, readEquivalents } from "./equivalent.ts";
import { figures, table } from "./figures.ts";
import { reasonToIgnore } from "./ignorer.ts";
import { missedLine } from "./reporter.ts";
import { foldersOf, isMutated, roomsOf, testedElsewhere, testedOnlyElsewhere } from "./rooms.ts";
import { isSame, sample } from "./sample.ts";
import { refusedOf, withMutant } from "./types.ts";

const mutant = (file: string, line: number) => ({
  file,
  line,
  column: 2,
  mutator: "BooleanLiteral",
  replacement: "false",
});

describe("npm run mutation", () => {
  it("is asked for folders or for a change", () => {
    expect(
      readArguments(["./main/cpim/", "main/ipc", "--sample", "40", "--seed", "x", "--tests", "main/store/"]),
    ).toEqual({
      paths: ["main/cpim", "main/ipc"],
      sample: 40,
      seed: "x",
      near: false,
      tests: ["main/store"],
    });
    expect(readArguments(["main/cpim", "--near"])).toMatchObject({ paths: ["main/cpim"], near: true });
    expect(readArguments(["--changed"])).toMatchObject({ paths: [], changed: "" });
    expect(readArguments(["--changed", "--sample", "9"])).toMatchObject({ changed: "", sample: 9 });
    expect(readArguments(["--changed", "abc123"])).toMatchObject({ changed: "abc123" });
  });

  it.each([
    [[]],
    [["main", "--changed"]],
    [["main", "--sample", "0"]],
    [["main", "--sample", "many"]],
    [["main", "--sample"]],
    [["main", "--all"]],
  ])("says what is wrong with %j", (args) => {
    expect(readArguments(args)).toBeTypeOf("string");
  });

  it("mutates the program, not what serves its tests", () => {
    expect(
      ["main/app/app.ts", "main/networks/xmpp/iq.ts", "renderer/main.tsx", "shared/errors.ts"].filter(isMutated),
    ).toHaveLength(4);
    const serving = [
      "main/a.test.ts",
      "main/a.test-helper.ts",
      "main/networks/testing/b.ts",
      "renderer/dev/page.ts",
      "main/a.d.ts",
      "e2e/x.ts",
      "main/a.json",
    ];
    expect(serving.filter(isMutated)).toEqual([]);
  });

  it("lets the tests of a room notice its faults, and those of other rooms where it is told so", () => {
    const rooms = roomsOf(
      [
        "main/networks/xmpp/xeps/a.ts",
        "main/networks/xmpp/b.ts",
        "main/networks/dial.ts",
        "main/x.ts",
        "main/lock/l.ts",
      ],
      ["main/store"],
    );
    expect(Object.fromEntries(rooms.map(({ name, files }) => [name, files.length]))).toEqual({
      "main/networks/xmpp": 2,
      "main/networks": 1,
      main: 1,
      "main/lock": 1,
    });
    const tests = Object.fromEntries(rooms.map((room) => [room.name, room.tests]));
    expect(tests["main/networks/xmpp"]).toEqual([
      "main/networks/xmpp/**/*.test.{ts,tsx}",
      "main/store/**/*.test.{ts,tsx}",
    ]);
    expect(tests["main/networks"]).toContain("main/networks/*.test.{ts,tsx}");
    expect(tests["main"]).toEqual(["main/cli/command-line.test.{ts,tsx}", "main/store/**/*.test.{ts,tsx}"]);
    expect(tests["main/lock"]).toContain("main/enforcement/lock.test.{ts,tsx}");
  });

  it("asks the tests beside a file first, and those of its room where there are none", () => {
    const files = ["main/networks/xmpp/sasl/a.ts", "main/networks/xmpp/b.ts", "main/settings/deep/c.ts"];
    const folders = foldersOf(files, (folder) => folder.startsWith("main/networks"), ["main/store"]);
    const named = "main/store/**/*.test.{ts,tsx}";
    expect(folders).toEqual([
      { name: "main/networks/xmpp", files: [files[1]], tests: ["main/networks/xmpp/*.test.{ts,tsx}", named] },
      { name: "main/networks/xmpp/sasl", files: [files[0]], tests: ["main/networks/xmpp/sasl/*.test.{ts,tsx}", named] },
      { name: "main/settings/deep", files: [files[2]], tests: roomsOf(files, ["main/store"]).at(-1)?.tests },
    ]);
  });

  it("knows a mutant again by all that tells it from another", () => {
    const one = mutant("a.ts", 1);
    expect(isSame(one, mutant("a.ts", 1))).toBe(true);
    for (const part of [{ file: "b.ts" }, { line: 2 }, { column: 3 }, { mutator: "Regex" }, { replacement: "true" }])
      expect(isSame(one, { ...one, ...part })).toBe(false);
  });

  it("has tests for every room of the checkout, under each of the globs that name them", () => {
    const files = globSync("{main,shared,renderer,build/mutation}/**/*.{ts,tsx}", { cwd: root });
    const rooms = roomsOf(files.map((file) => file.split(sep).join("/")));
    expect(rooms.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...Object.keys(testedElsewhere), ...Object.keys(testedOnlyElsewhere)]),
    );
    const globs = new Set(rooms.flatMap(({ tests }) => tests));
    const empty: string[] = [];
    for (const tests of globs) if (globSync(tests, { cwd: root }).length === 0) empty.push(tests);
    expect(empty).toEqual([]);
  });

  it("draws the same sample for the same seed, of every folder as many", () => {
    const all = ["main/a/x.ts", "main/a/y.ts", "main/b/z.ts"].flatMap((file) =>
      Array.from({ length: 30 }, (_, line) => mutant(file, line)),
    );
    const drawn = sample(all, 10, "1");
    expect(drawn.filter(({ file }) => file.startsWith("main/a/"))).toHaveLength(10);
    expect(drawn.filter(({ file }) => file.startsWith("main/b/"))).toHaveLength(10);
    expect(sample([...all].reverse(), 10, "1")).toEqual(drawn);
    expect(sample(all, 10, "2")).not.toEqual(drawn);
    expect(sample(all, 1_000, "1")).toHaveLength(all.length);
  });

  it("knows an equivalent mutant by the text of its line", () => {
    const listed = [
      {
        file: "a.ts",
        line: "const here = true;",
        mutator: "BooleanLiteral",
        replacement: "false",
        reason: "nobody reads it",
      },
    ];
    const text = "// first\n  const here = true;\n  const there = true;\n";
    expect(findEquivalent(listed, mutant("a.ts", 1), text)?.reason).toBe("nobody reads it");
    expect(findEquivalent(listed, mutant("a.ts", 2), text)).toBeUndefined();
    expect(findEquivalent(listed, mutant("b.ts", 1), text)).toBeUndefined();
    expect(findEquivalent(listed, { ...mutant("a.ts", 1), replacement: "undefined" }, text)).toBeUndefined();
  });

  it("has a list of equivalent mutants that gives a reason for each", () => {
    expect(() => readEquivalents()).not.toThrow();
  });

  it("lists equivalent mutants only of lines that stand in the sources", () => {
    for (const { file, line } of readEquivalents()) {
      const lines = readFileSync(join(root, file), "utf8").split("\n");
      expect(lines.map((text) => text.trim())).toContain(line);
    }
  });

  it("says of a mutant that no test noticed it, and nothing of one that was noticed", () => {
    const result = {
      fileName: join(process.cwd(), "main/a.ts"),
      location: { start: { line: 3, column: 7 }, end: { line: 3, column: 9 } },
      mutatorName: "BooleanLiteral",
      replacement: "false",
    };
    expect(missedLine({ ...result, status: "Survived" })).toBe("main/a.ts:3:7  Survived  BooleanLiteral -> false");
    expect(missedLine({ ...result, status: "NoCoverage" })).toContain("main/a.ts:3:7  NoCoverage");
    expect(missedLine({ ...result, status: "Killed" })).toBeUndefined();
    expect(missedLine({ ...result, status: "Timeout" })).toBeUndefined();
  });

  it("leaves out the text of errors and of the log, and no other text", () => {
    const node = { type: "StringLiteral" };
    expect(reasonToIgnore({ node, parent: { type: "NewExpression", callee: { name: "RangeError" } } })).toBeDefined();
    expect(
      reasonToIgnore({ node, parent: { type: "CallExpression", callee: { property: { name: "warn" } } } }),
    ).toBeDefined();
    expect(reasonToIgnore({ node, parent: { type: "CallExpression", callee: { name: "send" } } })).toBeUndefined();
    expect(
      reasonToIgnore({
        node: { type: "BooleanLiteral" },
        parent: { type: "NewExpression", callee: { name: "RangeError" } },
      }),
    ).toBeUndefined();
  });

  it("puts a mutant where it belongs", () => {
    expect(
      withMutant("one\ntwo(three)\nfour", { start: { line: 1, column: 4 }, end: { line: 1, column: 9 } }, "3"),
    ).toBe("one\ntwo(3)\nfour");
  });

  it("asks the compiler about one mutant of each file at a time, and alone about those that it may refuse", () => {
    const bad = new Set(["a2", "c1", "d1"]);
    const asked: string[] = [];
    const mutants = ["a1", "a2", "b1", "c1", "d1"].map((name) => ({ name, file: name.slice(0, 1) }));
    const refused = refusedOf(mutants, (together) => {
      asked.push(together.map(({ name }) => name).join(" "));
      // What is wrong with d shows where it is used.
      const files = together.filter(({ name }) => bad.has(name)).map(({ file }) => (file === "d" ? "e" : file));
      return new Set(files);
    });
    expect([...refused].map(({ name }) => name)).toEqual(["c1", "d1", "a2"]);
    expect(asked).toEqual(["a1 b1 c1 d1", "a1", "b1", "c1", "d1", "a2"]);
    const calm = refusedOf(mutants.slice(0, 4), (together) => {
      asked.push(together.map(({ name }) => name).join(" "));
      return new Set(together.filter(({ name }) => bad.has(name)).map(({ file }) => file));
    });
    expect([...calm].map(({ name }) => name)).toEqual(["c1", "a2"]);
    expect(asked.slice(6)).toEqual(["a1 b1 c1", "c1", "a2"]);
  });

  it("counts what was noticed in each folder, and marks where it was too little", () => {
    const judged = (folder: string, noticed: number, survived: number) =>
      Array.from({ length: noticed + survived }, (_, i) => ({
        file: `${folder}/x.ts`,
        fate: i < noticed ? ("noticed" as const) : ("survived" as const),
      }));
    const rows = figures(
      [
        ...judged("main/a", 17, 3),
        ...judged("main/b", 16, 4),
        { file: "main/b/x.ts", fate: "no coverage" },
        { file: "main/b/x.ts", fate: "types" },
      ],
      [{ file: "main/c/x.ts" }],
    );
    expect(rows.map(({ folder, share, equivalent }) => [folder, share, equivalent])).toEqual([
      ["main/a", 0.85, 0],
      ["main/b", 16 / 21, 0],
      ["main/c", 1, 1],
    ]);
    const lines = table(rows).split("\n");
    expect(lines[1]).toMatch(/main\/a .* 85 %$/);
    expect(lines[2]).toMatch(/main\/b .* 76 % \(too few\)$/);
  });
});
