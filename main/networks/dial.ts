import { X509Certificate } from "node:crypto";
import type { ClientRequest, RequestOptions } from "node:http";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { ClientOptions, WebSocket } from "ws";
import { HallwayError } from "../../shared/errors.ts";
import type { DnsResolver } from "./dns.ts";
import type { Revocation, RevocationCheck, Tunnel } from "./environment.ts";
import { http } from "./http.ts";
import { secureContext, type TlsVersion } from "./secure-context.ts";
import { keyOf } from "./server-trust.ts";
import { socketLookup } from "./socket-lookup.ts";
import { explainTls } from "./tls-version.ts";

/**
 * The one dialler: every connection that leaves this computer is opened here, and TLS is spoken here.
 *
 *   dial = open (the proxy where there is one, else the address) -> secure (TLS, and everything the server has to prove)
 *
 * STARTTLS and proxies speak in clear between the two; requests and WebSockets run over a connection that stands. No
 * environment variable and no flag of Node has a say.
 */

/** A server to connect to. */
export interface Destination {
  /** A name or an IP address; brackets around an IPv6 address do no harm. */
  readonly host: string;
  readonly port: number;
  /** Absent: the system resolves the name. Not asked where a proxy does. */
  readonly lookup?: DnsResolver["lookup"] | undefined;
  /** Absent: there is no proxy. */
  readonly tunnel?: Tunnel | undefined;
}

/** Proof that a server has to give before anything is said to it. */
export interface ServerProof {
  /** The host as errors and the revocation check name it. */
  readonly host: string;
  /** The name that the server is asked for (RFC 6066 section 3). */
  readonly asked: string;
  /** All trust anchors, PEM; undefined: those of `trustAnchors` without any extra. */
  readonly ca: readonly string[] | undefined;
  readonly minVersion: TlsVersion;
  /** Whether a certificate with this subjectAltName is the server's. */
  readonly isNamed: (subjectAltName: string | undefined) => boolean;
  /** May the server have this key? Base64 SHA-256 of SPKI. */
  readonly mayHave: (key: string) => boolean;
  /** Absent: nobody is asked. */
  readonly revocation?: RevocationCheck | undefined;
  /** Protocols to offer (RFC 7301). */
  readonly alpn?: readonly string[];
}

/** A connection to a server that has proved who it is. */
export interface SecuredConnection {
  readonly socket: TLSSocket;
  readonly revocation: Revocation;
}

/**
 * Opens and secures a connection. Errors: those of `open` and `secure`. The socket has a listener for errors; it is
 * handed over with nothing read.
 */
export async function dial(
  destination: Destination,
  proof: ServerProof,
  signal: AbortSignal,
): Promise<SecuredConnection> {
  return secure(await open(destination, signal), proof, signal);
}

/**
 * Opens a connection in clear, through the proxy where there is one. Rejects with `proxy-*`, `blocked-by-policy`, the
 * reason of the signal, or Node's error.
 */
export async function open({ host, port, lookup, tunnel }: Destination, signal: AbortSignal): Promise<Socket> {
  const target = { host: host.replace(/^\[|\]$/g, ""), port };
  signal.throwIfAborted();
  const tunnelled = await tunnel?.(target, signal);
  const socket =
    tunnelled ?? connectTcp({ ...target, ...(lookup === undefined ? {} : { lookup: socketLookup(lookup) }) });
  socket.on("error", ignore);
  socket.setNoDelay(true);
  socket.setKeepAlive(true);
  if (tunnelled) {
    // The proxy may have answered in the moment of giving up: nobody else knows of its connection.
    if (signal.aborted) socket.destroy();
    signal.throwIfAborted();
  } else await untilOpen(socket, { event: "connect", host: target.host, signal });
  return socket;
}

/**
 * Secures a connection. It is handed over when the certificate was checked to be trusted, for this server, of a key
 * that may be, and not revoked; else it is destroyed. Rejects with `certificate-pin-mismatch`, `certificate-revoked`,
 * `certificate-unchecked`, `blocked-by-policy` (TlsMinVersion), `tls-failed` where the server ends it without a word,
 * the reason of the signal, or Node's error.
 */
