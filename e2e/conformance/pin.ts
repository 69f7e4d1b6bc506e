import { createHash, X509Certificate } from "node:crypto";

/** Base64 SHA-256 of a certificate's public key (RFC 7469 section 2.4). */
export function pinOf(certPem: string): string {
  const { publicKey } = new X509Certificate(certPem);
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}
