import { createHash, type X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import { type ErrorCode, HallwayError } from "../../../../shared/errors.ts";
import { canonicalIp } from "../../../addressing/host-port.ts";
import { altNames, isForHost, isForXmppDomain } from "../../alt-names.ts";
import type { ServerProof } from "../../dial.ts";
import { peerCertificate } from "../../peer-certificate.ts";
import { certificateError } from "../../server-trust.ts";
import type { ChannelBinding, TransportOptions } from "../stream/transport.ts";

/** A web server, which has names of its own. */
interface WebServer {
  /**
   * The host that is connected to, and asked for: its server may have many, and compares it with the Host of the
   * request.
   */
  readonly host: string;
  /** Hosts for which its certificate may be. */
  readonly hosts: readonly string[];
}

/**
 * Proof that a server is the XMPP domain's (RFC 6120 section 13.7.2.1, RFC 7590 section 3.4) or, where it is a web
 * server, of the hosts of that, with a key that the pins allow.
 */
export function serverProof({ tls, domain, endpoint, revocation }: TransportOptions, web?: WebServer): ServerProof {
  const hosts = web?.hosts ?? [];
  return {
    host: endpoint.host,
    asked: web && isIP(canonicalIp(web.host)) === 0 ? web.host : domain,
    ca: tls.ca,
    minVersion: tls.minVersion,
    isNamed(subjectAltName) {
      const names = altNames(subjectAltName);
      return isForXmppDomain(names, domain) || hosts.some((host) => isForHost(names, host));
    },
    mayHave: (key) => (tls.pins.length === 0 || tls.pins.includes(key)) && tls.mayHave([domain, ...hosts], key),
    revocation,
    // XEP-0368 section 2: the ALPN protocol for direct TLS.
    ...(endpoint.transport === "direct-tls" ? { alpn: ["xmpp-client"] } : {}),
  };
}

const networkCodes: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: "connection-refused",
  ECONNRESET: "connection-lost",
  ECONNABORTED: "connection-lost",
  EPIPE: "connection-lost",
  EADDRNOTAVAIL: "no-network",
  EHOSTDOWN: "no-network",
  EHOSTUNREACH: "no-network",
  ENETDOWN: "no-network",
  ENETUNREACH: "no-network",
  ENOTFOUND: "unknown-host",
  ENODATA: "unknown-host",
  EAI_AGAIN: "no-network",
  ETIMEDOUT: "timed-out",
};

/** The error of a socket in our codes. `host` fills the sentence. `otherwise`: for what says nothing itself. */
export function socketError(error: unknown, host: string, otherwise: ErrorCode): HallwayError {
  if (error instanceof HallwayError) return error.params ? error : new HallwayError(error.code, { host }, error.cause);
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && "code" in first && typeof first.code === "string" ? first.code : "";
  const known = certificateError(code) ?? networkCodes[code];
  if (known) return new HallwayError(known, { host }, error);
  if (code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS") || code === "EPROTO")
    return new HallwayError("tls-failed", { host }, error);
  return new HallwayError(otherwise, { host }, error);
}

/** RFC 9266 section 2, RFC 5929 sections 3 and 4. */
export function channelBinding(socket: TLSSocket, type: ChannelBinding): Buffer | undefined {
  if (type === "tls-server-end-point") return endPointHash(peerCertificate(socket));
  const version = socket.getProtocol();
  if (type === "tls-exporter")
    return version === "TLSv1.3"
      ? socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0))
      : undefined;
  // No session is ever resumed, so the client's Finished is the first of the handshake. Not defined for TLS 1.3.
  return version === "TLSv1.2" && !socket.isSessionReused() ? socket.getFinished() : undefined;
}

/**
 * RFC 5929 section 4.1: by the hash of the certificate's signature, but never MD5 or SHA-1; undefined where the
 * signature names no single one.
 */
function endPointHash(certificate: X509Certificate | undefined): Buffer | undefined {
  const bits = /sha-?(1|224|256|384|512)\b|sha-?(1|224|256|384|512)With|md5/i.exec(
    certificate?.signatureAlgorithm ?? "",
  );
  if (!certificate || !bits) return undefined;
  const size = bits[1] ?? bits[2];
  const hash = size === undefined || size === "1" ? "sha256" : `sha${size}`;
  return createHash(hash).update(certificate.raw).digest();
}
