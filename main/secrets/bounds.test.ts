import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readJournal, writeJournal } from "./key-change.ts";
import { KeytarStore } from "./keytar-store.ts";
import { readVaultFile, secretStoreFile, writeVaultFile } from "./vault-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-secrets-"));
});
afterEach(() => rm(folder, { recursive: true }));

const broken = { code: "vault-unavailable", params: { reason: "vault-file-broken" } };

async function padTo(path: string, length: number): Promise<void> {
  const text = (await readFile(path, "utf8")).trimEnd();
  await writeFile(path, text + " ".repeat(length - text.length));
}

it("a vault file has 16,384 bytes at most", async () => {
  const path = join(folder, "vault.json");
  const file = secretStoreFile(new Uint8Array(32).fill(1));
  await writeVaultFile(path, file);
  await padTo(path, 16_384);
  expect(await readVaultFile(path)).toEqual(file);
  await padTo(path, 16_385);
  await expect(readVaultFile(path)).rejects.toMatchObject(broken);
});

it("the journal of a key change has 65,536 bytes at most", async () => {
  const keys = { old: new Uint8Array(32).fill(1), new: new Uint8Array(32).fill(2) };
  const journal = await writeJournal(folder, keys, { next: secretStoreFile(keys.new), retired: undefined });
  const path = join(folder, "vault-next.json");
  await padTo(path, 65_536);
  expect(await readJournal(folder)).toEqual(journal);
  await padTo(path, 65_537);
  await expect(readJournal(folder)).rejects.toMatchObject(broken);
});

it("the secret store takes values of 65,536 bytes at most", async () => {
  const kept: string[] = [];
  const keytar = {
    getPassword: async () => null,
    setPassword: async (_: string, __: string, value: string) => void kept.push(value),
    deletePassword: async () => true,
  };
  const store = new KeytarStore({ load: async () => keytar });
  await store.set("name", "é".repeat(32_768));
  await expect(store.set("name", `${"é".repeat(32_768)}x`)).rejects.toMatchObject({ code: "too-large" });
  expect(kept).toEqual(["é".repeat(32_768)]);
});
