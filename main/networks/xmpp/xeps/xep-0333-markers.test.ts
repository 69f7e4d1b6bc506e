import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { carbons } from "./xep-0280-carbons.ts";
import { displayedMarkers } from "./xep-0333-markers.ts";

const start = () => startTestSession({ extensions: [displayedMarkers, carbons] });
const displayed = (id: string) => `<displayed xmlns='urn:xmpp:chat-markers:0' id='${id}'/>`;

it("reads that a message was read, and all before it", async () => {
  const { feed, events } = await start();
  feed(`<message from='bob@example.test/x'>${displayed("m-1")}</message>`);
  expect(events).toEqual([{ type: "read-up-to", id: "m-1", peer: "bob@example.test" }]);
});

it("reads that another own device has read", async () => {
  const { feed, events } = await start();
  feed(
    `<message from='alice@example.test'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='alice@example.test/phone' to='bob@example.test'>${displayed("b-1")}</message></forwarded></sent></message>`,
  );
  expect(events).toEqual([
    {
      type: "read-elsewhere",
      peer: "bob@example.test",
      author: { address: "bob@example.test", isSelf: false },
      id: "b-1",
    },
  ]);
});

it("marks own messages, and says when theirs want a mark", async () => {
  const { session, feed, events, sent } = await start();
  expect(
    (
      await session.writer.message({ id: "m", to: "bob@example.test", body: "x", at: 0, wantReceipts: true })
    ).toString(),
  ).toContain('<markable xmlns="urn:xmpp:chat-markers:0"/>');
  feed(
    "<message from='bob@example.test/x' id='a'><body>hi</body><markable xmlns='urn:xmpp:chat-markers:0'/></message>",
  );
  expect(events).toMatchObject([{ type: "message", message: { wantsRead: true } }]);
  session.commands.sendRead?.("bob@example.test", "a");
  expect(sent[0]).toContain('<displayed xmlns="urn:xmpp:chat-markers:0" id="a"/>');
});
