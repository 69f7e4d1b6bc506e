import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { nodeFlags } from "../../node-flags.ts";
import { root } from "../../root.ts";
import { noticesOf, thirdParties } from "../third-party.ts";
import { type About, changelog, controlFile, copyrightFile, packageName, readAbout } from "./metadata.ts";

const run = promisify(execFile);

export interface DebOptions {
  /** Folder for the package. */
  readonly output: string;
  /** Node that goes into it. */
  readonly node: string;
  /** Node's name for the architecture of that Node. */
  readonly arch: "x64" | "arm64";
  /** Version, where not that of package.json. */
  readonly version?: string;
  /** How dpkg-deb compresses; `gzip` at its lowest level is quick. */
  readonly compression?: "xz" | "gzip";
}

const architectures = { x64: "amd64", arm64: "arm64" } as const;

const launcher = `#!/bin/sh
# Opens Hallway, or runs one of its commands (hallway --help).
unset NODE_OPTIONS NODE_PATH
exec /usr/lib/hallway/node ${nodeFlags.join(" ")} /usr/lib/hallway/dist/main.mjs "$@"
`;

/**
 * The Debian package for thin clients and isolated sites: the program, a Node of its own, and the window of the
 * system's Chromium, Chrome or Edge. Everything belongs to root; no script runs when it is installed or removed. The
 * same sources, Node and SOURCE_DATE_EPOCH give the same bytes. Answers the package's path; the bundles must have been
 * made.
 */
export async function buildDeb(options: DebOptions): Promise<string> {
  const about = { ...(await readAbout()), ...(options.version ? { version: options.version } : {}) };
  const work = await mkdtemp(join(tmpdir(), "hallway-deb-"));
  const tree = join(work, "tree");
  try {
    const date = await sourceDate();
    await layProgram(tree, options);
    await put(join(tree, "usr/lib/hallway/package.json"), `${JSON.stringify(aboutProgram(about))}\n`);
    await layDesktop(tree);
    await layDocuments(tree, {
      "changelog.gz": gzip(changelog(about, date)),
      copyright: await copyrightFile(about, await thirdParties()),
      "third-party-notices.txt.gz": gzip(noticesOf(await thirdParties())),
      "examples/hallway.json": await readFile(join(root, "build/policy/linux/hallway.json")),
    });
    const { size, sums } = await measure(tree);
    const architecture = architectures[options.arch];
    await put(join(tree, "DEBIAN/control"), controlFile(about, { architecture, size }));
    await put(join(tree, "DEBIAN/md5sums"), sums);
    await mkdir(options.output, { recursive: true });
    const path = join(options.output, `${packageName}_${about.version}_${architecture}.deb`);
    const compression = options.compression === "gzip" ? ["-Zgzip", "-z1"] : ["-Zxz"];
    const how = ["--root-owner-group", ...compression, "--build", tree, path];
    await run("dpkg-deb", how, { env: { ...process.env, SOURCE_DATE_EPOCH: String(date) } });
    return path;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Members of package.json that the program reads. */
function aboutProgram({ version }: About): object {
  return { name: "hallway", version, private: true, type: "module" };
}

async function layProgram(tree: string, { node, arch }: DebOptions): Promise<void> {
  const program = join(tree, "usr/lib/hallway");
  await copy(node, join(program, "node"), 0o755);
  for (const path of (await filesOf("dist")).filter(isForThisHost)) await copy(join(root, path), join(program, path));
  for (const name of ["@signalapp/sqlcipher", "keytar", "node-gyp-build"]) {
    const from = `node_modules/${name}`;
    for (const path of await filesOf(from))
      if (isLoaded(relative(from, path), arch)) await copy(join(root, path), join(program, path));
  }
  await put(join(tree, "usr/bin/hallway"), launcher, 0o755);
  // Where IT puts its files; a policy counts only where nobody else can write.
  for (const level of ["managed", "recommended"]) await makeFolder(join(tree, "etc/hallway/policies", level));
}

async function layDesktop(tree: string): Promise<void> {
  const here = join(root, "build/packaging/deb");
  const share = join(tree, "usr/share");
  await copy(join(here, "hallway.desktop"), join(share, "applications/im.hallway.desktop.desktop"));
  await put(join(share, "man/man1/hallway.1.gz"), gzip(await readFile(join(here, "hallway.1"))));
  await copy(join(root, "build/icons/hallway.png"), join(share, "icons/hicolor/512x512/apps/hallway.png"));
  await copy(join(root, "build/icons/hallway.svg"), join(share, "icons/hicolor/scalable/apps/hallway.svg"));
  await copy(join(here, "lintian-overrides"), join(share, "lintian/overrides", packageName));
}

async function layDocuments(tree: string, documents: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [name, text] of Object.entries(documents)) await put(join(tree, "usr/share/doc", packageName, name), text);
}

/** Of the bundles, those of the window in the system's browser. */
function isForThisHost(path: string): boolean {
  return !path.startsWith("dist/electron/") && !path.endsWith(".LEGAL.txt");
}

/** Of a native package, what is loaded: its entry, and the file for this system. */
function isLoaded(path: string, arch: string): boolean {
  return (
    /^(?:package\.json|dist\/index\.[cm]js|lib\/.*|index\.js|node-gyp-build\.js)$/.test(path) ||
    path.startsWith(`prebuilds/linux-${arch}/`)
  );
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** Size in KiB and checksums, as the control files say them. */
async function measure(tree: string): Promise<{ readonly size: number; readonly sums: string }> {
  let size = 0;
  let sums = "";
  const paths = (await filesOf(relative(root, tree))).map((path) => relative(tree, join(root, path)));
  for (const path of paths) {
    const bytes = await readFile(join(tree, path));
    size += Math.ceil(bytes.length / 1_024);
    sums += `${createHash("md5").update(bytes).digest("hex")}  ${path}\n`;
  }
  return { size, sums };
}

/** Seconds since the epoch that stand for "now" (reproducible-builds.org); else those of the last commit. */
async function sourceDate(): Promise<number> {
  const said = process.env["SOURCE_DATE_EPOCH"];
  if (said !== undefined) return Number(said);
  return Number((await run("git", ["log", "-1", "--format=%ct"], { cwd: root })).stdout);
}

/** Without a name and a date in it. */
function gzip(text: string | Buffer): Buffer {
  return gzipSync(text, { level: 9 });
}

async function copy(from: string, to: string, mode = 0o644): Promise<void> {
  await makeFolder(dirname(to));
  await cp(from, to);
  await chmod(to, mode);
}

async function put(path: string, text: string | Buffer, mode = 0o644): Promise<void> {
  await makeFolder(dirname(path));
  await writeFile(path, text);
  await chmod(path, mode);
}

/** Whatever the umask of who builds. */
async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made === undefined) return;
  for (let folder = path; folder.length >= made.length; folder = dirname(folder)) await chmod(folder, 0o755);
}
