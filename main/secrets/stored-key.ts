import type { SecretStore } from "./secret-store.ts";
import { isKeyOf, keyName, type StoreFile } from "./vault-file.ts";

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
