import { createPublicKey, type KeyObject, verify } from "node:crypto";

/** The setting that holds the key. */
export const publicKeySetting = "PolicyPublicKey";

/** Key that verifies a policy file; `unusable` verifies none. */
export type PolicyKey = KeyObject | "unusable";

/** The head of an Ed25519 SubjectPublicKeyInfo (RFC 8410 section 4); the 32 bytes of the key follow. */
const spkiHead = Buffer.from("302a300506032b6570032100", "hex");
const signatureBytes = 64;

/**
 * The key that a value of PolicyPublicKey names: PEM, also on one line with spaces or a written-out `\n` for its
 * breaks, or in base64 the SPKI or the bare 32 bytes. Undefined: no signature is asked for. Whatever else stands there
 * is `unusable`: a slip must not switch signatures off.
 */
export function policyKey(value: unknown): PolicyKey | undefined {
  if (value === undefined || value === "") return undefined;
  if (typeof value !== "string" || value.length > 500) return "unusable";
  const bytes = Buffer.from(value.replace(/-----[A-Z ]+-----|\\[rn]/g, ""), "base64");
  const spki = bytes.length === 32 ? Buffer.concat([spkiHead, bytes]) : bytes;
  if (spki.length !== spkiHead.length + 32 || !spki.subarray(0, spkiHead.length).equals(spkiHead)) return "unusable";
  try {
    return createPublicKey({ key: spki, format: "der", type: "spki" });
  } catch {
    return "unusable";
  }
}

/**
 * Whether one of the signatures beside a file is the key's over exactly these bytes (Ed25519, RFC 8032). The signature
 * file holds the 64 bytes as they are, or base64, one signature a line, so that a file can be signed with the old key
 * and the new one while the key is changed.
 */
export function isSigned(key: PolicyKey, content: Uint8Array, signatures: Uint8Array): boolean {
  if (key === "unusable") return false;
  const found = signatures.length === signatureBytes ? [signatures] : decodeLines(signatures);
  return found.some((signature) => signature.length === signatureBytes && verify(null, content, key, signature));
}

function decodeLines(bytes: Uint8Array): readonly Uint8Array[] {
  const lines = Buffer.from(bytes).toString("latin1").split(/\s+/).filter(Boolean);
  return lines.slice(0, 8).map((line) => Buffer.from(line, "base64"));
}
