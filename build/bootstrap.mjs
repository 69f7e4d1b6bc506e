// The way into every script of package.json. It runs on the Node that the machine has (20 or newer) and uses nothing
// but Node itself: it puts the npm packages in place, then hands over to the Node that came with them.
//
//   node build/bootstrap.mjs <command> [arguments]
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const lockFile = join(root, "package-lock.json");
const marker = join(root, "node_modules/.package-lock.json");
const stampFile = join(root, "node_modules/.hallway-lock");
const busyFile = join(root, ".cache/bootstrap.lock");
/** How old a lock may get before its owner is taken for dead, and how long is waited for one, in milliseconds. */
const staleLock = 15 * 60_000;

/**
 * Script that a command runs, and the purpose of build/setup.mjs that must be met before.
 * @type {Readonly<Record<string, { readonly script: string, readonly purpose: "demo" | "test" | undefined }>>}
 */
export const commands = {
  start: { script: "build/launch.ts", purpose: undefined },
  demo: { script: "e2e/demo/demo.ts", purpose: "demo" },
  test: { script: "build/test.ts", purpose: "test" },
  bench: { script: "bench/bench.ts", purpose: "demo" },
  mutation: { script: "build/mutation/mutation.ts", purpose: "test" },
  soak: { script: "bench/soak/soak.ts", purpose: "demo" },
};

/**
 * True: what is installed is what package-lock.json says: npm wrote its own record after the lock file was changed, or
 * we installed exactly this lock file (a checkout touches it without changing it).
 */
async function packagesFresh() {
  try {
    const [wanted, installed] = await Promise.all([stat(lockFile), stat(marker)]);
    if (!existsSync(nodePath())) return false;
    return installed.mtimeMs >= wanted.mtimeMs || (await readFile(stampFile, "utf8")) === (await lockDigest());
  } catch {
    return false;
  }
}

async function lockDigest() {
  return createHash("sha256")
    .update(await readFile(lockFile))
    .digest("hex");
}

/** The Node that is one of our packages. */
function nodePath() {
  return join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
}

/** Takes the lock, waiting for another bootstrap that holds it. Answers the release. */
async function takeLock() {
  await mkdir(join(root, ".cache"), { recursive: true });
  const until = Date.now() + staleLock;
  for (let told = false; ; told = true) {
    try {
      const handle = await open(busyFile, "wx");
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => rm(busyFile, { force: true });
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
    if (await lockIsDead()) await rm(busyFile, { force: true });
    else if (Date.now() > until)
      throw new Error(`Another installation holds ${busyFile} for too long; delete it if none is running.`);
    else {
      if (!told) console.log("Another installation of the packages is running; waiting for it.");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function hasCode(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}

async function lockIsDead() {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(busyFile, "utf8"), stat(busyFile)]);
    if (Date.now() - mtimeMs > staleLock) return true;
    // Just made and not written yet: alive.
    if (text === "") return false;
    process.kill(Number(text), 0);
    return false;
  } catch (error) {
    return hasCode(error, "ESRCH");
  }
}

/** Installs the npm packages when they are missing or older than the lock file. */
async function ensurePackages() {
  if (await packagesFresh()) return;
  const release = await takeLock();
  try {
    // Whoever held the lock before may have done it.
    if (await packagesFresh()) return;
    console.log("Installing the npm packages...");
    // Exactly what package-lock.json names, and nothing is written to it. (`npm ci` would refuse a lock file that does
    // not list every other platform's optional packages, which npm cannot list where a registry does not carry them
    // all.) No package's install script runs but that of `node`, which fetches the Node 24 that everything here runs
    // on; newer npm would take that from allowScripts in package.json, older npm does not know it.
    npm(["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    npm(["rebuild", "node", "--loglevel=error"]);
    await writeFile(stampFile, await lockDigest());
    if (!existsSync(nodePath()))
      throw new Error(
        "The package `node` did not bring its program; its install script must be allowed (see allowScripts in package.json).",
      );
  } finally {
    await release();
  }
}

/** @param {readonly string[]} args */
function npm(args) {
  // npm's own script when npm started us: no shell is needed then, on Windows either.
  const script = process.env.npm_execpath;
  const direct = script?.endsWith(".js") === true;
  const { status, error } = spawnSync(direct ? process.execPath : "npm", direct ? [script, ...args] : args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: !direct && process.platform === "win32",
  });
  if (error !== undefined || status !== 0)
    throw new Error(`npm ${args.join(" ")} failed${error ? `: ${error.message}` : ""}.`);
}

/** @param {readonly string[]} args */
async function main([command = "", ...rest]) {
  const plan = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (plan === undefined) {
    console.error(`Say one of: ${Object.keys(commands).join(", ")}.`);
    return 2;
  }
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) {
    console.error(`Hallway's scripts need Node 20 or newer; this is ${process.versions.node}.`);
    return 1;
  }
  await ensurePackages();
  if (plan.purpose !== undefined) {
    const { ensureSystem } = await import("./setup.mjs");
    if (!(await ensureSystem(plan.purpose))) return 1;
  }
  if (!existsSync(join(root, plan.script))) {
    console.error(`${plan.script} is not there.`);
    return 1;
  }
  return handOver(plan.script, rest);
}

/**
 * Runs the script under our Node, in the foreground; signals go through.
 * @param {string} script
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
function handOver(script, args) {
  const child = spawn(nodePath(), ["--disable-warning=ExperimentalWarning", join(root, script), ...args], {
    cwd: root,
    stdio: "inherit",
    env: childEnvironment(),
  });
  // Ctrl+C reaches the child from the terminal; we only outlive it. What is sent to us alone is passed on.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  return new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 130 : 1)));
  });
}

/** Our Node first in PATH, so that whatever the script starts by name is the same one. */
function childEnvironment() {
  const separator = process.platform === "win32" ? ";" : ":";
  const folders = [join(root, "node_modules/node/bin"), join(root, "node_modules/.bin")];
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  return { ...process.env, [name]: [...folders, process.env[name] ?? ""].join(separator) };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
