import { createHash, X509Certificate } from "node:crypto";
import { isIP, type LookupFunction } from "node:net";
import { type ConnectionOptions, checkServerIdentity, getCACertificates, rootCertificates, type TLSSocket } from "node:tls";
import { type ErrorCode, HallwayError } from "../../../../shared/errors.ts";
import { peerCertificate } from "../../peer-certificate.ts";
import type { ChannelBinding, Lookup, TlsOptions } from "../transport.ts";

/**
 * TLS options that check the server's certificate against any of `names` (RFC 6125 with the XMPP domain as reference
 * identifier, RFC 7590 section 3.4), and its key against the pins.
 */
export function tlsOptions(options: TlsOptions, names: readonly [string, ...string[]]): ConnectionOptions {
  const [name] = names;
  return {
    ...(isIP(name) ? {} : { servername: name }),
    ...(options.ca ? { ca: [...options.ca] } : {}),
    minVersion: options.minVersion,
    requestOCSP: true,
    rejectUnauthorized: true,
    checkServerIdentity: (_, certificate) => {
      const problems = names.map((n) => checkServerIdentity(n, certificate));
      if (problems.every((p) => p !== undefined)) return problems[0];
      const key = keyOf(new X509Certificate(certificate.raw));
      const good = (options.pins.length === 0 || options.pins.includes(key)) && options.mayHave(names, key);
      return good ? undefined : new HallwayError("certificate-pin-mismatch");
    },
  };
}

/** RFC 7469 section 2.4: SHA-256 over the key's SubjectPublicKeyInfo. */
function keyOf(certificate: X509Certificate): string {
  return createHash("sha256")
    .update(certificate.publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}

/** The key of the server at the other end. */
export function serverKey(socket: TLSSocket): string | undefined {
  const certificate = peerCertificate(socket);
  return certificate && keyOf(certificate);
}

/** All anchors as PEM: Node's own, the system's, and those given. Undefined when nothing was given beyond the defaults. */
export function trustAnchors(extra: readonly string[]): readonly string[] | undefined {
  const own = anchors("default");
  const all = new Set([...own, ...anchors("system"), ...extra]);
  return all.size === own.length ? undefined : [...all];
}

function anchors(kind: "default" | "system"): readonly string[] {
  try {
    return getCACertificates(kind);
  } catch {
    // Node's own are compiled in; the system's may not be readable.
    return kind === "default" ? rootCertificates : [];
  }
}

const trustCodes: ReadonlySet<string> = new Set([
  "CERT_CHAIN_TOO_LONG",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

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
  CERT_HAS_EXPIRED: "certificate-expired",
  CERT_NOT_YET_VALID: "certificate-expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate-wrong-name",
};

/** What went wrong on a socket, in our codes. `host` fills the sentence. `otherwise`: for what says nothing itself. */
export function socketError(error: unknown, host: string, otherwise: ErrorCode): HallwayError {
  if (error instanceof HallwayError) return error.params ? error : new HallwayError(error.code, { host }, error.cause);
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && "code" in first && typeof first.code === "string" ? first.code : "";
  if (trustCodes.has(code)) return new HallwayError("certificate-untrusted", { host }, error);
  const known = networkCodes[code];
  if (known) return new HallwayError(known, { host }, error);
  if (code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS") || code === "EPROTO") return new HallwayError("tls-failed", { host }, error);
  return new HallwayError(otherwise, { host }, error);
}

/** RFC 9266 section 2 and RFC 5929 section 3. */
export function channelBinding(socket: TLSSocket, type: ChannelBinding): Buffer | undefined {
  const version = socket.getProtocol();
  if (type === "tls-exporter") return version === "TLSv1.3" ? socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)) : undefined;
  // No session is ever resumed, so the client's Finished is the first of the handshake. Not defined for TLS 1.3.
  return version === "TLSv1.2" && !socket.isSessionReused() ? socket.getFinished() : undefined;
}

/** The house's resolver in the shape that sockets ask for. */
export function socketLookup(lookup: Lookup): LookupFunction {
  return (host, options, callback) => {
    lookup(host).then(
      (addresses) => {
        const usable = options.family === 4 || options.family === 6 ? addresses.filter((a) => a.family === options.family) : addresses;
        const [first] = usable;
        if (!first) callback(Object.assign(new Error("no address"), { code: "ENOTFOUND" }), "", 4);
        else if (options.all)
          callback(
            null,
            usable.map(({ address, family }) => ({ address, family })),
          );
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error("lookup failed"), "", 4),
    );
  };
}
