import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { extractAll } from "@electron/asar";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleIfStale, productParts } from "../bundle.ts";
import { patience } from "../patience.ts";
import { root } from "../root.ts";
import { Archive } from "./archive.ts";
import { checks, findProgram } from "./first-run.ts";
import { makeSyntheticRuntime } from "./synthetic-runtime.test-helper.ts";

const run = promisify(execFile);
let folder: string;
let app: string;
let archive: Archive;

/** electron-builder's own way to the program's folder, around a runtime that is none. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-unpacked-"));
  await bundleIfStale(productParts);
  await makeSyntheticRuntime(folder);
  const what = ["--config", "build/electron-builder.config.cjs", "--publish", "never", "--linux", "dir", "--x64"];
  const where = [
    `--config.electronDist=${join(folder, "runtime")}`,
    `--config.directories.output=${join(folder, "out")}`,
  ];
  await run(process.execPath, [join(root, "node_modules/electron-builder/cli.js"), ...what, ...where], { cwd: root });
  app = join(folder, "out/linux-unpacked");
  archive = new Archive(join(app, "resources/app.asar"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A helper of this folder in a process of its own, with the program in an archive or a folder. */
async function runHelper(name: string, place: string, args: readonly string[] = []): Promise<string> {
  const home = join(folder, `home-${name}-${relative(folder, place).replaceAll("/", "-")}`);
  await mkdir(join(home, "export"), { recursive: true });
  const hooks = join(root, "build/packaging/archive-hooks.test-helper.ts");
  const { stdout } = await run(process.execPath, ["--import", hooks, join(root, "build/packaging", name), ...args], {
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      HALLWAY_TEST_ARCHIVE: place,
      HALLWAY_TEST_EXPORT: join(home, "export"),
      // No secret store: the program asks for a passphrase.
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(home, "no-bus")}`,
      LANG: "C.UTF-8",
    },
    timeout: 3 * patience,
  });
  return stdout;
}

describe("the folder that an installer carries", () => {
  it("holds the bundles, the native packages, and nothing else", async () => {
    const native = [
      "node_modules/@signalapp/sqlcipher/prebuilds/linux-x64/@signalapp+sqlcipher.node",
      "node_modules/keytar/prebuilds/linux-x64/keytar.node",
    ];
    const inFolder = async (name: string): Promise<readonly string[]> =>
      (await readdir(join(root, "dist", name))).map((file) => `${name}/${file}`);
    const bundled = (await inFolder("electron")).filter((name) => !name.endsWith(".LEGAL.txt"));
    const pages = (await inFolder("renderer")).filter((name) => !name.endsWith(".LEGAL.txt"));
    for (const name of ["electron/main.cjs", "electron/preload.cjs"]) expect(bundled).toContain(name);
    for (const name of ["renderer/index.html", "renderer/main.js"]) expect(pages).toContain(name);
    const dist = [...bundled, ...pages, "export-worker.mjs", "history-worker.mjs"].map((name) => `dist/${name}`);
    const loaders = [
      "@signalapp/sqlcipher/dist/index.cjs",
      "@signalapp/sqlcipher/dist/index.mjs",
      "@signalapp/sqlcipher/package.json",
      "keytar/lib/keytar.js",
      "keytar/package.json",
      "node-gyp-build/index.js",
      "node-gyp-build/node-gyp-build.js",
      "node-gyp-build/package.json",
    ].map((name) => `node_modules/${name}`);
    const shipped = archive.files.filter((path) => !path.endsWith(".LEGAL.txt"));
    expect(shipped).toEqual([...dist, ...loaders, ...native, "LICENSE", "package.json"].sort());
    expect(shipped.filter((path) => archive.isUnpacked(path))).toEqual(native);
    const beside = await readdir(`${archive.path}.unpacked`, { recursive: true, withFileTypes: true });
    const files = beside.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.map((path) => relative(`${archive.path}.unpacked`, path)).sort()).toEqual(native);
  });

  it("passes the checks of the first run that need no runtime, and fails them where something is wrong", async () => {
    const [hashes, beside, fuses] = Object.values(checks);
    const program = findProgram(app);
    if (program === undefined) throw new Error("no program was made");
    for (const check of [hashes, beside, fuses]) await check?.(program);
    const asShipped = { executable: join(folder, "runtime/electron"), archive: join(folder, "damaged.asar") };
    await damage(archive, asShipped.archive);
    await expect(fuses?.(asShipped)).rejects.toThrow("runAsNode should be false");
    await expect(hashes?.(asShipped)).rejects.toThrow("not what the archive's header says");
    await expect(beside?.(asShipped)).rejects.toThrow("loader.js");
  });

  it("holds the bundles as they were made", async () => {
    for (const path of ["dist/history-worker.mjs", "dist/electron/main.cjs", "dist/renderer/main.js"])
      expect(archive.read(path)?.equals(await readFile(join(root, path))), path).toBe(true);
  });
});

/** One bit of one file in it is another, and a file lies beside it that should not. */
async function damage({ path }: Archive, to: string): Promise<void> {
  const bytes = await readFile(path);
  const at = bytes.length - 100;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(to, bytes);
  await cp(`${path}.unpacked`, `${to}.unpacked`, { recursive: true });
  await writeFile(`${to}.unpacked/loader.js`, "");
}

describe.each(["packed", "extracted"])("the program from its archive, %s", (how) => {
  let place: string;
  beforeAll(async () => {
    place = join(folder, how, "app.asar");
    if (how === "packed") await cp(join(app, "resources"), join(folder, how), { recursive: true });
    else extractAll(archive.path, place);
  });

  it("says what policy is in force", async () => {
    expect(await runHelper("run-archive.test-helper.ts", place, ["policy", "show"])).toContain("polic");
  });

  it("opens its window, and starts the threads of the databases and of an export", async () => {
    const said = await runHelper("window-program.test-helper.ts", place);
    expect(JSON.parse(said)).toEqual({
      page: 200,
      url: "app://hallway/",
      vault: { kind: "reply", id: 1, ok: true, result: {} },
      exported: { kind: "reply", id: 2, ok: true, result: { started: true } },
      end: "done",
    });
  });
});
