import { randomBytes } from "node:crypto";
import { mkdtemp, open as openFile, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorInfo } from "../../shared/errors.ts";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import type { WorkerMethods } from "../app/worker-methods.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import { workerUrl } from "../history/workers.test-helper.ts";
import { openProfile } from "./open-profile.ts";
import type { Profile } from "./profile.ts";

const key = new Uint8Array(randomBytes(32));
let worker: DatabaseWorker<WorkerMethods>;
let folder: string;
let profile: Profile | undefined;
let troubles: ErrorInfo[];

beforeAll(() => {
  worker = startDatabaseWorker(workerUrl);
});
afterAll(() => worker.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-profile-"));
  troubles = [];
});
afterEach(async () => {
  await profile?.close();
  profile = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function open(with_: Uint8Array = key): Promise<Profile> {
  await profile?.close();
  profile = undefined;
  profile = await openProfile({ worker, folder, key: with_, onTrouble: (error) => troubles.push(error) });
  return profile;
}

describe("profile", () => {
  it("keeps values by namespace and key, over a restart, and nothing readable on disk", async () => {
    const first = await open();
    await first.put([
      { namespace: "account", key: "a", value: '{"address":"alice@example.test"}' },
      { namespace: "password", key: "a", value: "battery horse staple" },
      { namespace: "draft", key: "a", value: "1" },
    ]);
    await first.put([
      { namespace: "draft", key: "a", value: undefined },
      { namespace: "draft", key: "b", value: "\u0000 é 🔑" },
    ]);
    const second = await open();
    expect(await second.get("account", "a")).toBe('{"address":"alice@example.test"}');
    expect(await second.get("draft", "a")).toBeUndefined();
    expect(await second.all("draft")).toEqual(new Map([["b", "\u0000 é 🔑"]]));
    for (const name of await readdir(folder)) {
      const bytes = await readFile(join(folder, name));
      for (const secret of ["alice@example", "correct horse", "SQLite format"])
        expect(bytes.includes(secret), `${secret} in ${name}`).toBe(false);
      expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
    }
  });

  it("writes all of a batch or none of it, and refuses what is too large", async () => {
    const opened = await open();
    const tooLarge = "x".repeat(16 * 1024 * 1024 + 1);
    await expect(
      opened.put([
        { namespace: "app", key: "a", value: "1" },
        { namespace: "app", key: "b", value: tooLarge },
      ]),
    ).rejects.toMatchObject({ code: "too-large" });
    expect(await opened.get("app", "a")).toBeUndefined();
    await opened.put([{ namespace: "app", key: "b", value: tooLarge.slice(1) }]);
    expect((await opened.get("app", "b"))?.length).toBe(16 * 1024 * 1024);
  });

  it("does not open with another key, and is left as it was", async () => {
    await (await open()).put([{ namespace: "app", key: "a", value: "1" }]);
    await expect(open(new Uint8Array(randomBytes(32)))).rejects.toMatchObject({ code: "vault-unavailable" });
    expect(await (await open()).get("app", "a")).toBe("1");
    expect(troubles).toEqual([]);
  });

  it("is set aside when it is corrupt, and brought over as far as it can be read", async () => {
    const opened = await open();
    await opened.put([{ namespace: "account", key: "a", value: "kept" }]);
    await opened.put(
      Array.from({ length: 400 }, (_, n) => ({
        namespace: "network-cache" as const,
        key: `${n}`,
        value: "x".repeat(3000),
      })),
    );
    await opened.close();
    profile = undefined;
    const path = join(folder, "profile.db");
    const file = await openFile(path, "r+");
    await file.write(randomBytes(4096 * 20), 0, 4096 * 20, 4096 * 100);
    await file.close();
    const again = await open();
    await again.all("network-cache");
    expect(troubles.map((error) => error.code)).toEqual(["storage-corrupt"]);
    expect((await readdir(folder)).some((name) => name.startsWith("profile-corrupt-"))).toBe(true);
    expect(await again.get("account", "a")).toBe("kept");
    await again.put([{ namespace: "app", key: "b", value: "2" }]);
    expect(await (await open()).get("app", "b")).toBe("2");
  });

  it("begins anew when nothing of it can be read, and says so", async () => {
    await (await open()).put([{ namespace: "app", key: "a", value: "1" }]);
    await profile?.close();
    profile = undefined;
    const path = join(folder, "profile.db");
    await writeFile(path, randomBytes((await stat(path)).size));
    expect(await (await open()).get("app", "a")).toBeUndefined();
    expect(troubles.map((error) => error.code)).toEqual(["storage-corrupt"]);
  });

  it("says when the folder cannot be used", async () => {
    const inTheWay = join(folder, "file");
    await writeFile(inTheWay, "");
    await expect(openProfile({ worker, folder: inTheWay, key, onTrouble: () => undefined })).rejects.toMatchObject({
      code: "storage-failed",
    });
  });
});