export async function secure(plain: Socket, proof: ServerProof, signal: AbortSignal): Promise<SecuredConnection> {
  const { host, minVersion, revocation } = proof;
  let socket: TLSSocket | undefined;
  try {
    signal.throwIfAborted();
    socket = startTls(plain, proof);
    let staple: Buffer | undefined;
    // RFC 6066 section 8: comes during the handshake.
    socket.once("OCSPResponse", (response: Buffer) => {
      staple = response;
    });
    await untilOpen(socket, { event: "secureConnect", host, signal });
    const checked = (await revocation?.({ socket, staple, host }, signal)) ?? "unchecked";
    signal.throwIfAborted();
    if (socket.destroyed) throw new HallwayError("connection-lost", { host });
    return { socket, revocation: checked };
  } catch (error) {
    socket?.destroy();
    plain.destroy();
    throw signal.aborted ? signal.reason : explainTls(error, minVersion, host);
  }
}

/**
 * TLS over a connection. All that Node would otherwise take from the environment or the command line is said here or in
 * secure-context.ts: whether certificates are checked (NODE_TLS_REJECT_UNAUTHORIZED), by which anchors
 * (NODE_EXTRA_CA_CERTS, --use-system-ca, --use-openssl-ca), versions (--tls-min-v1.0) and ciphers (--tls-cipher-list).
 */
function startTls(plain: Socket, { host, asked, ca, minVersion, isNamed, mayHave, alpn }: ServerProof): TLSSocket {
  const name = asked.replace(/^\[|\]$/g, "");
  const socket = connectTls({
    socket: plain,
    // RFC 6066 section 3: no address literals in SNI.
    ...(isIP(name) ? {} : { servername: name }),
    ...(alpn ? { ALPNProtocols: [...alpn] } : {}),
    secureContext: secureContext(ca, minVersion),
    requestOCSP: true,
    rejectUnauthorized: true,
    checkServerIdentity(_, { raw }) {
      const certificate = new X509Certificate(raw);
      if (!isNamed(certificate.subjectAltName)) return wrongName(host);
      return mayHave(keyOf(certificate)) ? undefined : new HallwayError("certificate-pin-mismatch", { host });
    },
  });
  // For a record that cannot be decrypted, or an alert, Node emits `error` and leaves the socket open, on which nothing
  // is heard any more.
  socket.on("error", () => socket.destroy());
  // Keys are written to no file (--tls-keylog).
  socket.removeAllListeners("keylog");
  return socket;
}

/** As Node says it of a certificate that is somebody else's. */
const wrongName = (host: string): Error =>
  Object.assign(new Error(`the certificate is not for ${host}`), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });

/** An error must have a listener at every moment, or it ends the program. */
const ignore = (): void => undefined;

interface Opening {
  readonly event: "connect" | "secureConnect";
  readonly host: string;
  readonly signal: AbortSignal;
}

/** Destroys the socket when the signal says so, or when it does not open. */
function untilOpen(socket: Socket, { event, host, signal }: Opening): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      signal.removeEventListener("abort", stop);
      socket.off(event, good).off("error", bad).off("close", closed);
      outcome();
    };
    const stop = (): void => bad(signal.reason);
    const good = (): void => settle(resolve);
    const bad = (error: unknown): void =>
      settle(() => {
        socket.destroy();
        reject(error);
      });
    const closed = (): void =>
      bad(new HallwayError(event === "connect" ? "connection-refused" : "tls-failed", { host }));
    signal.addEventListener("abort", stop, { once: true });
    socket.on(event, good).on("error", bad).on("close", closed);
    if (signal.aborted) stop();
  });
}

/**
 * An HTTP request over a connection, which ends with it. `host`: as the URL has it, with its port where it has one.
 */
export function requestOver(
  socket: Socket,
  host: string,
  options: Pick<RequestOptions, "method" | "path" | "signal" | "headers">,
): ClientRequest {
  return http().request({ ...options, headers: { Host: host, ...options.headers }, createConnection: () => socket });
}

/** Options of a WebSocket; `protocol`: of the application inside (RFC 6455 section 1.9). */
interface WebSocketOptions extends Pick<ClientOptions, "headers" | "maxPayload" | "skipUTF8Validation"> {
  readonly protocol: string;
}

/** A WebSocket over a connection (RFC 6455), which is opening yet. Redirects are not followed. */
export async function webSocketOver(
  socket: TLSSocket,
  url: URL,
  { protocol, ...options }: WebSocketOptions,
): Promise<WebSocket> {
  // Brings a library and Node's HTTP with it, which most accounts never need.
  const { WebSocket } = await import("ws");
  return new WebSocket(url, [protocol], {
    ...options,
    createConnection: () => socket,
    followRedirects: false,
    perMessageDeflate: false,
  });
}
