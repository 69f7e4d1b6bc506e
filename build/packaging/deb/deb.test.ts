import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { linkSchemes } from "../../../main/addressing/link-schemes.ts";
import { appId } from "../../../main/host/app-id.ts";
import { bundleIfStale, productParts } from "../../bundle.ts";
import { buildDeb } from "./deb.ts";

const run = promisify(execFile);
let folder: string;
let deb: string;
let contents: readonly string[];

/** A small file stands for Node, whose 120 MB would take their time; trial.ts installs and runs the real package. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-deb-test-"));
  await bundleIfStale(productParts);
  await writeFile(join(folder, "node"), "#!/bin/sh\n");
  deb = await make("one");
  contents = (await run("dpkg-deb", ["--contents", deb])).stdout.trim().split("\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function make(output: string): Promise<string> {
  return buildDeb({ output: join(folder, output), node: join(folder, "node"), arch: "x64", compression: "gzip" });
}

/** Owner and mode of a path in the package. */
function rights(path: string): string | undefined {
  const line = contents.find((each) => each.endsWith(` .${path}`));
  return line?.split(/ +/).slice(0, 2).join(" ");
}

describe("the Debian package for thin clients", () => {
  it("has policy folders, programs and files that belong to root and that nobody else writes", () => {
    for (const path of ["/etc/hallway/policies/managed/", "/etc/hallway/policies/recommended/", "/etc/hallway/"])
      expect(rights(path), path).toBe("drwxr-xr-x root/root");
    for (const path of ["/usr/bin/hallway", "/usr/lib/hallway/node"])
      expect(rights(path), path).toBe("-rwxr-xr-x root/root");
    for (const line of contents) expect(line).toMatch(/^(?:d|-)rw(?:x|-)r-(?:x|-)r-(?:x|-) root\/root /);
  });

  it("has the program of this host, its native code for one system, and nothing of Electron's", () => {
    for (const path of ["main.mjs", "history-worker.mjs", "export-worker.mjs", "renderer/index.html"])
      expect(rights(`/usr/lib/hallway/dist/${path}`), path).toBe("-rw-r--r-- root/root");
    const native = contents.filter((line) => line.endsWith(".node")).map((line) => line.replace(/.*prebuilds\//, ""));
    expect(native).toEqual(["linux-x64/@signalapp+sqlcipher.node", "linux-x64/keytar.node"]);
    expect(contents.filter((line) => line.includes("electron"))).toEqual([]);
  });

  it("says what it depends on, and cannot stand beside the one with Electron", async () => {
    const { stdout } = await run("dpkg-deb", ["--field", deb, "Depends", "Conflicts", "Architecture"]);
    expect(stdout).toMatch(/^Depends: .*libsecret-1-0, chromium \| google-chrome-stable \| microsoft-edge-stable$/m);
    expect(stdout).toMatch(/^Conflicts: hallway$/m);
    expect(stdout).toMatch(/^Architecture: amd64$/m);
  });

  it("has a desktop entry that opens links, under the program's one name", async () => {
    await run("dpkg-deb", ["--extract", deb, join(folder, "extracted")]);
    const path = join(folder, `extracted/usr/share/applications/${appId}.desktop`);
    await run("desktop-file-validate", [path]);
    const entry = await readFile(path, "utf8");
    expect(/^MimeType=(.*);$/m.exec(entry)?.[1]?.split(";")).toEqual(
      linkSchemes.map((scheme) => `x-scheme-handler/${scheme}`),
    );
    expect(entry).toMatch(/^Exec=\/usr\/bin\/hallway %u$/m);
  });

  it("has the licences of all packages in it", async () => {
    const documents = join(folder, "extracted/usr/share/doc/hallway-thin-client");
    const { stdout } = await run("gzip", ["--decompress", "--stdout", join(documents, "third-party-notices.txt.gz")]);
    for (const name of ["preact", "valibot", "ws", "@signalapp/sqlcipher", "node-gyp-build", "saxes"])
      expect(stdout).toMatch(new RegExp(`^${name} [0-9.]+ \\(`, "m"));
    expect(await readFile(join(documents, "copyright"), "utf8")).toContain("GNU AFFERO GENERAL PUBLIC LICENSE");
  });

  it("passes lintian, but for what its overrides give a reason for", async () => {
    const { stdout } = await run("lintian", ["--allow-root", "--fail-on", "error,warning", deb]);
    expect(stdout).toBe("");
  });

  it("is the same to the byte when it is built again", async () => {
    const [one, two] = await Promise.all([deb, await make("two")].map((path) => readFile(path)));
    const sum = (bytes = Buffer.alloc(0)) => createHash("sha256").update(bytes).digest("hex");
    expect(sum(two)).toBe(sum(one));
  });
});
