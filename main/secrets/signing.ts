import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";

/**
 * Purposes of the device key's signatures. Each begins another message, so that a signature for one is none for
 * another.
 */
export type SignedPurpose = "hallway audit entry 1" | "hallway audit head 1" | "hallway export manifest 1";

/** The head of an Ed25519 SubjectPublicKeyInfo (RFC 8410 section 4); the 32 bytes of the key follow. */
const spkiHead = Buffer.from("302a300506032b6570032100", "hex");

/**
 * Each text as its length in bytes (4 bytes, most significant first) and its UTF-8: no two lists of texts give the same
 * bytes.
 */
export function lengthPrefixed(texts: readonly string[]): Buffer {
  let size = 0;
  for (const text of texts) size += 4 + Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const text of texts) {
    const length = bytes.write(text, at + 4);
    bytes.writeUInt32BE(length, at);
    at += 4 + length;
  }
  return bytes;
}

/** Base64 of the 64 bytes of an Ed25519 signature (RFC 8032) over `lengthPrefixed([purpose, message])`. */
export function signText(key: KeyObject, purpose: SignedPurpose, message: string): string {
  return sign(null, lengthPrefixed([purpose, message]), key).toString("base64");
}

/** A text with the signature that `signText` is said to have made. */
export interface SignedText {
  readonly purpose: SignedPurpose;
  readonly message: string;
  readonly signature: string;
}

/** Whether `signText` made it with the private half of this key. */
export function isSignedText(key: KeyObject, { purpose, message, signature }: SignedText): boolean {
  const bytes = signatureBytes(signature);
  return bytes !== undefined && verify(null, lengthPrefixed([purpose, message]), key, bytes);
}

/** As `isSignedText`, in a thread of Node's pool. */
export function isSignedTextInPool(key: KeyObject, { purpose, message, signature }: SignedText): Promise<boolean> {
  const bytes = signatureBytes(signature);
  if (!bytes) return Promise.resolve(false);
  return new Promise((resolve) =>
    verify(null, lengthPrefixed([purpose, message]), key, bytes, (error, good) => resolve(error === null && good)),
  );
}

/** Undefined unless it is as signText writes it: another spelling of the same bytes is another text. */
function signatureBytes(signature: string): Buffer | undefined {
  const bytes = Buffer.from(signature, "base64");
  return bytes.length === 64 && bytes.toString("base64") === signature ? bytes : undefined;
}

/** A public key as it is shown: base64 of its 32 bytes. */
export function showPublicKey(key: KeyObject): string {
  return key.export({ type: "spki", format: "der" }).subarray(spkiHead.length).toString("base64");
}

/** The key that `showPublicKey` showed. Throws for what is none. */
export function readPublicKey(shown: string): KeyObject {
  return createPublicKey({ key: Buffer.concat([spkiHead, Buffer.from(shown, "base64")]), format: "der", type: "spki" });
}
