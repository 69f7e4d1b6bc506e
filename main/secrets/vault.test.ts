import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Profile, ProfileNamespace } from "../profile/profile.ts";
import type { SecretStore } from "./secret-store.ts";
import { createVault, type Vault } from "./vault.ts";
import { passphraseFile, writeVaultFile } from "./vault-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-vault-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface FakeStore extends SecretStore {
  status: "available" | "absent" | "locked";
  readonly entries: Map<string, string>;
}

function fakeStore(status: FakeStore["status"], entries = new Map<string, string>()): FakeStore {
  return {
    status,
    entries,
    async probe() {
      return this.status;
    },
    async get(name) {
      return this.status === "available" ? entries.get(name) : undefined;
    },
    async set(name, value) {
      if (this.status !== "available") throw new Error("refused");
      entries.set(name, value);
    },
    async delete(name) {
      entries.delete(name);
    },
  };
}

function fakeProfile(): Profile & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    get: async (namespace, key) => entries.get(`${namespace} ${key}`),
    all: async (_namespace: ProfileNamespace) => new Map<string, string>(),
    async put(changes) {
      for (const { namespace, key, value } of changes) {
        if (value === undefined) entries.delete(`${namespace} ${key}`);
        else entries.set(`${namespace} ${key}`, value);
      }
    },
    close: async () => undefined,
  };
}

function vaultOver(secrets: SecretStore, profile?: Profile): Vault {
  return createVault({ folder, secrets, profile: () => profile });
}

const hex = (key: Uint8Array | undefined) => Buffer.from(key ?? []).toString("hex");

