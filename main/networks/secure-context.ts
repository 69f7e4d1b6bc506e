import { constants, createHash } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { trustAnchors } from "./server-trust.ts";

export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** Reading a hundred and more anchors takes some milliseconds, and they rarely change. */
const contexts = new Map<string, SecureContext>();
const maxContexts = 8;

/** Anchors, versions and ciphers of a TLS client. `ca`: as `ServerProof.ca`. */
export function secureContext(ca: readonly string[] = trustAnchors([]), minVersion: TlsVersion): SecureContext {
  const hash = createHash("sha256").update(minVersion);
  for (const anchor of ca) hash.update(`\n${anchor}`);
  const key = hash.digest("base64");
  const known = contexts.get(key);
  if (known) return known;
  const made = createSecureContext({
    ca: [...ca],
    minVersion,
    maxVersion: "TLSv1.3",
    ciphers: constants.defaultCoreCipherList,
  });
  if (contexts.size >= maxContexts) contexts.clear();
  contexts.set(key, made);
  return made;
}
