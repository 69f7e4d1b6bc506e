import { createHash, X509Certificate } from "node:crypto";
import { rootCertificates, type TLSSocket } from "node:tls";
import type { ErrorCode } from "../../shared/errors.ts";
import { peerCertificate } from "./peer-certificate.ts";
import { systemAnchors } from "./system-anchors.ts";

/**
 * All anchors as PEM: those that come with Node, the system's, and those given. What the environment names is none of
 * them.
 */
export function trustAnchors(extra: readonly string[]): readonly string[] {
  common ??= different([...rootCertificates, ...systemAnchors()]);
  return extra.length === 0 ? common : different([...common, ...extra]);
}

let common: readonly string[] | undefined;

/** Each once, however its lines are broken: Node and the system have most anchors in common. */
function different(anchors: readonly string[]): readonly string[] {
  return [...new Map(anchors.map((pem) => [pem.replace(/\s/g, ""), pem])).values()];
}

/** RFC 7469 section 2.4: SHA-256 over the key's SubjectPublicKeyInfo, base64. */
export function keyOf(certificate: X509Certificate | Uint8Array): string {
  const { publicKey } = certificate instanceof X509Certificate ? certificate : new X509Certificate(certificate);
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}

/** The key of the server at the other end. */
export function serverKey(socket: TLSSocket): string | undefined {
  const certificate = peerCertificate(socket);
  return certificate && keyOf(certificate);
}

const certificateCodes: Readonly<Record<string, ErrorCode>> = {
  CERT_HAS_EXPIRED: "certificate-expired",
  CERT_NOT_YET_VALID: "certificate-expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate-wrong-name",
  CERT_CHAIN_TOO_LONG: "certificate-untrusted",
  CERT_REJECTED: "certificate-untrusted",
  CERT_REVOKED: "certificate-untrusted",
  CERT_SIGNATURE_FAILURE: "certificate-untrusted",
  CERT_UNTRUSTED: "certificate-untrusted",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate-untrusted",
  INVALID_CA: "certificate-untrusted",
  INVALID_PURPOSE: "certificate-untrusted",
  PATH_LENGTH_EXCEEDED: "certificate-untrusted",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate-untrusted",
  UNABLE_TO_GET_ISSUER_CERT: "certificate-untrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate-untrusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate-untrusted",
  ERROR_IN_CERT_NOT_BEFORE_FIELD: "certificate-untrusted",
  ERROR_IN_CERT_NOT_AFTER_FIELD: "certificate-untrusted",
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: "certificate-untrusted",
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: "certificate-untrusted",
  HOSTNAME_MISMATCH: "certificate-wrong-name",
  // Verdicts for which Node has no name, such as those on a key or a signature that is too weak.
  UNSPECIFIED: "certificate-untrusted",
};

/** Code for Node's verdict on a certificate; undefined: it is about something else. */
export function certificateError(nodeCode: string): ErrorCode | undefined {
  return certificateCodes[nodeCode];
}
