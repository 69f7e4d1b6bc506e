import type { Element } from "@xmpp/xml";
import type { HallwayError } from "../../../../shared/errors.ts";
import type { Revocation, RevocationCheck, Tunnel } from "../../environment.ts";
import type { Endpoint } from "../../network.ts";

/**
 * A secured way to exchange XML with a server: TCP with STARTTLS, direct TLS, or WebSocket. It is handed over only
 * when TLS is up and the server's certificate has been checked.
 */
export interface Transport {
  readonly endpoint: Endpoint;
  /** e.g. `TLSv1.3`. */
  readonly security: string;
  /** Base64 SHA-256 of the SPKI of the server's key. */
  readonly key: string | undefined;
  /** As `Proof.revocation`. */
  readonly revocation: Revocation;
  /**
   * Keying material for SASL channel binding (RFC 9266 tls-exporter, RFC 5929 tls-unique and tls-server-end-point);
   * undefined: not on this connection.
   */
  channelBinding(type: ChannelBinding): Buffer | undefined;
  /** The listener from now on. */
  listen(listener: TransportListener): void;
  /** Opens the XML stream, or opens it again after authentication (RFC 6120 section 4.3.3). */
  open(): void;
  /** Writes one serialised element. `written` is called when it was handed to the operating system, or failed. */
  send(xml: string, written?: (error: Error | undefined) => void): void;
  /** Closes the stream in good order; `closed` follows when the server has done the same. */
  end(): void;
  /** Writes what is queued and is gone; no more events. */
  destroy(): void;
}

/** Longest answer that was asked for: a contact list. */
export const maxAnswer = 16 * 1024 * 1024;

export type ChannelBinding = "tls-exporter" | "tls-unique" | "tls-server-end-point";

export interface TransportListener {
  /** The server's stream header (`<open/>` over WebSocket). */
  opened(header: Element): void;
  element(element: Element): void;
  /** Something has come, of whatever: a part of an element, or what keeps the line open. */
  heard?(): void;
  /** How long a stanza may be of which the start tag is here, in UTF-16 units; undefined: as long as any. */
  allowance?(start: Element): number | undefined;
  /** Exactly once. Undefined: closed by both sides in good order. */
  closed(error: HallwayError | undefined): void;
}

/** Everything that a transport needs to make a connection. */
export interface TransportOptions {
  readonly endpoint: Endpoint;
  /**
   * The host that a WebSocket's address named at first, for which its certificate may be, too; absent: the endpoint's.
   */
  readonly webHost?: string;
  /** The XMPP domain, as ASCII: what the certificate must be for. */
  readonly domain: string;
  /** The XMPP domain as the stream header names it (RFC 7622: not as ASCII). */
  readonly to: string;
  readonly tls: TlsOptions;
  readonly lookup: Lookup;
  readonly tunnel?: Tunnel | undefined;
  readonly revocation?: RevocationCheck | undefined;
  readonly signal: AbortSignal;
}

export interface TlsOptions {
  /** Trust anchors, PEM; undefined: the built-in ones. */
  readonly ca: readonly string[] | undefined;
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
  /** Base64 SHA-256 of SPKI; empty: any key that the certificate check accepts. */
  readonly pins: readonly string[];
  /** May the server that goes by these names have this key? Asked beside `pins`. */
  readonly mayHave: (names: readonly string[], key: string) => boolean;
}

/** Addresses of a host in order of use, in the shape that `net.connect` asks for. */
export type Lookup = (host: string) => Promise<readonly { address: string; family: 4 | 6 }[]>;
