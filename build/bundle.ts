import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { inlineSaslprep } from "./inline-saslprep.ts";
import { root } from "./root.ts";

/** Parts of the program that are bundled on their own. `e2e` is the tests' entry and goes to .cache, not to dist. */
export type Part = "main" | "worker" | "export-worker" | "electron-main" | "preload" | "renderer" | "e2e";

/** Parts that `npm start` needs. */
export const productParts: readonly Part[] = [
  "main",
  "worker",
  "export-worker",
  "electron-main",
  "preload",
  "renderer",
];
/** Parts that the end-to-end tests and the demo need. */
export const testParts: readonly Part[] = ["worker", "export-worker", "renderer", "e2e"];

/** Packages with native code; they stay in node_modules and are loaded from there. */
export const nativePackages = ["@signalapp/sqlcipher", "keytar", "native-reg"];

/** Bundled CommonJS packages call `require`, which an ES module does not have. */
const requireBanner = {
  js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
};

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  charset: "utf8",
  legalComments: "linked",
  metafile: true,
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
};

/**
 * Node keeps the text of a bundle as long as it runs: without comments and spaces, and in ASCII, of which a character
 * takes one byte (a single one beyond Latin-1 makes it two for all of them). Names stay, so that a stack trace can be
 * read.
 */
const node: BuildOptions = {
  ...common,
  platform: "node",
  target: "node24",
  format: "esm",
  charset: "ascii",
  minifyWhitespace: true,
  minifySyntax: true,
  banner: requireBanner,
  external: nativePackages,
  plugins: [inlineSaslprep],
};

const plans: Readonly<
  Record<Part, BuildOptions & { readonly entryPoints: readonly [string]; readonly outfile: string }>
> = {
  main: { ...node, entryPoints: ["main/main.ts"], outfile: "dist/main.mjs", splitting: true },
  worker: { ...node, entryPoints: ["main/app/database-thread.ts"], outfile: "dist/history-worker.mjs" },
  "export-worker": { ...node, entryPoints: ["main/record/export/worker.ts"], outfile: "dist/export-worker.mjs" },
  "electron-main": {
    ...node,
    format: "cjs",
    banner: {},
    external: [...nativePackages, "electron"],
    define: { ...common.define, "import.meta.url": "__moduleUrl" },
    // CommonJS has no import.meta; modules that ask for their own URL get the bundle's.
    inject: ["build/module-url.ts"],
    entryPoints: ["main/main-electron.ts"],
    outfile: "dist/electron/main.cjs",
  },
  preload: {
    ...node,
    format: "cjs",
    banner: {},
    external: ["electron"],
    entryPoints: ["main/host/electron/preload.ts"],
    outfile: "dist/electron/preload.cjs",
  },
  renderer: {
    ...common,
    platform: "browser",
    target: ["chrome120"],
    format: "iife",
    minify: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".svg": "text" },
    entryPoints: ["renderer/main.tsx"],
    outfile: "dist/renderer/main.js",
  },
  e2e: { ...node, entryPoints: ["e2e/app/main.ts"], outfile: ".cache/e2e/main.mjs", splitting: true },
};

/** Files that lie beside a bundle as they are: source and name there. */
const companions: Readonly<Partial<Record<Part, readonly (readonly [string, string])[]>>> = {
  renderer: [
    ["renderer/index.html", "index.html"],
    ["build/icons/hallway.svg", "icon.svg"],
    ["build/icons/hallway.png", "icon.png"],
  ],
  "electron-main": [
    ["build/icons/tray.png", "tray.png"],
    ["build/icons/trayTemplate.png", "trayTemplate.png"],
    ["build/icons/trayTemplate@2x.png", "trayTemplate@2x.png"],
    ["build/icons/unread.png", "unread.png"],
    ["build/icons/hallway.png", "icon.png"],
  ],
};

/** Inputs of a built part: path -> size and time of change. */
type Inputs = Readonly<Record<string, string>>;

