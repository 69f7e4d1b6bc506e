import type { OwnPresence } from "../../../../shared/model/presence.ts";
import { formatPidf } from "../payloads/rfc-3863-pidf.ts";
import type { SipMessage, SipRequest } from "../wire/message.ts";
import type { ScriptedServer } from "./scripted-server.ts";

export const bob = "bob@example.test";

/** Matches a request of that method that fits. */
export const isRequest =
  (method: string, fits: (request: SipRequest) => boolean = () => true) =>
  (message: SipMessage): message is SipRequest =>
    message.kind === "request" && message.method === method && fits(message);

/** Matches a SUBSCRIBE to somebody's presence, by default of Bob. */
export const asksToSee = (
  fits: (request: SipRequest) => boolean = () => true,
  uri = `sip:${bob}`,
): ((message: SipMessage) => message is SipRequest) =>
  isRequest(
    "SUBSCRIBE",
    (r) => r.headers.get("event") === "presence" && (r.headers.get("to") ?? "").includes(uri) && fits(r),
  );

/** Sends a NOTIFY in the dialog of a SUBSCRIBE. `presence` absent: without a body. */
export function notify(
  server: ScriptedServer,
  subscribe: SipMessage,
  state: string,
  presence?: OwnPresence,
  cseq = 1,
): void {
  const headers = [
    `From: ${subscribe.headers.get("to") ?? ""}${subscribe.headers.get("to")?.includes("tag=") ? "" : ";tag=server"}`,
    `To: ${subscribe.headers.get("from") ?? ""}`,
    `Call-ID: ${subscribe.callId}`,
    `CSeq: ${cseq} NOTIFY`,
    "Event: presence",
    `Subscription-State: ${state}`,
    "Contact: <sip:presence@127.0.0.1>",
    ...(presence ? ["Content-Type: application/pidf+xml"] : []),
  ];
  server.request("NOTIFY", headers, presence ? formatPidf(presence, `sip:${bob}`, "device") : "");
}
