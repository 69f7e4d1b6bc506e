import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  randomUUID,
  scrypt,
  timingSafeEqual,
} from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import * as v from "valibot";
import { HallwayError } from "../../shared/errors.ts";
import { writeAtomic } from "../storage/write-atomic.ts";

const base64 = (bytes: number) =>
  v.pipe(
    v.string(),
    v.base64(),
    v.check((text) => Buffer.from(text, "base64").length === bytes),
  );
/** Why there is a passphrase, as shared/model/app.ts has it. */
const ReasonSchema = v.picklist(["no-secret-store", "secret-store-locked"]);
export type PassphraseReason = v.InferOutput<typeof ReasonSchema>;

/**
 * vault.json says where the key of the profile is. It holds no key and no password in the clear: either the name under
 * which the secret store has the key, or the key wrapped with AES-256-GCM under a key that scrypt (RFC 7914) makes of
 * the passphrase. Secrets beside the key are kept under `id`, which stays; `keyId` names the key itself once it has
 * been changed. `check` tells whether a key is the right one, and nothing about it.
 */
export const VaultFileSchema = v.variant("kind", [
  v.object({
    version: v.literal(1),
    id: v.pipe(v.string(), v.uuid()),
    kind: v.literal("secret-store"),
    keyId: v.optional(v.pipe(v.string(), v.uuid())),
    check: base64(16),
  }),
  v.object({
    version: v.literal(1),
    id: v.pipe(v.string(), v.uuid()),
    kind: v.literal("passphrase"),
    check: base64(16),
    reason: ReasonSchema,
    // Bounded, so that a file from elsewhere can neither weaken the next wrapping nor take all memory.
    kdf: v.object({
      name: v.literal("scrypt"),
      n: v.picklist([2 ** 15, 2 ** 16, 2 ** 17, 2 ** 18]),
      r: v.literal(8),
      p: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4)),
      salt: base64(32),
    }),
    wrapped: v.object({ nonce: base64(12), key: base64(32), tag: base64(16) }),
  }),
]);
export type VaultFile = v.InferOutput<typeof VaultFileSchema>;
export type PassphraseFile = Extract<VaultFile, { kind: "passphrase" }>;
export type StoreFile = Extract<VaultFile, { kind: "secret-store" }>;

const maxFileBytes = 16_384;

/**
 * Undefined: there is none. Errors: `vault-unavailable` (reason `vault-file-broken`: there is one, but it cannot be
 * read or used).
 */
export async function readVaultFile(path: string): Promise<VaultFile | undefined> {
  let text: string;
  try {
    if ((await stat(path)).size > maxFileBytes) throw new Error("too large");
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new HallwayError("vault-unavailable", { reason: "vault-file-broken" }, error);
  }
  try {
    return v.parse(VaultFileSchema, JSON.parse(text));
  } catch (error) {
    throw new HallwayError("vault-unavailable", { reason: "vault-file-broken" }, error);
  }
}

/** Errors: `storage-full`, `storage-failed`. */
export async function writeVaultFile(path: string, file: VaultFile): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeAtomic(path, `${JSON.stringify(file, undefined, 2)}\n`);
  } catch (error) {
    throw storageError(error);
  }
}

/** Whatever the file system threw while something was written. */
export function storageError(error: unknown): HallwayError {
  const full = error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
  return new HallwayError(full ? "storage-full" : "storage-failed", undefined, error);
}

/** A file for a key that the secret store will hold; in place of `former` when the key is changed. */
export function secretStoreFile(key: Uint8Array, former?: VaultFile): StoreFile {
  const check = keyTag(key).toString("base64");
  if (former === undefined) return { version: 1, id: randomUUID(), kind: "secret-store", check };
  return { version: 1, id: former.id, kind: "secret-store", keyId: randomUUID(), check };
}

/** The name under which the secret store has the key. */
export function keyName(file: StoreFile): string {
  return `hallway/${file.id}/profile-key${file.keyId === undefined ? "" : `/${file.keyId}`}`;
}

/** A file with the key wrapped under a passphrase. Takes about half a second and 128 MiB, off the main thread. */
export async function passphraseFile(
  key: Uint8Array,
  passphrase: string,
  reason: PassphraseReason,
): Promise<PassphraseFile> {
  const id = randomUUID();
  const kdf = { name: "scrypt" as const, n: 2 ** 17, r: 8 as const, p: 1, salt: randomBytes(32).toString("base64") };
  const wrappingKey = await derive(passphrase, kdf);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", wrappingKey, nonce);
  cipher.setAAD(boundTo(id));
  const wrapped = Buffer.concat([cipher.update(key), cipher.final()]);
  wrappingKey.fill(0);
  return {
    version: 1,
    id,
    kind: "passphrase",
    check: keyTag(key).toString("base64"),
    reason,
    kdf,
    wrapped: {
      nonce: nonce.toString("base64"),
      key: wrapped.toString("base64"),
      tag: cipher.getAuthTag().toString("base64"),
    },
  };
}

/** The key that the file was made for. Errors: `vault-wrong-passphrase`. */
export async function unwrapKey(file: PassphraseFile, passphrase: string): Promise<Uint8Array> {
  const wrappingKey = await derive(passphrase, file.kdf);
  try {
    const decipher = createDecipheriv("aes-256-gcm", wrappingKey, Buffer.from(file.wrapped.nonce, "base64"), {
      authTagLength: 16,
    });
    decipher.setAAD(boundTo(file.id));
    decipher.setAuthTag(Buffer.from(file.wrapped.tag, "base64"));
    const key = new Uint8Array(
      Buffer.concat([decipher.update(Buffer.from(file.wrapped.key, "base64")), decipher.final()]),
    );
    if (!isKeyOf(file, key)) throw new Error("another key");
    return key;
  } catch (error) {
    throw new HallwayError("vault-wrong-passphrase", undefined, error);
  } finally {
    wrappingKey.fill(0);
  }
}

/** Whether this is the passphrase that the file's key is wrapped under. */
export async function isPassphraseOf(file: PassphraseFile, passphrase: string): Promise<boolean> {
  try {
    (await unwrapKey(file, passphrase)).fill(0);
    return true;
  } catch (error) {
    if (error instanceof HallwayError && error.code === "vault-wrong-passphrase") return false;
    throw error;
  }
}

/** Whether a key is the one that the file was made for. */
export function isKeyOf(file: VaultFile, key: Uint8Array): boolean {
  return timingSafeEqual(Buffer.from(file.check, "base64"), keyTag(key));
}

function keyTag(key: Uint8Array): Buffer {
  return createHmac("sha256", key).update("hallway vault key check, version 1").digest().subarray(0, 16);
}

function boundTo(id: string): Buffer {
  return Buffer.from(`hallway vault 1 ${id}`);
}

function derive(passphrase: string, kdf: PassphraseFile["kdf"]): Promise<Buffer> {
  const maxmem = 128 * kdf.n * kdf.r * 2;
  // The same passphrase typed on another system must give the same bytes.
  const bytes = Buffer.from(passphrase.normalize("NFC"), "utf8");
  return new Promise((resolve, reject) => {
    scrypt(bytes, Buffer.from(kdf.salt, "base64"), 32, { N: kdf.n, r: kdf.r, p: kdf.p, maxmem }, (error, derived) => {
      bytes.fill(0);
      if (error) reject(new HallwayError("vault-unavailable", { reason: "derivation-failed" }, error));
      else resolve(derived);
    });
  });
}
