import { randomUUID } from "node:crypto";
import type { OutgoingMessage } from "../../facets/messages.ts";
import type { SipMessage, SipRequest } from "../wire/message.ts";

/** Somebody whom Alice knows. */
export const bob = "bob@example.test";

/** Whether a message is a request of this method that fits. */
export const isRequest =
  (method: string, fits: (request: SipRequest) => boolean = () => true) =>
  (message: SipMessage): boolean =>
    message.kind === "request" && message.method === method && fits(message);

/** Body of a message, as text. */
export const text = (message: SipMessage): string => Buffer.from(message.body).toString();

/** Message of Alice's to Bob. */
export const said = (body: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: randomUUID(),
  to: bob,
  body,
  at: Date.now(),
  wantReceipts: false,
  ...more,
});
