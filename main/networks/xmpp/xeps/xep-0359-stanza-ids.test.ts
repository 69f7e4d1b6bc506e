import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { stanzaIds } from "./xep-0359-stanza-ids.ts";

const start = (offers: readonly string[] = ["urn:xmpp:sid:0"]) => startTestSession({ extensions: [stanzaIds], offers });

it("takes the sender's id, and the archive's only as said by the own account", async () => {
  const { feed, events } = await start();
  feed(
    "<message from='bob@example.test/x' id='attr'><body>hi</body><origin-id xmlns='urn:xmpp:sid:0' id='origin'/><stanza-id xmlns='urn:xmpp:sid:0' by='mallory@evil.test' id='forged'/><stanza-id xmlns='urn:xmpp:sid:0' by='alice@example.test' id='real'/></message>",
  );
  feed("<message from='bob@example.test/x' id='attr'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' by='bob@example.test' id='forged'/></message>");
  expect(events).toMatchObject([{ message: { id: "origin", archiveId: "real" } }, { message: { id: "attr", archiveId: undefined } }]);
});

it("does not take an archive's id where the server lets anybody write one", async () => {
  const { feed, events } = await start([]);
  feed("<message from='bob@example.test/x' id='attr'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' by='alice@example.test' id='forged'/></message>");
  expect(events).toMatchObject([{ message: { id: "attr", archiveId: undefined } }]);
});

it("gives own messages an id that survives", async () => {
  const { session } = await start();
  expect(session.write({ id: "m-1", to: "bob@example.test", body: "x", at: 0, wantReceipts: false }).toString()).toContain(
    '<origin-id xmlns="urn:xmpp:sid:0" id="m-1"/>',
  );
});
