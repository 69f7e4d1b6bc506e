import type { Stats } from "node:fs";
import files, { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemPolicySource } from "./system.ts";
import { readTrustedBytes } from "./trusted-file.ts";

const owner = process.getuid?.() ?? 0;
let folder: string;
let path: string;

/** Has lstat answer something else, for all sources, until the end of the test. */
function answer(lstat: (path: string, real: typeof files.lstat) => Promise<Stats>): void {
  const real = files.lstat;
  vi.spyOn(files, "lstat").mockImplementation(((asked: string) => lstat(asked, real)) as typeof files.lstat);
  syncBuiltinESMExports();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-trusted-"));
  path = join(folder, "a.json");
  await writeFile(path, "{}");
  await chmod(path, 0o644);
});
afterEach(async () => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  await rm(folder, { recursive: true });
});

describe.skipIf(process.platform === "win32")("a trusted file", () => {
  const fields = ["ino", "dev", "size", "mtimeMs", "ctimeMs", "uid", "mode"] as const;

  /** The file under the name is another one in this respect, for so many looks. */
  function differ(field: (typeof fields)[number], looks: number): void {
    let left = looks;
    answer(async (asked, real) => {
      const found = await real(asked);
      return left-- > 0 ? Object.assign(found, { [field]: found[field] + 1 }) : found;
    });
  }

  it.each(fields)("is read again when the one under its name has another %s, three times at most", async (field) => {
    differ(field, 2);
    expect(Buffer.from(await readTrustedBytes(path, owner, 100)).toString()).toBe("{}");
    vi.restoreAllMocks();
    differ(field, 3);
    await expect(readTrustedBytes(path, owner, 100)).rejects.toMatchObject({
      kind: "unreadable",
      message: expect.stringContaining("keeps changing"),
    });
  });

  it("has so many bytes, and not one more", async () => {
    expect(await readTrustedBytes(path, owner, 2)).toHaveLength(2);
    await expect(readTrustedBytes(path, owner, 1)).rejects.toMatchObject({
      kind: "unreadable",
      message: expect.stringContaining("longer than 1 bytes"),
    });
  });
});

describe.skipIf(process.platform === "win32")("the policy of this machine", () => {
  async function lookedAt(platform: NodeJS.Platform): Promise<readonly string[]> {
    const asked = new Set<string>();
    answer(async (one) => {
      asked.add(one);
      throw Object.assign(new Error("not there"), { code: "ENOENT" });
    });
    await systemPolicySource(platform).read();
    return [...asked];
  }

  it("is looked for in its own place on each system, and in no other's", async () => {
    const linux = await lookedAt("linux");
    expect(linux).not.toEqual([]);
    for (const place of linux) expect(place).toMatch(/^\/etc\/hallway\/policies/);
    vi.restoreAllMocks();
    const mac = await lookedAt("darwin");
    expect(mac).toContain("/Library/Managed Preferences");
    for (const place of mac) expect(place).toMatch(/^\/Library\//);
    vi.restoreAllMocks();
    expect(await lookedAt("win32")).toEqual([]);
  });
});
