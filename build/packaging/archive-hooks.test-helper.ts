import fs from "node:fs";
import { isBuiltin, registerHooks, syncBuiltinESMExports } from "node:module";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import workers, { type WorkerOptions } from "node:worker_threads";
import { Archive } from "./archive.ts";

/**
 * Lets plain Node run a program from an `app.asar`, as Electron does: `fs`, `require`, `import` and threads read from
 * the archive, and native code comes from the folder beside it. Loaded before the program (`--import`);
 * HALLWAY_TEST_ARCHIVE is the archive, or a folder with the same files, which needs no help. `electron` is the stand-in
 * of electron-runtime.test-helper.ts.
 */
const place = process.env["HALLWAY_TEST_ARCHIVE"] ?? "";
const archive = fs.statSync(place).isFile() ? new Archive(place) : undefined;
const electronUrl = new URL("electron-runtime.test-helper.ts", import.meta.url).href;

/** Path within the archive; `""` is its root, undefined elsewhere. */
function inside(path: unknown): string | undefined {
  const text = path instanceof URL ? fileURLToPath(path) : path;
  if (archive === undefined || typeof text !== "string") return undefined;
  const full = resolve(text);
  return full === place || full.startsWith(place + sep) ? relative(place, full) : undefined;
}

function missing(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`ENOENT: no such file in the archive, ${path}`), { code: "ENOENT" });
}

function readFile(path: string, options: unknown): Buffer | string {
  const bytes = archive?.read(path);
  if (bytes === undefined) throw missing(path);
  const encoding =
    typeof options === "string" ? options : (options as { encoding?: BufferEncoding } | undefined)?.encoding;
  return encoding ? bytes.toString(encoding as BufferEncoding) : bytes;
}

/** As much of `fs.Stats` as programs ask for. */
function statOf(path: string): object {
  const size = archive?.size(path);
  if (size === undefined && archive?.list(path) === undefined) throw missing(path);
  return { size: size ?? 0, isFile: () => size !== undefined, isDirectory: () => size === undefined, mtimeMs: 0 };
}

function readFolder(path: string, options: unknown): unknown[] {
  const names = archive?.list(path);
  if (names === undefined) throw missing(path);
  if ((options as { withFileTypes?: boolean } | undefined)?.withFileTypes !== true) return [...names];
  return names.map((name) => ({ name, parentPath: join(place, path), ...statOf(join(path, name)) }));
}

function exists(path: string): boolean {
  return archive?.size(path) !== undefined || archive?.list(path) !== undefined;
}

/** Puts ours before a function of Node's for paths in the archive. */
function within<K extends string>(
  module: Record<K, unknown>,
  name: K,
  ours: (path: string, options: unknown) => unknown,
): void {
  const original = module[name] as (...args: unknown[]) => unknown;
  module[name] = (...args: unknown[]) => {
    const path = inside(args[0]);
    return path === undefined ? original.apply(module, args) : ours(path, args[1]);
  };
}

within(fs, "readFileSync", readFile);
within(fs, "readdirSync", readFolder);
within(fs, "statSync", statOf);
within(fs, "lstatSync", statOf);
within(fs, "existsSync", exists);
within(fs.promises, "readFile", async (path, options) => readFile(path, options));
within(fs.promises, "readdir", async (path, options) => readFolder(path, options));
within(fs.promises, "stat", async (path) => statOf(path));

/** In Electron every thread knows archives. */
workers.Worker = class extends workers.Worker {
  constructor(file: string | URL, options: WorkerOptions = {}) {
    const execArgv = [...(options.execArgv ?? []), "--import", import.meta.url];
    super(file, options.eval ? options : { ...options, execArgv });
  }
};
syncBuiltinESMExports();

/** Path of a package's entry: what `exports` says for this way of loading, else `main`. */
function packageEntry(path: string, way: "import" | "require"): string {
  const about = JSON.parse(readFile(join(path, "package.json"), "utf8") as string) as {
    readonly main?: string;
    readonly exports?: Readonly<Record<string, string>>;
  };
  return join(path, about.exports?.[way] ?? about.main ?? "index.js");
}

/** The file that a name in a module of the archive stands for; undefined: none in the archive. */
function locate(name: string, from: string | undefined, way: "import" | "require"): string | undefined {
  const parent = from?.startsWith("file:") ? inside(fileURLToPath(from)) : undefined;
  const full = name.startsWith("file:") ? fileURLToPath(name) : name;
  if (full.startsWith(sep)) return firstFile(inside(full));
  if (parent === undefined) return undefined;
  if (full.startsWith(".")) return firstFile(join(dirname(parent), full));
  for (let folder = dirname(parent); ; folder = dirname(folder)) {
    const path = join(folder, "node_modules", full);
    if (exists(join(path, "package.json"))) return firstFile(packageEntry(path, way));
    if (folder === ".") return undefined;
  }
}

function firstFile(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  return [path, `${path}.js`, join(path, "index.js")].find((each) => archive?.size(each) !== undefined);
}

function isModule(path: string): boolean {
  if (extname(path) !== ".js") return extname(path) === ".mjs";
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const about = archive?.read(join(folder, "package.json"));
    if (about !== undefined) return (JSON.parse(about.toString()) as { readonly type?: string }).type === "module";
    if (folder === ".") return false;
  }
}

registerHooks({
  resolve(name, context, next) {
    if (name === "electron") return { url: electronUrl, shortCircuit: true };
    if (isBuiltin(name)) return next(name, context);
    const way = context.conditions.includes("require") ? "require" : "import";
    const path = locate(name, context.parentURL, way);
    if (path === undefined) return next(name, context);
    // Electron loads native code from beside the archive, whatever it was asked for.
    const at = archive?.isUnpacked(path) ? `${place}.unpacked` : place;
    return { url: pathToFileURL(join(at, path)).href, shortCircuit: true };
  },
  load(url, context, next) {
    const path = url.startsWith("file:") ? inside(fileURLToPath(url)) : undefined;
    if (path === undefined) return next(url, context);
    const format = extname(path) === ".json" ? "json" : isModule(path) ? "module" : "commonjs";
    return { format, source: readFile(path, undefined), shortCircuit: true };
  },
});