/** Files that decide how everything is bundled. */
const recipe = ["build/bundle.ts", "build/inline-saslprep.ts", "package-lock.json"];

/** Bundles the given parts; throws (after esbuild has printed why) when one cannot be. */
export async function bundle(parts: readonly Part[] = productParts): Promise<void> {
  await Promise.all(parts.map(bundlePart));
}

/** Bundles only what is missing or older than its sources. Answers the parts that were made anew. */
export async function bundleIfStale(parts: readonly Part[] = productParts): Promise<readonly Part[]> {
  const fresh = await Promise.all(parts.map(isFresh));
  const stale = parts.filter((_, i) => !fresh[i]);
  await bundle(stale);
  return stale;
}

async function bundlePart(part: Part): Promise<void> {
  const { splitting, outfile } = plans[part];
  // Whoever is killed half-way must not leave a stamp that says "fresh".
  await rm(stampPath(part), { force: true });
  if (splitting) await removeChunks(outfile);
  const { metafile } = await build(optionsOf(part));
  const inputs = new Set([...Object.keys(metafile?.inputs ?? {}), ...recipe]);
  if (splitting) for (const path of Object.keys(metafile?.outputs ?? {})) inputs.add(path);
  for (const [from, name] of companions[part] ?? []) {
    inputs.add(from);
    await copyFile(join(root, from), join(root, dirname(outfile), name));
  }
  const stamp: Record<string, string> = {};
  for (const path of inputs) {
    const print = await fingerprint(path);
    if (print !== undefined) stamp[path] = print;
  }
  await mkdir(dirname(stampPath(part)), { recursive: true });
  await writeFile(stampPath(part), JSON.stringify(stamp));
}

/**
 * How esbuild makes a part. What a split one loads only when it is needed lies in files beside its entry:
 * `main-HASH.mjs`.
 */
export function optionsOf(part: Part): BuildOptions {
  const { entryPoints, outfile, ...plan } = plans[part];
  if (!plan.splitting) return { ...plan, entryPoints: [...entryPoints], outfile };
  const name = basename(outfile, ".mjs");
  const output = {
    outdir: dirname(outfile),
    entryNames: name,
    chunkNames: `${name}-[hash]`,
    outExtension: { ".js": ".mjs" },
  };
  return { ...plan, entryPoints: [...entryPoints], ...output };
}

/** Those of an earlier bundle. */
async function removeChunks(outfile: string): Promise<void> {
  const folder = join(root, dirname(outfile));
  const ours = new RegExp(`^${basename(outfile, ".mjs")}-[A-Z0-9]+\\.mjs`, "u");
  for (const name of await readdir(folder).catch(() => []))
    if (ours.test(name)) await rm(join(folder, name), { force: true });
}

/** Files of which the product's bundles consist, within the checkout; they must have been made. */
export async function bundledFiles(): Promise<readonly string[]> {
  const stamps = await Promise.all(productParts.map((part) => readFile(stampPath(part), "utf8")));
  return [...new Set(stamps.flatMap((stamp) => Object.keys(JSON.parse(stamp) as Inputs)))].sort();
}

function stampPath(part: Part): string {
  return join(root, ".cache/bundle", `${part}.json`);
}

async function isFresh(part: Part): Promise<boolean> {
  if (!existsSync(join(root, plans[part].outfile))) return false;
  let stamp: Inputs;
  try {
    stamp = JSON.parse(await readFile(stampPath(part), "utf8"));
  } catch {
    return false;
  }
  const same = await Promise.all(
    Object.entries(stamp).map(async ([path, print]) => (await fingerprint(path)) === print),
  );
  return same.every(Boolean);
}

async function fingerprint(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(join(root, path));
    return `${size} ${mtimeMs}`;
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const asked = process.argv.slice(2);
  const parts = asked.length === 0 ? productParts : asked.filter((name): name is Part => name in plans);
  try {
    const made = await bundleIfStale(parts);
    console.log(made.length === 0 ? "All bundles are up to date." : `Bundled ${made.join(", ")}.`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
