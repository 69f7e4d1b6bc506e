import type { ClientRequest, RequestOptions } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { HallwayError } from "../../shared/errors.ts";
import { altNames, isForHost } from "./alt-names.ts";
import { clientTls, connectTls, wrongName } from "./client-tls.ts";
import type { ConnectionRules } from "./connection-rules.ts";
import type { DnsResolver } from "./dns.ts";
import type { NetworkEnvironment, RevocationCheck, Tunnel } from "./environment.ts";
import { http } from "./http.ts";
import { keyOf, trustAnchors } from "./server-trust.ts";
import { socketLookup } from "./socket-lookup.ts";
import { collectStaple } from "./stapled.ts";
import { explainTls } from "./tls-version.ts";

/** A server that is known by the name of its host, and what is asked of it. */
interface SecureTarget {
  /** Brackets around an IPv6 address do no harm. */
  readonly host: string;
  readonly port: number;
  /** As `ServerProof.ca`. */
  readonly ca: readonly string[] | undefined;
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
  /** May it have this key? Base64 SHA-256 of SPKI. */
  readonly mayHave: (host: string, key: string) => boolean;
  readonly lookup: DnsResolver["lookup"];
  readonly tunnel?: Tunnel | undefined;
  readonly revocation?: RevocationCheck | undefined;
}

/**
 * Connects, through the proxy where there is one, and secures the connection: it is handed over when the certificate
 * was checked to be trusted, for this host (RFC 9525, RFC 9110 section 4.3.4), of a key that may be, and not revoked.
 * Rejects with `certificate-pin-mismatch`, `certificate-revoked`, `certificate-unchecked`, `blocked-by-policy`,
 * `proxy-*`, `connection-lost`, the reason of the signal, or what Node says.
 */
export async function connectSecurely(target: SecureTarget, signal: AbortSignal): Promise<TLSSocket> {
  const { port, ca, minVersion, mayHave, lookup, tunnel, revocation } = target;
  const host = target.host.replace(/^\[|\]$/g, "");
  signal.throwIfAborted();
  const tunnelled: Socket | undefined = await tunnel?.({ host, port }, signal);
  const proof = clientTls({
    ca,
    minVersion,
    name: host,
    check: (certificate) => {
      if (!isForHost(altNames(certificate.subjectAltName), host)) return wrongName(host);
      return mayHave(host, keyOf(certificate)) ? undefined : new HallwayError("certificate-pin-mismatch", { host });
    },
  });
  const socket = connectTls({
    ...proof,
    ...(tunnelled ? { socket: tunnelled } : { host, port, lookup: socketLookup(lookup) }),
  });
  const staple = collectStaple(socket);
  // An error must have a listener at every moment, or it ends the program.
  socket.on("error", () => undefined);
  const stop = (): void => void socket.destroy();
  signal.addEventListener("abort", stop, { once: true });
  try {
    signal.throwIfAborted();
    await secured(socket, host);
    await revocation?.(socket, staple(), host, signal);
    if (socket.destroyed) throw new HallwayError("connection-lost", { host });
    return socket;
  } catch (error) {
    socket.destroy();
    tunnelled?.destroy();
    throw signal.aborted ? signal.reason : explainTls(error, minVersion, host);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function secured(socket: TLSSocket, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(new HallwayError("connection-lost", { host })));
  });
}

/**
 * An HTTP request over such a connection, which ends with it. `host`: as the URL has it, with its port where it has
 * one.
 */
export function requestOver(
  socket: Socket,
  host: string,
  options: Pick<RequestOptions, "method" | "path" | "signal" | "headers">,
): ClientRequest {
  return http().request({ ...options, headers: { Host: host, ...options.headers }, createConnection: () => socket });
}

/** What it takes to reach the organization's own servers under the rules for every connection. */
export type ServerReach = Pick<NetworkEnvironment, "dns" | "tunnel" | "revocation" | "extraTrust" | "minTlsVersion"> & {
  readonly rules: Pick<ConnectionRules, "key">;
};

/**
 * As `connectSecurely`, under the rules that are in force now (AdditionalTrustAnchors, CertificatePins, RevocationMode,
 * TlsMinVersion, ProxySettings). `authority`: PEM that is trusted there besides.
 */
export function reachServer(
  { host, port, authority }: { readonly host: string; readonly port: number; readonly authority: string | undefined },
  reach: ServerReach,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return connectSecurely(
    {
      host,
      port,
      ca: trustAnchors([...reach.extraTrust, ...(authority === undefined ? [] : [authority])]),
      minVersion: reach.minTlsVersion,
      mayHave: (name, key) => reach.rules.key([name], key),
      lookup: (name) => reach.dns.lookup(name),
      tunnel: reach.tunnel,
      revocation: reach.revocation,
    },
    signal,
  );
}
