import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type tls from "node:tls";
import { HallwayError } from "../../../../shared/errors.ts";
import { canonicalIp } from "../../../addressing/host-port.ts";
import { altNames } from "../../alt-names.ts";
import { clientTls } from "../../client-tls.ts";
import type { RevocationCheck } from "../../environment.ts";
import { peerCertificate } from "../../peer-certificate.ts";
import { keyOf, trustAnchors } from "../../server-trust.ts";

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

/**
 * Options that check the chain, and nothing about the name: checkCertificate does that. `asked`: the name that the
 * server is asked for.
 */
export function tlsOptions(trust: Trust, asked: string = trust.names[0] ?? ""): tls.ConnectionOptions {
  return clientTls({
    ca: trustAnchors(trust.anchors),
    minVersion: trust.minVersion,
    name: asked,
    check: () => undefined,
  });
}

/**
 * Checks the certificate of a connected socket: name and pins; the chain was checked by Node.
 * Errors: `certificate-wrong-name`, `certificate-pin-mismatch`, `tls-failed`. Source: RFC 5922 section 7.
 */
export function checkCertificate(socket: tls.TLSSocket, trust: Trust): void {
  const certificate = peerCertificate(socket);
  const host = trust.names[0] ?? "";
  if (!certificate) throw new HallwayError("tls-failed", { host });
  if (!trust.names.some((name) => nameMatches(certificate.subjectAltName, name)))
    throw new HallwayError("certificate-wrong-name", { host });
  checkKey(certificate, trust, host);
}

/** Error: `certificate-pin-mismatch`. */
function checkKey(certificate: X509Certificate, { pins, mayHave, names }: Trust, host: string): void {
  const key = keyOf(certificate);
  if ((pins.length > 0 && !pins.includes(key)) || !mayHave(names, key))
    throw new HallwayError("certificate-pin-mismatch", { host });
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
