import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { receipts } from "./xep-0184-receipts.ts";
import { carbons } from "./xep-0280-carbons.ts";

const start = () => startTestSession({ extensions: [receipts] });

it("asks for a receipt, where one is wanted", async () => {
  const { session } = await start();
  const message = { id: "m-1", to: "bob@example.test", body: "hi", at: Date.now() };
  expect((await session.writer.message({ ...message, wantReceipts: true })).toString()).toContain(
    '<request xmlns="urn:xmpp:receipts"/>',
  );
  expect((await session.writer.message({ ...message, wantReceipts: false })).toString()).not.toContain(
    "urn:xmpp:receipts",
  );
});

it("reads a receipt", async () => {
  const { feed, events } = await start();
  feed("<message from='bob@example.test/x'><received xmlns='urn:xmpp:receipts' id='m-1'/></message>");
  expect(events).toEqual([{ type: "delivery", id: "m-1", peer: "bob@example.test", state: "delivered" }]);
});

it("says that a message wants one, unless it has no id to name", async () => {
  const { feed, events } = await start();
  feed("<message from='bob@example.test/x' id='a'><body>hi</body><request xmlns='urn:xmpp:receipts'/></message>");
  feed("<message from='bob@example.test/x'><body>hi</body><request xmlns='urn:xmpp:receipts'/></message>");
  expect(events.map((e) => e.type === "message" && e.message.wantsDelivered)).toEqual([true, false]);
});

it("says of no other message that it wants one", async () => {
  const { feed, events } = await startTestSession({ extensions: [receipts, carbons] });
  const asks = "<request xmlns='urn:xmpp:receipts'/>";
  feed("<message from='bob@example.test/x' id='a'><body>unasked</body></message>");
  feed(
    "<message from='bob@example.test/x' id='b'><body>of another kind</body><request xmlns='urn:example:other'/></message>",
  );
  feed(
    "<message from='bob@example.test/x' id='c'><body>a word that is none</body><requested xmlns='urn:xmpp:receipts'/></message>",
  );
  const own = `<message xmlns='jabber:client' from='alice@example.test/phone' to='bob@example.test' id='d' type='chat'><body>own</body>${asks}</message>`;
  feed(
    `<message from='alice@example.test'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>${own}</forwarded></sent></message>`,
  );
  expect(
    events.map((e) => e.type === "message" && [e.message.body, e.message.wantsDelivered, e.message.wantsRead]),
  ).toEqual([
    ["unasked", false, false],
    ["of another kind", false, false],
    ["a word that is none", false, false],
    ["own", false, false],
  ]);
});

it("takes no receipt of an own device for one of theirs", async () => {
  const { feed, events } = await startTestSession({ extensions: [receipts, carbons] });
  const own =
    "<message xmlns='jabber:client' from='alice@example.test/phone' to='bob@example.test' type='chat'><received xmlns='urn:xmpp:receipts' id='m-1'/></message>";
  feed(
    `<message from='alice@example.test'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>${own}</forwarded></sent></message>`,
  );
  expect(events.filter((e) => e.type === "delivery")).toEqual([]);
});

it("sends one", async () => {
  const { session, sent } = await start();
  session.commands.sendDelivered?.("bob@example.test", "a");
  expect(sent).toEqual([
    '<message to="bob@example.test" type="chat"><received xmlns="urn:xmpp:receipts" id="a"/><store xmlns="urn:xmpp:hints"/></message>',
  ]);
});

it("takes no receipt from an error that quotes one", async () => {
  const { feed, events } = await start();
  feed(
    "<message from='bob@example.test' type='error' id='z'><received xmlns='urn:xmpp:receipts' id='m-1'/><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
  );
  expect(events).toEqual([
    { type: "delivery", id: "z", peer: "bob@example.test", state: "failed", error: { code: "recipient-unreachable" } },
  ]);
});
