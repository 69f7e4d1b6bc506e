import { parseMessage, SipSyntaxError } from "../wire/message.ts";
import type { TransportHandlers } from "./transport.ts";

/** The parts of a message as a transport finds them. `bodyTooLong`: as `Frame.bodyTooLong`. */
export interface ReceivedParts {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  readonly bodyTooLong?: boolean;
}

/**
 * Reads a message and hands it on, flawed or not; what cannot even be answered is reported as refused. Does not throw.
 */
export function receiveMessage(
  { head, body, bodyTooLong = false }: ReceivedParts,
  handlers: Pick<TransportHandlers, "message" | "refused">,
): void {
  try {
    const message = parseMessage(head, body, bodyTooLong);
    if (message.flaw) handlers.refused(`SIP message: ${message.flaw.what}`);
    handlers.message(message);
  } catch (error) {
    handlers.refused(
      error instanceof SipSyntaxError ? `SIP message: ${error.message}` : "SIP message: cannot be handled",
    );
  }
}