describe("vault with a secret store", () => {
  it("makes a key at the first start and finds the same one later", async () => {
    const store = fakeStore("available");
    const first = vaultOver(store);
    const states: string[] = [];
    first.onChange((state) => states.push(state.state));
    await first.open();
    expect(states).toEqual(["ready"]);
    expect(first.key).toHaveLength(32);
    const second = vaultOver(store);
    await second.open();
    expect(hex(second.key)).toBe(hex(first.key));
    const onDisk = await readFile(join(folder, "vault.json"), "utf8");
    expect(onDisk).not.toContain(Buffer.from(first.key ?? []).toString("base64"));
    expect((await stat(join(folder, "vault.json"))).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["locked", "secret-store-locked"],
    ["absent", "no-secret-store"],
  ] as const)(
    "fails and explains while the store that has the key is %s, and opens when it is back",
    async (status, reason) => {
      const store = fakeStore("available");
      const first = vaultOver(store);
      await first.open();
      store.status = status;
      const second = vaultOver(store);
      await second.open();
      expect(second.state).toEqual({
        state: "failed",
        error: { code: "vault-unavailable", params: { reason } },
        reason,
      });
      expect(second.key).toBeUndefined();
      await expect(second.create("a passphrase")).rejects.toMatchObject({ code: "not-allowed" });
      store.status = "available";
      await second.open();
      expect(hex(second.key)).toBe(hex(first.key));
    },
  );

  it("never begins anew when the store has lost the key or has another one", async () => {
    const store = fakeStore("available");
    await vaultOver(store).open();
    for (const [name] of store.entries) store.entries.set(name, Buffer.alloc(32, 1).toString("base64"));
    const other = vaultOver(store);
    await other.open();
    expect(other.state).toMatchObject({
      state: "failed",
      error: { code: "vault-unavailable", params: { reason: "key-missing" } },
    });
    store.entries.clear();
    const lost = vaultOver(store);
    await lost.open();
    expect(lost.state).toMatchObject({ state: "failed", error: { params: { reason: "key-missing" } } });
    expect(store.entries.size).toBe(0);
  });

  it("does not rely on a store that does not give back what it took", async () => {
    const store = fakeStore("available");
    const vault = vaultOver({ ...store, probe: async () => "available", get: async () => undefined });
    await vault.open();
    expect(vault.state).toMatchObject({ state: "failed", error: { params: { reason: "key-not-kept" } } });
    expect(await readdir(folder)).toEqual([]);
  });

  it("keeps passwords there", async () => {
    const store = fakeStore("available");
    const vault = vaultOver(store);
    await expect(vault.passwords.get("account-1")).rejects.toMatchObject({ code: "vault-locked" });
    await vault.open();
    await vault.passwords.set("account-1", "hunter2");
    expect(await vault.passwords.get("account-1")).toBe("hunter2");
    expect([...store.entries.values()]).toContain("hunter2");
    await vault.passwords.delete("account-1");
    expect(await vault.passwords.get("account-1")).toBeUndefined();
  });
});

describe("vault with a passphrase", () => {
  it.each([
    ["absent", "no-secret-store"],
    ["locked", "secret-store-locked"],
  ] as const)("asks for one where the store is %s, and unlocks with it only", async (status, reason) => {
    const profile = fakeProfile();
    const first = vaultOver(fakeStore(status), profile);
    await first.open();
    expect(first.state).toEqual({ state: "new", reason });
    await first.create("battery horse staple");
    expect(first.state).toEqual({ state: "ready" });
    const text = await readFile(join(folder, "vault.json"), "utf8");
    for (const secret of ["correct", Buffer.from(first.key ?? []).toString("base64"), hex(first.key)])
      expect(text).not.toContain(secret);

    // A secret store that appears later changes nothing: the passphrase stays.
    const second = vaultOver(fakeStore("available"), profile);
    await second.open();
    expect(second.state).toEqual({ state: "locked", reason });
    await expect(second.unlock("correct horse batterx")).rejects.toMatchObject({ code: "vault-wrong-passphrase" });
    expect(second.state.state).toBe("locked");
    await second.unlock("battery horse staple");
    expect(hex(second.key)).toBe(hex(first.key));
    await second.passwords.set("account-1", "hunter2");
    expect(profile.entries.get("password account-1")).toBe("hunter2");
    expect(await second.passwords.get("account-1")).toBe("hunter2");
    second.close();
    expect(second.key).toBeUndefined();
  });

  it("makes one key when asked twice at once", async () => {
    const vault = vaultOver(fakeStore("absent"));
    await vault.open();
    const results = await Promise.allSettled([
      vault.create("marble lantern orchard"),
      vault.create("copper violin meadow"),
    ]);
    expect(results.map((one) => one.status)).toEqual(["fulfilled", "rejected"]);
    const again = vaultOver(fakeStore("absent"));
    await again.open();
    await again.unlock("marble lantern orchard");
    expect(hex(again.key)).toBe(hex(vault.key));
  });

  it("types alike on every system: composed and decomposed letters are the same", async () => {
    const vault = vaultOver(fakeStore("absent"));
    await vault.open();
    await vault.create("caf\u00e9 marble lantern orchard");
    const again = vaultOver(fakeStore("absent"));
    await again.open();
    await again.unlock("cafe\u0301 marble lantern orchard");
    expect(again.state.state).toBe("ready");
  });

  it("says so when it cannot be written", async () => {
    await writeFile(join(folder, "in-the-way"), "");
    const vault = createVault({
      folder: join(folder, "in-the-way", "deeper"),
      secrets: fakeStore("absent"),
      profile: () => undefined,
    });
    await vault.open();
    if (vault.state.state === "new")
      await expect(vault.create("marble lantern orchard")).rejects.toMatchObject({ code: "storage-failed" });
    expect(vault.key).toBeUndefined();
  });
});

describe("a passphrase that is easy to guess", () => {
  it("is refused when it is new, whoever asks, with the reason", async () => {
    const vault = createVault({
      folder,
      secrets: fakeStore("absent"),
      profile: () => undefined,
      known: () => ["Harbour Lantern"],
    });
    await vault.open();
    await expect(vault.create("P@ssw0rd2026")).rejects.toMatchObject({
      code: "passphrase-weak",
      params: { reason: "common" },
    });
    await expect(vault.create("Harbour Lantern 1")).rejects.toMatchObject({
      code: "passphrase-weak",
      params: { reason: "own" },
    });
    expect(vault.state.state).toBe("new");
    expect(await readdir(folder)).toEqual([]);
  });

  it("still opens where it is in use", async () => {
    const key = new Uint8Array(32).fill(7);
    await writeVaultFile(join(folder, "vault.json"), await passphraseFile(key, "pw", "no-secret-store"));
    const vault = vaultOver(fakeStore("absent"));
    await vault.open();
    await vault.unlock("pw");
    expect(hex(vault.key)).toBe(hex(key));
  });
});

describe("vault.json", () => {
  it("that is broken, changed or missing beside a profile is never replaced", async () => {
    const vault = vaultOver(fakeStore("absent"));
    await vault.open();
    await vault.create("marble lantern orchard");
    const path = join(folder, "vault.json");
    const good = await readFile(path, "utf8");
    for (const bad of [
      "",
      "{",
      "null",
      good.slice(0, 100),
      good.replace('"n": 131072', '"n": 2'),
      "x".repeat(20_000),
    ]) {
      await writeFile(path, bad);
      const other = vaultOver(fakeStore("available"));
      await other.open();
      expect(other.state).toMatchObject({
        state: "failed",
        error: { code: "vault-unavailable", params: { reason: "vault-file-broken" } },
      });
      expect(await readFile(path, "utf8")).toBe(bad);
    }
    const otherId = good.replace(/"id": "[^"]+"/, '"id": "00000000-0000-4000-8000-000000000000"');
    await writeFile(path, otherId);
    const moved = vaultOver(fakeStore("absent"));
    await moved.open();
    await expect(moved.unlock("marble lantern orchard")).rejects.toMatchObject({ code: "vault-wrong-passphrase" });
    await rm(path);
    await writeFile(join(folder, "profile.db"), "something");
    const without = vaultOver(fakeStore("available"));
    await without.open();
    expect(without.state).toMatchObject({ state: "failed", error: { params: { reason: "vault-file-missing" } } });
  });
});
