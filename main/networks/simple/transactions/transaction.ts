import type { HallwayError } from "../../../../shared/errors.ts";
import type { SipTransport } from "../transports/transport.ts";
import type { SipResponse } from "../wire/message.ts";

/** 64 T1: how long a request may go without a final response (RFC 3261 section 17.1.2.2, timer F), in milliseconds. */
export const timerF = 32_000;

/** The part of a transport that a transaction writes to. All transports here are reliable (transports/transport.ts). */
export type TransactionTransport = Pick<SipTransport, "send">;

/** A request of ours on its way to its final response; one class for each column of RFC 3261 section 17.1. */
export interface ClientTransaction {
  readonly branch: string;
  readonly method: string;
  /**
   * The final response, whatever its status. Rejects with `timed-out`, `connection-lost`, or what the transaction was
   * ended with.
   */
  readonly response: Promise<SipResponse>;
  /** Takes a response whose branch and method are its own (section 17.1.3). */
  receive(response: SipResponse): void;
  /** Ends it now; a no-op once it has its final response. */
  end(error: HallwayError): void;
}

/** A request of the other side on its way to our final response; one class for each column of section 17.2. */
export interface ServerTransaction {
  /** The same request has come again. */
  receiveAgain(): void;
  /** Sends the final response. Resolves when it is written, or cannot be. */
  respond(response: Uint8Array): Promise<void>;
  /** Nothing is written any more. */
  end(): void;
}
