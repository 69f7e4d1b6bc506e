import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, statfs, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { changeFiles, checkSpace, writeJournal } from "./key-change.ts";
import { KeyChanger } from "./key-changer.ts";
import { memorySecrets } from "./memory-secrets.test-helper.ts";
import type { SecretStore } from "./secret-store.ts";
import { createVault } from "./vault.ts";
import { keyName, type PassphraseFile, readVaultFile, secretStoreFile } from "./vault-file.ts";

const former = new Uint8Array(32).fill(1);
const inStore = secretStoreFile(former);
const byPassphrase = { kind: "passphrase", id: inStore.id, reason: "no-secret-store" } as PassphraseFile;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-changer-"));
});
afterEach(() => rm(folder, { recursive: true }));

function changer(store: SecretStore): KeyChanger {
  const files = { rekey: async () => true, rekeyRest: async () => undefined };
  return new KeyChanger({ folder, path: join(folder, "vault.json"), store, files, onProgress: () => undefined });
}
const hasJournal = (): boolean => existsSync(join(folder, "vault-next.json"));

describe("before a change of the key", () => {
  it("a key in the secret store does not go under a passphrase", async () => {
    const stored = new Map<string, string>();
    await expect(changer(memorySecrets(stored)).prepare(inStore, former, { passphrase: "p" })).rejects.toMatchObject({
      code: "not-allowed",
    });
    expect([stored.size, hasJournal()]).toEqual([0, false]);
  });

  it("the secret store has to be there and to keep what it is given; else nothing is written", async () => {
    for (const state of ["absent", "locked"] as const) {
      const stored = new Map<string, string>();
      const store = { ...memorySecrets(stored), probe: async () => state };
      for (const from of [inStore, byPassphrase])
        await expect(changer(store).prepare(from, former, "secret-store")).rejects.toMatchObject({
          code: "vault-unavailable",
          params: { reason: "no-secret-store" },
        });
      expect([stored.size, hasJournal()]).toEqual([0, false]);
    }
    const forgetful = { ...memorySecrets(), set: async () => undefined };
    await expect(changer(forgetful).prepare(inStore, former, "secret-store")).rejects.toMatchObject({
      params: { reason: "key-not-kept" },
    });
    expect(hasJournal()).toBe(false);
  });

  it("the disk has to have room for the largest file again", async () => {
    await checkSpace(folder);
    await writeFile(join(folder, "large.db"), "");
    const { bavail, bsize } = await statfs(folder);
    await truncate(join(folder, "large.db"), Math.floor((bavail * bsize) / 2));
    await checkSpace(folder);
    await truncate(join(folder, "large.db"), bavail * bsize);
    await expect(checkSpace(folder)).rejects.toMatchObject({ code: "storage-full" });
    await expect(changer(memorySecrets()).prepare(inStore, former, "secret-store")).rejects.toMatchObject({
      code: "storage-full",
    });
  });
});

describe("after a change of the key", () => {
  it("only the key of the file before it is retired: nothing is where there was a passphrase", async () => {
    for (const [from, retired] of [
      [inStore, keyName(inStore)],
      [byPassphrase, undefined],
    ] as const) {
      const { journal, keys } = await changer(memorySecrets()).prepare(from, former, "secret-store");
      expect([journal.retired, journal.next.id, keys.old]).toEqual([retired, inStore.id, former]);
    }
  });

  it("that is undone, the new key goes from the secret store and the old one stays", async () => {
    const stored = new Map([[keyName(inStore), "old"]]);
    const change = changer(memorySecrets(stored));
    const { journal, keys } = await change.prepare(inStore, former, "secret-store");
    expect([stored.size, hasJournal()]).toEqual([2, true]);
    await change.undo(journal, keys);
    expect([[...stored.values()], hasJournal()]).toEqual([["old"], false]);
  });

  it("the journal stands until the old key is gone", async () => {
    const stored = new Map([[keyName(inStore), "old"]]);
    let fails = true;
    const store: SecretStore = {
      ...memorySecrets(stored),
      delete: async (name) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (fails) throw new Error("locked");
        stored.delete(name);
      },
    };
    const change = changer(store);
    const { journal } = await change.prepare(inStore, former, "secret-store");
    await change.forget(journal);
    expect([stored.has(keyName(inStore)), hasJournal()]).toEqual([true, true]);
    fails = false;
    await change.forget(journal);
    expect([stored.has(keyName(inStore)), hasJournal()]).toEqual([false, false]);
  });
});

it("tells how far a file is by its log, five times a second, and no longer than it takes", async () => {
  vi.useFakeTimers();
  try {
    await writeFile(join(folder, "a.db"), "x".repeat(300));
    await writeFile(join(folder, "b.db"), "x".repeat(100));
    const told: (readonly [number, number])[] = [];
    const keys = { old: former, new: new Uint8Array(32).fill(2) };
    const rekey = async (path: string): Promise<boolean> => {
      if (!path.endsWith("a.db")) return true;
      await writeFile(`${path}-wal`, "x".repeat(120));
      vi.advanceTimersByTime(199);
      expect(told).toEqual([]);
      vi.advanceTimersByTime(1);
      // The log may become longer than the file.
      await writeFile(`${path}-wal`, "x".repeat(500));
      vi.advanceTimersByTime(200);
      return true;
    };
    await changeFiles({ folder, rekey, onProgress: (...far) => void told.push(far) }, keys);
    expect(told).toEqual([
      [120, 400],
      [300, 400],
      [300, 400],
      [400, 400],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it("a vault file that is there and cannot be read is not taken for none", async () => {
  const path = join(folder, "vault.json");
  expect(await readVaultFile(path)).toBeUndefined();
  await mkdir(path);
  await expect(readVaultFile(path)).rejects.toMatchObject({ params: { reason: "vault-file-broken" } });
});

it("no passphrase is the right one where there is none, and only the owner of the folder changes the key", async () => {
  const vault = createVault({ folder, secrets: memorySecrets(), profile: () => undefined });
  await expect(vault.verify("p")).rejects.toMatchObject({ code: "not-allowed" });
  await vault.open();
  expect(vault.state).toEqual({ state: "ready" });
  for (const refused of [vault.verify("p"), vault.unlock("p"), vault.create("p"), vault.change("secret-store")])
    await expect(refused).rejects.toMatchObject({ code: "not-allowed" });
  expect(hasJournal()).toBe(false);
});

it("a journal that cannot be written changes nothing, and says why", async () => {
  const keys = { old: former, new: new Uint8Array(32).fill(2) };
  await expect(
    writeJournal(join(folder, "missing"), keys, { next: inStore, retired: undefined }),
  ).rejects.toMatchObject({
    code: "storage-failed",
  });
});
