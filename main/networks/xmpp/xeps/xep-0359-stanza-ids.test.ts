import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { stanzaIds } from "./xep-0359-stanza-ids.ts";

const start = (offers: readonly string[] = ["urn:xmpp:sid:0"]) => startTestSession({ extensions: [stanzaIds], offers });

it("takes the sender's id, and the archive's only as said by the own account", async () => {
  const { feed, events } = await start();
  feed(
    "<message from='bob@example.test/x' id='attr'><body>hi</body><origin-id xmlns='urn:xmpp:sid:0' id='origin'/><stanza-id xmlns='urn:xmpp:sid:0' by='mallory@evil.test' id='forged'/><stanza-id xmlns='urn:xmpp:sid:0' by='alice@example.test' id='real'/></message>",
  );
  feed(
    "<message from='bob@example.test/x' id='attr'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' by='bob@example.test' id='forged'/></message>",
  );
  expect(events).toMatchObject([
    { message: { id: "attr", otherId: "origin", archiveId: "real" } },
    { message: { id: "attr", archiveId: undefined } },
  ]);
});

it("does not take an archive's id where the server lets anybody write one", async () => {
  const { feed, events } = await start([]);
  feed(
    "<message from='bob@example.test/x' id='attr'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' by='alice@example.test' id='forged'/></message>",
  );
  expect(events).toMatchObject([{ message: { id: "attr", archiveId: undefined } }]);
});

it("knows a message by its sender's id alone where the stanza has none, and by one id where both are the same", async () => {
  const { feed, events } = await start();
  feed("<message from='bob@example.test/x'><body>hi</body><origin-id xmlns='urn:xmpp:sid:0' id='origin'/></message>");
  feed(
    "<message from='bob@example.test/x' id='same'><body>hi</body><origin-id xmlns='urn:xmpp:sid:0' id='same'/></message>",
  );
  expect(events.map((event) => event.type === "message" && [event.message.id, event.message.otherId])).toEqual([
    ["origin", undefined],
    ["same", undefined],
  ]);
});

it("takes neither of two archive ids, of which one is not the server's", async () => {
  const { feed, events } = await start();
  const id = (name: string) => `<q:stanza-id xmlns:q='urn:xmpp:sid:0' by='alice@example.test' id='${name}'/>`;
  feed(`<message from='bob@example.test/x' id='attr'><body>hi</body>${id("forged")}${id("real")}</message>`);
  expect(events).toMatchObject([{ message: { id: "attr", archiveId: undefined } }]);
});

it("gives own messages an id that survives", async () => {
  const { session } = await start();
  expect(
    (
      await session.writer.message({ id: "m-1", to: "bob@example.test", body: "x", at: 0, wantReceipts: false })
    ).toString(),
  ).toContain('<origin-id xmlns="urn:xmpp:sid:0" id="m-1"/>');
});
