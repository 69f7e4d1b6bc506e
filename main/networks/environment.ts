import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ConnectionRules } from "./connection-rules.ts";
import type { DnsResolver } from "./dns.ts";
import type { Log } from "./log.ts";

/** Services that the composition root hands to every network: nothing here is global. */
export interface NetworkEnvironment {
  readonly dns: DnsResolver;
  /** Ways out through proxies; absent: there are none. */
  readonly tunnel?: Tunnel;
  /** Whether servers' certificates were revoked; absent: nobody is asked. */
  readonly revocation?: RevocationCheck;
  readonly log: Log;
  readonly now: () => number;
  /** The person's language, as a BCP 47 tag; absent: English. Read anew for each text. */
  readonly language?: string;
  /**
   * Trust anchors beside the system's (policy AdditionalTrustAnchors), PEM. Read anew for each connection, as
   * `minTlsVersion` is.
   */
  readonly extraTrust: readonly string[];
  /** Lowest TLS version (policy TlsMinVersion). */
  readonly minTlsVersion: "TLSv1.2" | "TLSv1.3";
  readonly rules: ConnectionRules;
  /** Cleartext may be used to these hosts only: loopback in tests. Never true in the product. */
  readonly allowCleartext: (host: string) => boolean;
  /** How long a server may take to show that it lives, in ms, when it is asked; absent: as each network has it. */
  readonly checkMs?: number;
  /**
   * Where rosters and other re-readable things are kept between starts (e.g. roster version); values at most 16 MiB.
   */
  readonly cache: { get(key: string): Promise<string | undefined>; set(key: string, value: string): Promise<void> };
}

/** A TLS handshake that has succeeded. */
export interface Handshake {
  readonly socket: TLSSocket;
  /** Answer of the certificate's authority that the server brought with it (RFC 6066 section 8). */
  readonly staple: Buffer | undefined;
  /** The server, as errors name it. */
  readonly host: string;
}

/**
 * Whether the certificate of the server at the other end was revoked (policy RevocationMode), after the handshake.
 * `unknown`: that cannot be found out; `unchecked`: nobody was asked. Errors: `certificate-revoked`,
 * `certificate-unchecked` where it has to be known, `cancelled`.
 */
export type RevocationCheck = (handshake: Handshake, signal: AbortSignal) => Promise<Revocation>;

export type Revocation = "good" | "unknown" | "unchecked";

/**
 * A connection to that host through a proxy, which resolves its name; undefined: it is to be reached directly. Errors:
 * `proxy-failed`, `proxy-refused`, `blocked-by-policy` where nothing may be connected to, `cancelled`.
 */
export type Tunnel = (
  target: { readonly host: string; readonly port: number },
  signal: AbortSignal,
) => Promise<Socket | undefined>;
