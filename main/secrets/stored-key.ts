import { randomBytes } from "node:crypto";
import type { SecretStore } from "./secret-store.ts";
import { isKeyOf, keyName, type StoreFile, secretStoreFile, writeVaultFile } from "./vault-file.ts";

/**
 * Makes a key, puts it into the secret store and writes vault.json (at `path`). Undefined: the store does not keep it.
 * Errors: `storage-full`, `storage-failed`.
 */
export async function makeStoredKey(
  store: SecretStore,
  path: string,
): Promise<{ readonly file: StoreFile; readonly key: Uint8Array } | undefined> {
  const key = new Uint8Array(randomBytes(32));
  const file = secretStoreFile(key);
  if (!(await storeKey(store, file, key))) return undefined;
  await writeVaultFile(path, file);
  return { file, key };
}

/** Puts the key into the secret store. False: it cannot be read back, and only what can be may be relied on. */
export async function storeKey(store: SecretStore, file: StoreFile, key: Uint8Array): Promise<boolean> {
  await store.set(keyName(file), Buffer.from(key).toString("base64"));
  return (await storedKey(store, file)) !== undefined;
}

/** Undefined: not there, or not the key that the file was made for. */
export async function storedKey(store: SecretStore, file: StoreFile): Promise<Uint8Array | undefined> {
  const text = await store.get(keyName(file));
  const bytes = text === undefined ? undefined : new Uint8Array(Buffer.from(text, "base64"));
  return bytes?.length === 32 && isKeyOf(file, bytes) ? bytes : undefined;
}
