import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Element } from "@xmpp/xml";
import { expect, it } from "vitest";
import { formatCpim } from "../cpim/message.ts";
import { detached } from "./detached-text.ts";
import { Capabilities } from "./simple/capabilities.ts";
import type { ContactStore } from "./simple/contact-store.ts";
import { features } from "./simple/features.ts";
import { IncomingMessages } from "./simple/messages/incoming-messages.ts";
import type { Typing } from "./simple/messages/typing.ts";
import { parsePidf } from "./simple/payloads/rfc-3863-pidf.ts";
import { imdnCpimNamespace } from "./simple/payloads/rfc-5438-imdn.ts";
import { parseMessage } from "./simple/wire/message.ts";
import { createXmlParser } from "./xmpp/xml/parser.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const pieces = 400;
/** Each piece of the wire is as long as this; together they are 24 MB. */
const long = "x".repeat(60_000);
const mostKept = 4_000_000;

const mandatory = "Via: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK1\r\nTo: <sip:me@sip.example>\r\nMax-Forwards: 70";

/**
 * Bytes of the heap that are kept after `pieces` pieces of the wire were read. `read` answers what is remembered of
 * one.
 */
async function kept(read: (index: number) => unknown): Promise<number> {
  collect();
  const before = process.memoryUsage().heapUsed;
  const remembered: unknown[] = [];
  for (let index = 0; index < pieces; index++) remembered.push(await read(index));
  collect();
  expect(remembered).toHaveLength(pieces);
  return process.memoryUsage().heapUsed - before;
}

it("a copy says the same, whatever it holds", () => {
  for (const text of [
    "",
    "short",
    "a text that is long enough",
    "é".repeat(20),
    "漢字".repeat(10),
    `${"🐎".repeat(9)}\ud83d`,
    "\udc0e and more of it than that",
  ])
    expect(detached(text)).toBe(text);
});

it("what is remembered of an envelope keeps nothing of its text in memory", async () => {
  const nothing = (): void => undefined;
  const incoming = new IncomingMessages({
    own: "me@sip.example",
    store: { setTakesCpim: nothing } as unknown as ContactStore,
    typing: { heardFrom: nothing, hear: nothing } as unknown as Typing,
    emit: nothing,
    now: Date.now,
    capabilities: new Capabilities(features),
  });
  const growth = await kept(async (index) => {
    const envelope = formatCpim(
      {
        headers: [
          { namespace: "", name: "DateTime", value: "2026-11-29T12:00:00.000Z" },
          { namespace: imdnCpimNamespace, name: "Message-ID", value: `message-number-${index}-of-many` },
          { namespace: imdnCpimNamespace, name: "Disposition-Notification", value: "positive-delivery, display" },
        ],
        contentType: "text/plain",
        content: Buffer.from(`${long}${index}`),
      },
      new Map([[imdnCpimNamespace, "imdn"]]),
    );
    const head = `MESSAGE sip:me@sip.example SIP/2.0\r\n${mandatory}\r\nCSeq: 1 MESSAGE\r\nCall-ID: call-${index}\r\nFrom: <sip:robin@sip.example>;tag=1\r\nContent-Type: message/cpim\r\nX-Long: ${"y".repeat(10_000)}`;
    const request = parseMessage(Buffer.from(head), Buffer.from(envelope));
    if (!("method" in request)) throw new Error("not a request");
    expect((await incoming.receive(request, "robin@sip.example")).status).toBe(200);
    return incoming.asked("robin@sip.example", `message-number-${index}-of-many`);
  });
  expect(growth).toBeLessThan(mostKept);
});

it("what is remembered of a SIP head keeps one header, not the whole head", async () => {
  const growth = await kept((index) => {
    const head = `NOTIFY sip:me@sip.example SIP/2.0\r\n${mandatory}\r\nCSeq: 1 NOTIFY\r\nFrom: <sip:robin@sip.example>;tag=1\r\nCall-ID: a-call-that-has-a-name-${index}\r\nX-Long: ${long}`;
    return parseMessage(Buffer.from(head), new Uint8Array()).headers.get("call-id");
  });
  expect(growth).toBeLessThan(mostKept);
});

it("what is remembered of a presence document keeps a note, not the document", async () => {
  const growth = await kept((index) =>
    parsePidf(
      `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:robin@sip.example"><tuple id="a"><status><basic>open</basic></status><note>In a meeting until four, number ${index}</note></tuple><other xmlns="urn:x">${long}</other></presence>`,
    ),
  );
  expect(growth).toBeLessThan(mostKept);
});

it.each([
  ["what came with it", "", `<x>${long}</x>`],
  ["the attributes beside it", `x='${long}'`, ""],
])("what is remembered of a stanza keeps an attribute or a text, not %s", async (_, beside, within) => {
  let last = new Element("none");
  const parser = createXmlParser({
    opened: () => undefined,
    element: (element) => {
      last = element;
    },
    ended: () => undefined,
  });
  parser.write("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>");
  const growth = await kept((index) => {
    parser.write(
      `<presence from='robin@example.test/a-resource-with-a-name-${index}' ${beside}><status>In a meeting until four, number ${index}</status>${within}</presence>`,
    );
    return [last.attrs["from"], last.getChildText("status")];
  });
  expect(growth).toBeLessThan(mostKept);
});
