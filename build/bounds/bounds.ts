import { spawn } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../root.ts";
import { type Bound, findBounds } from "./find-bounds.ts";

/**
 * `npm run bounds`: lists every bound of the program. `npm run bounds -- --try [WORD]` shows which tests notice that a
 * bound (whose file or name has the word in it) is one more or one less: in a copy of the checkout each is changed, and
 * the tests near it are run. A bound that no test reaches from both sides can be lost without a sound. The exit status
 * is 1 where one is not noticed.
 */

const copy = join(root, ".cache/bounds");
const vitest = join(root, "node_modules/vitest/vitest.mjs");

/** A fresh copy of the sources, with the packages of this checkout. */
function makeCopy(): void {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const name of ["build", "main", "renderer", "shared", "package.json", "package-lock.json", "tsconfig.json"])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  for (const name of ["e2e", "bench", "docs"]) symlinkSync(join(root, name), join(copy, name));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
}

/**
 * Tests near a file: those of its own name, those of bounds, and those beside it; then those of the folders around it.
 */
function testsNear(file: string): readonly string[] {
  const own = basename(file).replace(/\.tsx?$/, "");
  const folders: string[] = [];
  for (let folder = dirname(file); folder !== "."; folder = dirname(folder)) folders.push(folder);
  const near = folders.flatMap((folder) => globSync(`${folder}/*.test.{ts,tsx}`, { cwd: root }).sort());
  const isNearest = (test: string): boolean =>
    basename(test).startsWith(`${own}.test`) || basename(test).startsWith("bounds.test");
  const nearest = near.filter(isNearest);
  return [
    ...nearest,
    ...near.filter((test) => !isNearest(test) && dirname(test) === dirname(file) && !test.includes("crash.test")),
  ];
}

/** Tests that use the bound by its name must not move with it. */
async function pinned(bound: Bound, tests: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const naming = new RegExp(`(?<![.\\w])${bound.name}\\b(?!:)`, "g");
  for (const test of tests) {
    const text = readFileSync(join(root, test), "utf8");
    if (bound.name.includes(".") || !naming.test(text)) continue;
    const module = (await import(pathToFileURL(join(root, bound.file)).href)) as Readonly<Record<string, unknown>>;
    const lines = text
      .split("\n")
      .map((line) => (/^import|^\} from/.test(line) ? line : line.replace(naming, `(${String(module[bound.name])})`)));
    texts.set(test, lines.join("\n"));
  }
  return texts;
}

/** Whether the tests fail with the bound so much larger. */
async function isNoticed(bound: Bound, change: string, tests: readonly string[]): Promise<boolean> {
  const text = readFileSync(join(root, bound.file), "utf8");
  const edits = new Map([
    ...(await pinned(bound, tests)),
    [bound.file, `${text.slice(0, bound.at)}((${bound.value}) ${change})${text.slice(bound.at + bound.value.length)}`],
  ]);
  try {
    for (const [file, changed] of edits) writeFileSync(join(copy, file), changed);
    return (await runTests(tests)) !== 0;
  } finally {
    for (const file of edits.keys()) cpSync(join(root, file), join(copy, file));
  }
}

function runTests(tests: readonly string[]): Promise<number> {
  const args = [vitest, "run", "--config", "build/vitest.config.ts", "--bail=1", "--maxWorkers=1", ...tests];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: "ignore" });
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

async function tryAll(bounds: readonly Bound[]): Promise<boolean> {
  makeCopy();
  let all = true;
  for (const bound of bounds) {
    const tests = testsNear(bound.file).filter((test) => existsSync(join(root, test)));
    const missing: string[] = [];
    for (const change of ["+ 1", "- 1"])
      if (tests.length === 0 || !(await isNoticed(bound, change, tests))) missing.push(change);
    if (missing.length > 0) all = false;
    console.log(
      `${missing.length === 0 ? "noticed    " : `NOT NOTICED ${missing.join(", ")}`} ${bound.file}:${bound.line} ${bound.name} = ${bound.value}`,
    );
  }
  return all;
}

const [option, word = ""] = process.argv.slice(2);
const bounds = (await findBounds(root)).filter(({ file, name }) =>
  `${file} ${name}`.includes(option === "--try" ? word : (option ?? "")),
);
if (option === "--try") process.exitCode = (await tryAll(bounds)) ? 0 : 1;
else {
  for (const { file, line, name, value } of bounds) console.log(`${file}:${line} ${name} = ${value}`);
  console.log(`${bounds.length} bounds`);
}
