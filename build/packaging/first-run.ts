import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { root } from "../root.ts";
import { Archive } from "./archive.ts";

/**
 * `npm run first-run [-- FOLDER]`: what a machine can check of a packaged program with a real runtime, before a person
 * goes through docs/first-run.md. FOLDER: what `npm run package -- --dir` made; else it is looked for.
 */

const run = promisify(execFile);

/** Where the parts of a packaged program lie. */
interface Program {
  readonly executable: string;
  readonly archive: string;
}

/** The program in a folder of electron-builder's, on any system; undefined: there is none. */
export function findProgram(folder: string): Program | undefined {
  const places = [
    { executable: "hallway", archive: "resources/app.asar" },
    { executable: "Hallway.exe", archive: "resources/app.asar" },
    { executable: "Hallway.app/Contents/MacOS/Hallway", archive: "Hallway.app/Contents/Resources/app.asar" },
  ];
  return places
    .map(({ executable, archive }) => ({ executable: join(folder, executable), archive: join(folder, archive) }))
    .find(({ executable, archive }) => existsSync(executable) && existsSync(archive));
}

/** Checks of a program, by what they show; each throws where it is not so. */
export const checks: Readonly<Record<string, (program: Program) => Promise<void>>> = {
  "every file of the archive is what its header says": async ({ archive }) => {
    const opened = new Archive(archive);
    for (const path of opened.files) opened.read(path);
  },
  "native code, and nothing else, lies beside the archive": async ({ archive }) => {
    const beside = await readdir(`${archive}.unpacked`, { recursive: true, withFileTypes: true });
    const files = beside.filter((entry) => entry.isFile()).map(({ name }) => name);
    const others = files.filter((name) => !name.endsWith(".node"));
    if (files.length < 2 || others.length > 0) throw new Error(`beside the archive: ${files.join(", ") || "nothing"}`);
  },
  "Electron's fuses are as they are configured": async ({ executable }) => {
    const config: { readonly electronFuses: Readonly<Record<string, boolean>> } = createRequire(import.meta.url)(
      "../electron-builder.config.cjs",
    );
    const wire = await getCurrentFuseWire(executable);
    for (const [name, value] of Object.entries(config.electronFuses)) {
      const option = FuseV1Options[`${name[0]?.toUpperCase()}${name.slice(1)}` as keyof typeof FuseV1Options];
      // The signature of a Mac's program is a step of its own.
      if (option === undefined) continue;
      if (wire[option] !== (value ? 0x31 : 0x30)) throw new Error(`${name} should be ${value}`);
    }
  },
  "the program says its version, and opens no window": async ({ executable }) => {
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    const { stdout } = await run(executable, ["--version"], { timeout: 30_000 });
    if (stdout.trim() !== `Hallway ${version}`) throw new Error(`it said ${stdout.trim() || "nothing"}`);
  },
  "the program reads this computer's policy": async ({ executable }) => {
    const { stdout } = await run(executable, ["policy", "show", "--json"], { timeout: 30_000 });
    if (JSON.parse(stdout).complete !== true) throw new Error("some of the policy cannot be used");
  },
  "the program refuses a debugger": async ({ executable }) => {
    const status = await run(executable, ["--version", "--remote-debugging-port=9222"], { timeout: 30_000 }).then(
      () => 0,
      (error: { readonly code?: unknown }) => error.code,
    );
    if (status === 0) throw new Error("it started");
  },
};

async function main([folder = defaultFolder()]: readonly string[]): Promise<number> {
  const program = findProgram(folder);
  if (program === undefined) {
    console.error(`There is no packaged program in ${folder}: npm run package -- --dir makes one.`);
    return 2;
  }
  let failed = 0;
  for (const [what, check] of Object.entries(checks)) {
    const why = await check(program).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (why !== undefined) failed++;
    console.log(why === undefined ? `ok      ${what}` : `NOT OK  ${what}: ${why}`);
  }
  console.log("What only a person sees is in docs/first-run.md.");
  return failed === 0 ? 0 : 1;
}

function defaultFolder(): string {
  const names = { linux: "linux", win32: "win", darwin: "mac" } as Readonly<Record<string, string>>;
  const arch = process.arch === "arm64" ? "-arm64" : "";
  const name = `${names[process.platform] ?? "linux"}${arch}`;
  return join(root, ".cache/package", process.platform === "darwin" ? name : `${name}-unpacked`);
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
