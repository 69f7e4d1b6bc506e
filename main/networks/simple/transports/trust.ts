import { isIP } from "node:net";
import { canonicalIp } from "../../../addressing/host-port.ts";
import { altNames } from "../../alt-names.ts";
import type { ServerProof } from "../../dial.ts";
import type { RevocationCheck } from "../../environment.ts";
import { trustAnchors } from "../../server-trust.ts";

/** How a server proves who it is. */
export interface Trust {
  /**
   * Names of which one must stand in the certificate: the SIP domain, and the host when a person fixed it. A-labels.
   */
  readonly names: readonly string[];
  /** Trust anchors beside the system's, PEM. */
  readonly anchors: readonly string[];
  /** Base64 SHA-256 of SPKI; empty: none is asked for. */
  readonly pins: readonly string[];
  /** May the server that goes by these names have this key? Asked beside `pins`. */
  readonly mayHave: (names: readonly string[], key: string) => boolean;
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
  /** Absent: nobody is asked whether the certificate was revoked. */
  readonly revocation?: RevocationCheck | undefined;
}

/** Proof that a server goes by one of the names (RFC 5922 section 7). `asked`: the name that it is asked for. */
export function serverProof(trust: Trust, asked: string = trust.names[0] ?? ""): ServerProof {
  const { names, anchors, pins, mayHave, minVersion, revocation } = trust;
  return {
    host: names[0] ?? "",
    asked,
    ca: trustAnchors(anchors),
    minVersion,
    isNamed: (subjectAltName) => names.some((name) => nameMatches(subjectAltName, name)),
    mayHave: (key) => (pins.length === 0 || pins.includes(key)) && mayHave(names, key),
    revocation,
  };
}

/**
 * Whether one of the subject alternative names is this name. RFC 5922 section 7.1: `sip:` URIs without user count
 * first, and when there is one, DNS names do not count any more. Section 7.2: wildcards never match. The common name is
 * not looked at.
 */
export function nameMatches(subjectAltName: string | undefined, name: string): boolean {
  const wanted = canonicalIp(name.toLowerCase());
  const entries = altNames(subjectAltName);
  if (isIP(wanted)) return entries.some(({ type, value }) => type === "ip" && value === wanted);
  const uris = entries
    .flatMap(({ type, value }) => (type === "uri" ? [/^sips?:([^@;?:]+)$/i.exec(value)?.[1]?.toLowerCase()] : []))
    .filter((v) => v !== undefined);
  if (uris.length > 0) return uris.includes(wanted);
  return entries.some(({ type, value }) => type === "dns" && value === wanted);
}
