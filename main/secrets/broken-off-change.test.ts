import { createCipheriv, createHmac, randomBytes, randomUUID, scryptSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import { writeJournal } from "./key-change.ts";
import { memorySecrets } from "./memory-secrets.test-helper.ts";
import { createVault, type Vault } from "./vault.ts";
import {
  keyName,
  type PassphraseFile,
  readVaultFile,
  secretStoreFile,
  type VaultFile,
  writeVaultFile,
} from "./vault-file.ts";
import type { VaultState } from "./vault-state.ts";

const former = new Uint8Array(32).fill(1);
const next = new Uint8Array(32).fill(2);
const keys = { old: former, new: next };

let folder: string;
let stored: Map<string, string>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-broken-off-"));
  stored = new Map();
});
afterEach(() => rm(folder, { recursive: true }));

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const copy = (key: Uint8Array): number[] => [...key];

/** The file that `passphraseFile` makes, with the cheapest derivation that is accepted. */
function cheapFile(key: Uint8Array, passphrase: string): PassphraseFile {
  const id = randomUUID();
  const salt = randomBytes(32);
  const nonce = randomBytes(12);
  const n = 2 ** 15;
  const wrapping = scryptSync(passphrase, salt, 32, { N: n, r: 8, p: 1, maxmem: 128 * n * 8 * 2 });
  const cipher = createCipheriv("aes-256-gcm", wrapping, nonce);
  cipher.setAAD(Buffer.from(`hallway vault 1 ${id}`));
  const wrapped = Buffer.concat([cipher.update(key), cipher.final()]);
  const check = createHmac("sha256", key).update("hallway vault key check, version 1").digest().subarray(0, 16);
  return {
    version: 1,
    id,
    kind: "passphrase",
    check: base64(check),
    reason: "no-secret-store",
    kdf: { name: "scrypt", n, r: 8, p: 1, salt: base64(salt) },
    wrapped: { nonce: base64(nonce), key: base64(wrapped), tag: base64(cipher.getAuthTag()) },
  };
}

// One derivation each: they take longer than all the rest here.
const oldFile = cheapFile(former, "old lantern");
const newFile = cheapFile(next, "new lantern");

/** A folder in which a change was broken off after its journal was written; `said`: vault.json. */
async function brokenOff(said: VaultFile, to: VaultFile): Promise<void> {
  await writeVaultFile(join(folder, "vault.json"), said);
  await writeFile(join(folder, "profile.db"), "pages");
  for (const [file, key] of [
    [said, former],
    [to, next],
  ] as const)
    if (file.kind === "secret-store") stored.set(keyName(file), base64(key));
  await writeJournal(folder, keys, { next: to, retired: said.kind === "secret-store" ? keyName(said) : undefined });
}

/** A vault over the folder, with all that it did to files. */
function vault(rekey: () => Promise<boolean> = async () => true) {
  const done: unknown[] = [];
  const states: VaultState[] = [];
  const opened: Vault = createVault({
    folder,
    secrets: memorySecrets(stored),
    profile: () => undefined,
    files: {
      rekey: (path, from, to) => {
        done.push([path.slice(folder.length + 1), copy(from), copy(to)]);
        return rekey();
      },
      rekeyRest: async ({ old, new: other }) => void done.push(["rest", copy(old), copy(other)]),
    },
  });
  opened.onChange((state) => void states.push(state));
  return { opened, done, states };
}

const forward = [
  ["profile.db", copy(former), copy(next)],
  ["rest", copy(former), copy(next)],
];
const hasJournal = (): boolean => existsSync(join(folder, "vault-next.json"));

