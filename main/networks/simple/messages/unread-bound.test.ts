import { expect, it } from "vitest";
import { Capabilities } from "../capabilities.ts";
import type { ContactStore } from "../contact-store.ts";
import { features } from "../features.ts";
import { parseMessage, type SipRequest } from "../wire/message.ts";
import { IncomingMessages } from "./incoming-messages.ts";
import type { Typing } from "./typing.ts";

function request(n: number): SipRequest {
  const lines = [
    "MESSAGE sip:me@sip.example SIP/2.0",
    `Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK${n}`,
    "From: <sip:bob@example.test>;tag=b",
    "To: <sip:me@sip.example>",
    `Call-ID: call-${n}`,
    "CSeq: 1 MESSAGE",
    "Content-Type: text/plain",
    "Content-Length: 2",
  ];
  const message = parseMessage(Buffer.from(lines.join("\r\n")), Buffer.from("hi"));
  if (!("method" in message)) throw new Error("not a request");
  return message;
}

it("5,000 messages may wait to be read; one more is refused, and taken when it comes again", async () => {
  const nothing = (): void => undefined;
  const events: string[] = [];
  const incoming = new IncomingMessages({
    own: "me@sip.example",
    store: { setTakesCpim: nothing, heardDevice: nothing } as unknown as ContactStore,
    typing: { heardFrom: nothing, hear: nothing } as unknown as Typing,
    emit: ({ type }) => void events.push(type),
    now: Date.now,
    capabilities: new Capabilities(features),
  });
  const take = (n: number) => incoming.receive(request(n), "bob@example.test");
  const replies = await Promise.all(Array.from({ length: 5_001 }, (_, n) => take(n)));
  expect(replies.map(({ status }) => status)).toEqual([...Array<number>(5_000).fill(200), 503]);
  expect((await take(5_000)).status).toBe(200);
  expect(events.filter((type) => type === "message")).toHaveLength(5_001);
});
