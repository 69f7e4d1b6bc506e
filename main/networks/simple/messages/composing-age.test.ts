import { expect, it } from "vitest";
import { cpimType } from "../../../cpim/message.ts";
import { Capabilities } from "../capabilities.ts";
import type { ContactStore } from "../contact-store.ts";
import { features } from "../features.ts";
import { formatIsComposing, isComposingType } from "../payloads/rfc-3994-is-composing.ts";
import { parseMessage, type SipRequest } from "../wire/message.ts";
import { envelope } from "./envelope.ts";
import { IncomingMessages } from "./incoming-messages.ts";
import type { Typing } from "./typing.ts";

const [bob, own] = ["bob@example.test", "me@sip.example"];
const written = Date.parse("2026-01-02T03:04:05Z");

/** That Bob is typing, as he said it then. */
function request(): SipRequest {
  const composing = Buffer.from(formatIsComposing({ state: "active", refresh: 60 }));
  const content = envelope({ from: bob, to: own, at: written, id: "m1", disposition: "" }, isComposingType, composing);
  const lines = [
    `MESSAGE sip:${own} SIP/2.0`,
    "Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1",
    `From: <sip:${bob}>;tag=b`,
    `To: <sip:${own}>`,
    "Call-ID: call-1",
    "CSeq: 1 MESSAGE",
    `Content-Type: ${cpimType}`,
    `Content-Length: ${content.byteLength}`,
  ];
  return parseMessage(Buffer.from(lines.join("\r\n")), content) as SipRequest;
}

it("that somebody is typing counts for two minutes after it was said, and is old news after that", async () => {
  const nothing = (): void => undefined;
  const heardAt = async (now: number): Promise<boolean> => {
    const typing: boolean[] = [];
    const incoming = new IncomingMessages({
      own,
      store: { setTakesCpim: nothing, heardDevice: nothing } as unknown as ContactStore,
      typing: {
        heardFrom: nothing,
        hear: (_: string, active: boolean) => void typing.push(active),
      } as unknown as Typing,
      emit: nothing,
      now: () => now,
      capabilities: new Capabilities(features),
    });
    expect((await incoming.receive(request(), bob)).status).toBe(200);
    return typing.includes(true);
  };
  expect([await heardAt(written), await heardAt(written + 119_999), await heardAt(written + 120_000)]).toEqual([
    true,
    true,
    false,
  ]);
});
