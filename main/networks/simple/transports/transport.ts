import type { ErrorInfo } from "../../../../shared/errors.ts";
import type { Revocation } from "../../environment.ts";
import type { SipMessage } from "../wire/message.ts";

/**
 * A connection that carries SIP messages, in order and without loss (there is no UDP: it cannot be secured). It has one
 * owner, who gave it its handlers.
 */
export interface SipTransport {
  /** As the Via header names it (RFC 3261 section 20.42). */
  readonly protocol: "TLS" | "TCP" | "WSS";
  /** E.g. `TLSv1.3`; undefined in clear text. */
  readonly security: string | undefined;
  /** Base64 SHA-256 of the SPKI of the server's key; undefined in clear text. */
  readonly key: string | undefined;
  /** As `Proof.revocation`. */
  readonly revocation: Revocation;
  /** Own end, for Via and Contact; IPv6 without brackets. */
  readonly local: { readonly address: string; readonly port: number };
  /** Resolves when the message was handed to the operating system; rejects when the connection is gone. */
  send(message: Uint8Array): Promise<void>;
  /** Sends a keep-alive (RFC 5626 section 4.4) and says whether the answer came in time, in milliseconds. */
  ping(timeout: number): Promise<boolean>;
  /** Ends it; `lost` is not called any more. Idempotent. */
  close(): void;
}

/** Events that a transport tells its owner. Nothing is told after close(). */
export interface TransportHandlers {
  readonly message: (message: SipMessage) => void;
  /** The connection is gone; called once. */
  readonly lost: (error: ErrorInfo) => void;
  /** A message was dropped, or is handed on with a flaw; one constant sentence. */
  readonly refused: (what: string) => void;
  /**
   * Where the next message begins is not known: sends a request to the server and answers with its Via branch, by whose
   * response the stream is read on. Undefined or absent: there is nobody to ask, and the connection ends.
   */
  readonly astray?: () => string | undefined;
}
