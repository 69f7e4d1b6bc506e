import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { HallwayError } from "../../shared/errors.ts";
import type { Secrets } from "./secrets.ts";
import { type SignedPurpose, showPublicKey, signText } from "./signing.ts";

/** The key that says "this came from this device": Ed25519 (RFC 8032), made once. */
export interface DeviceKey {
  /** Base64 of the 32 bytes of the public key. */
  readonly publicKey: string;
  /** Base64 of the signature over `lengthPrefixed([purpose, message])` (signing.ts). */
  sign(purpose: SignedPurpose, message: string): string;
  /** PKCS #8, DER; for the database worker, which signs the audit entries. */
  readonly privateKey: Uint8Array;
}

const name = "device-key";

/**
 * The device key that is kept, or a new one when there is none. `beforeNew` is awaited before a new one is kept.
 * Errors: `vault-unavailable` (it cannot be read or kept).
 */
export async function openDeviceKey(secrets: Secrets, beforeNew: () => Promise<void>): Promise<DeviceKey> {
  const kept = await readDeviceKey(secrets);
  if (kept) return kept;
  await beforeNew();
  const { privateKey } = generateKeyPairSync("ed25519");
  await secrets.set(name, privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"));
  // Only what can be read back may be relied on.
  const read = await readDeviceKey(secrets);
  if (!read) throw new HallwayError("vault-unavailable", { reason: "key-not-kept" });
  return read;
}

/** Undefined: none was made yet. Errors: `vault-unavailable` (what is kept is no such key, or cannot be read). */
export async function readDeviceKey(secrets: Secrets): Promise<DeviceKey | undefined> {
  const text = await secrets.get(name);
  if (text === undefined) return undefined;
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  const key = parse(bytes);
  if (key?.asymmetricKeyType !== "ed25519")
    throw new HallwayError("vault-unavailable", { reason: "device-key-broken" });
  return {
    publicKey: showPublicKey(createPublicKey(key)),
    sign: (purpose, message) => signText(key, purpose, message),
    privateKey: bytes,
  };
}

function parse(bytes: Uint8Array): KeyObject | undefined {
  try {
    return createPrivateKey({ key: Buffer.from(bytes), format: "der", type: "pkcs8" });
  } catch {
    return undefined;
  }
}
