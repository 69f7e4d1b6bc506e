import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Profile } from "../profile/profile.ts";
import { openDeviceKey, readDeviceKey } from "./device-key.ts";
import { encryptedFiles, sizeOf } from "./encrypted-files.ts";
import { memorySecrets } from "./memory-secrets.test-helper.ts";
import { type Secrets, StoredSecrets } from "./secrets.ts";
import { isSignedText, readPublicKey } from "./signing.ts";
import { storedKey, storeKey } from "./stored-key.ts";
import { secretStoreFile, type VaultFile } from "./vault-file.ts";

function stores() {
  const store = new Map<string, string>();
  const kept = new Map<string, string>();
  const secretStore = memorySecrets(store);
  const profile = {
    get: async (namespace: string, key: string) => kept.get(`${namespace} ${key}`),
    put: async (
      entries: readonly { readonly namespace: string; readonly key: string; readonly value: string | undefined }[],
    ) => {
      for (const { namespace, key, value } of entries) {
        if (value === undefined) kept.delete(`${namespace} ${key}`);
        else kept.set(`${namespace} ${key}`, value);
      }
    },
  } as unknown as Profile;
  return { store, kept, secretStore, profile };
}
const inStore = secretStoreFile(new Uint8Array(32).fill(1));
const byPassphrase = { kind: "passphrase" } as unknown as VaultFile;

describe("small secrets", () => {
  it("are in the secret store where that holds the key, each kind and name apart, and nothing is in the profile", async () => {
    const { store, kept, secretStore, profile } = stores();
    const of = (kind: "password" | "device") =>
      new StoredSecrets({ kind, store: secretStore, file: () => inStore, profile: () => profile });
    await of("password").set("a", "one");
    await of("device").set("a", "two");
    expect([await of("password").get("a"), await of("device").get("a"), await of("password").get("b")]).toEqual([
      "one",
      "two",
      undefined,
    ]);
    expect([[...store.keys()], kept.size]).toEqual([
      [`hallway/${inStore.id}/password/a`, `hallway/${inStore.id}/device/a`],
      0,
    ]);
    await of("password").delete("a");
    expect([await of("password").get("a"), await of("device").get("a")]).toEqual([undefined, "two"]);
  });

  it("are in the profile under a passphrase, and go to the secret store when they are asked for once there is one", async () => {
    const { store, kept, secretStore, profile } = stores();
    let file: VaultFile | undefined = byPassphrase;
    const secrets = new StoredSecrets({
      kind: "password",
      store: secretStore,
      file: () => file,
      profile: () => profile,
    });
    await secrets.set("a", "one");
    await secrets.set("b", "two");
    expect([store.size, kept.get("password a"), await secrets.get("a")]).toEqual([0, "one", "one"]);
    file = inStore;
    expect(await secrets.get("a")).toBe("one");
    expect([[...store.values()], [...kept.keys()]]).toEqual([["one"], ["password b"]]);
    await secrets.delete("b");
    expect(kept.size).toBe(0);
    expect(await secrets.get("b")).toBeUndefined();
  });

  it("are none while the vault is locked", async () => {
    const { secretStore, profile } = stores();
    const locked = new StoredSecrets({
      kind: "password",
      store: secretStore,
      file: () => undefined,
      profile: () => profile,
    });
    const unopened = new StoredSecrets({
      kind: "password",
      store: secretStore,
      file: () => byPassphrase,
      profile: () => undefined,
    });
    for (const secrets of [locked, unopened])
      for (const work of [secrets.get("a"), secrets.set("a", "b")])
        await expect(work).rejects.toMatchObject({ code: "vault-locked" });
    await expect(locked.delete("a")).rejects.toMatchObject({ code: "vault-locked" });
  });
});

describe("the device key", () => {
  const inMemory = (kept = new Map<string, string>()): Secrets => ({
    get: async (name) => kept.get(name),
    set: async (name, value) => void kept.set(name, value),
    delete: async (name) => void kept.delete(name),
  });

  it("is made once, after what has to come before, and signs what its public key shows", async () => {
    const kept = new Map<string, string>();
    const secrets = inMemory(kept);
    expect(await readDeviceKey(secrets)).toBeUndefined();
    const before: number[] = [];
    const made = await openDeviceKey(secrets, async () => void before.push(kept.size));
    const again = await openDeviceKey(secrets, async () => void before.push(kept.size));
    expect([before, again.publicKey]).toEqual([[0], made.publicKey]);
    const signature = again.sign("hallway audit head 1", "text");
    const shown = readPublicKey(made.publicKey);
    expect([
      isSignedText(shown, { purpose: "hallway audit head 1", message: "text", signature }),
      isSignedText(shown, { purpose: "hallway audit entry 1", message: "text", signature }),
    ]).toEqual([true, false]);
  });

  it("that cannot be read is never replaced, and one that is not kept is not used", async () => {
    const broken = inMemory(new Map([["device-key", "bm9uZQ=="]]));
    const refused = { code: "vault-unavailable", params: { reason: "device-key-broken" } };
    await expect(openDeviceKey(broken, async () => undefined)).rejects.toMatchObject(refused);
    const forgetful: Secrets = { ...inMemory(), get: async () => undefined };
    await expect(openDeviceKey(forgetful, async () => undefined)).rejects.toMatchObject({
      params: { reason: "key-not-kept" },
    });
  });
});

it("a key counts when the secret store gives back what the vault was made for", async () => {
  const { store, secretStore } = stores();
  const key = new Uint8Array(32).fill(1);
  expect([
    await storedKey(secretStore, inStore),
    await storeKey(secretStore, inStore, key),
    await storedKey(secretStore, inStore),
  ]).toEqual([undefined, true, key]);
  for (const wrong of [new Uint8Array(32).fill(2), new Uint8Array(31).fill(1), new Uint8Array(33).fill(1)])
    expect([await storeKey(secretStore, inStore, wrong), await storedKey(secretStore, inStore)]).toEqual([
      false,
      undefined,
    ]);
  store.clear();
  expect(await storeKey({ ...secretStore, set: async () => undefined }, inStore, key)).toBe(false);
});

it("a new key is for every database in the folder itself, the largest first", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hallway-files-"));
  for (const [name, size] of [
    ["small.db", 1],
    ["large.db", 3],
    ["middle.db", 2],
    ["other.txt", 9],
    ["small.db-wal", 9],
  ] as const)
    await writeFile(join(folder, name), "x".repeat(size));
  await mkdir(join(folder, "folder.db"));
  expect(encryptedFiles(folder)).toEqual(["large.db", "middle.db", "small.db"].map((name) => join(folder, name)));
  expect([
    encryptedFiles(join(folder, "missing")),
    sizeOf(join(folder, "missing")),
    sizeOf(join(folder, "large.db")),
  ]).toEqual([[], 0, 3]);
  await rm(folder, { recursive: true });
});
