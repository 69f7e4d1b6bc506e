import { spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { expect, it } from "vitest";
import { optionsOf } from "./bundle.ts";
import { root } from "./root.ts";

/** Sources that are loaded with the entry, before anything in it runs. */
function loadedAtOnce({ outputs }: Metafile): Set<string> {
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === "main/main.ts");
  const chunks = new Set<string>();
  const visit = (path: string | undefined): void => {
    if (path === undefined || chunks.has(path)) return;
    chunks.add(path);
    for (const { path: other, kind } of outputs[path]?.imports ?? []) if (kind === "import-statement") visit(other);
  };
  visit(entry);
  return new Set([...chunks].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {})));
}

it("loads little before the browser is started, and the program after it", async () => {
  const { metafile } = await build({ ...optionsOf("main"), write: false, metafile: true });
  const early = loadedAtOnce(metafile);
  expect(early).toContain("main/host/chromium/launch.ts");
  for (const late of [
    "main/app/app.ts",
    "main/cli/commands.ts",
    "main/host/chromium/create.ts",
    "shared/words/words.ts",
  ]) {
    expect(Object.keys(metafile.inputs)).toContain(late);
    expect(early).not.toContain(late);
  }
  const size = Object.values(metafile.inputs).length;
  expect(early.size).toBeLessThan(size / 10);
});

it("does not load Node's HTTP, which only some connections need, with the program", () => {
  const script = `await import(${JSON.stringify(join(root, "main/app/chromium-program.ts"))}); console.log(process.moduleLoadList.join());`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(stdout.split(","), stderr).toContain("NativeModule net");
  expect(stdout.split(",").filter((name) => /^NativeModule _?http/.test(name))).toEqual([]);
});

it("finds its version from the bundle, which stands elsewhere than its sources", async () => {
  await mkdir(join(root, ".cache"), { recursive: true });
  const folder = await mkdtemp(join(root, ".cache/entry-"));
  try {
    await build({ ...optionsOf("main"), outdir: join(folder, "dist") });
    await copyFile(join(root, "package.json"), join(folder, "package.json"));
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [join(folder, "dist/main.mjs"), ...args], { encoding: "utf8" });
    expect(run("--version")).toMatchObject({ status: 0, stdout: `Hallway ${version}\n`, stderr: "" });
    expect(run("export", "verify", "--help")).toMatchObject({ status: 0, stderr: "" });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