describe("a change of the key that was broken off", () => {
  it("goes on by itself in the secret store: every file, then the rest, then the old key goes", async () => {
    const said = secretStoreFile(former);
    const to = secretStoreFile(next, said);
    await brokenOff(said, to);
    const { opened, done, states } = vault();
    await opened.open();
    expect(states).toEqual([
      { state: "changing", progress: 0 },
      { state: "changing", progress: 1 },
      { state: "ready" },
    ]);
    expect([done, copy(opened.key ?? new Uint8Array())]).toEqual([forward, copy(next)]);
    expect([await readVaultFile(join(folder, "vault.json")), [...stored.keys()], hasJournal()]).toEqual([
      to,
      [keyName(to)],
      false,
    ]);
  });

  it("is only tidied up after where everything has the new key", async () => {
    const said = secretStoreFile(former);
    const to = secretStoreFile(next, said);
    await brokenOff(said, to);
    await writeVaultFile(join(folder, "vault.json"), to);
    const { opened, done } = vault();
    await opened.open();
    expect([opened.state, done, [...stored.keys()], hasJournal()]).toEqual([
      { state: "ready" },
      [],
      [keyName(to)],
      false,
    ]);
  });

  it("goes on with the old passphrase and with the new one, and with no other", async () => {
    for (const passphrase of ["old lantern", "new lantern"]) {
      await brokenOff(oldFile, newFile);
      const { opened, done } = vault();
      await opened.open();
      expect(opened.state).toEqual({ state: "locked", reason: "no-secret-store" });
      await opened.unlock(passphrase);
      expect([opened.state, done, copy(opened.key ?? new Uint8Array())]).toEqual([
        { state: "ready" },
        forward,
        copy(next),
      ]);
      expect([await readVaultFile(join(folder, "vault.json")), hasJournal()]).toEqual([newFile, false]);
    }
    await brokenOff(oldFile, newFile);
    const { opened, done } = vault();
    await opened.open();
    await expect(opened.unlock("other lantern")).rejects.toMatchObject({ code: "vault-wrong-passphrase" });
    expect([opened.state.state, done, hasJournal()]).toEqual(["locked", [], true]);
  });

  it("from a passphrase into the secret store asks for no passphrase", async () => {
    const to = secretStoreFile(next, oldFile);
    await brokenOff(oldFile, to);
    const { opened, done } = vault();
    await opened.open();
    expect([opened.state, done, opened.byPassphrase]).toEqual([{ state: "ready" }, forward, false]);
  });

  it("that fails again says why, keeps its journal, and goes on at the next try", async () => {
    await brokenOff(oldFile, newFile);
    let fails = true;
    const { opened, done } = vault(async () => {
      if (fails) throw new HallwayError("storage-full");
      return true;
    });
    await opened.open();
    await opened.unlock("new lantern");
    expect([opened.state, opened.key, hasJournal()]).toEqual([
      { state: "failed", error: { code: "storage-full" } },
      undefined,
      true,
    ]);
    fails = false;
    await opened.open();
    await opened.unlock("new lantern");
    expect([opened.state, hasJournal(), done.slice(1)]).toEqual([{ state: "ready" }, false, forward]);
  });

  it("is left to the program that owns the folder by one that only reads", async () => {
    const said = secretStoreFile(former);
    await brokenOff(said, secretStoreFile(next, said));
    const before = await readFile(join(folder, "vault.json"), "utf8");
    const reader = createVault({ folder, secrets: memorySecrets(stored), profile: () => undefined });
    await reader.open();
    expect(reader.state).toMatchObject({ state: "failed", error: { params: { reason: "key-change-pending" } } });
    expect([await readFile(join(folder, "vault.json"), "utf8"), stored.size, hasJournal()]).toEqual([before, 2, true]);
  });

  it("of another vault changes no file", async () => {
    const said = secretStoreFile(former);
    const to = secretStoreFile(next, said);
    await brokenOff(said, to);
    const strange = { old: new Uint8Array(32).fill(3), new: new Uint8Array(32).fill(4) };
    await writeJournal(folder, strange, { next: to, retired: undefined });
    const { opened, done } = vault();
    await opened.open();
    expect(opened.state).toMatchObject({ state: "failed", error: { params: { reason: "vault-file-broken" } } });
    expect([done, opened.key]).toEqual([[], undefined]);
  });
});
