import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { domainOf } from "../../shared/model/address.ts";
import type { MessageNotice } from "../../shared/model/notice.ts";
import { sendRaw } from "./xmpp-raw.ts";

const store = "<store xmlns='urn:xmpp:hints'/>";
const nsUser = "http://jabber.org/protocol/muc#user";

/** Messages of other programs, as they write them: id, content, and the notice that is expected. */
const shapes: readonly (readonly [id: string, content: string, notice: MessageNotice, body: string])[] = [
  [
    "omemo",
    `<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'><key rid='2'>AAAA</key><iv>AAAA</iv></header><payload>AAAA</payload></encrypted><encryption xmlns='urn:xmpp:eme:0' namespace='eu.siacs.conversations.axolotl' name='OMEMO'/><body>I sent you an OMEMO encrypted message</body><request xmlns='urn:xmpp:receipts'/>${store}`,
    { kind: "encrypted", what: "OMEMO" },
    "",
  ],
  [
    "reaction",
    `<reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>👍</reaction></reactions>${store}`,
    { kind: "reaction", what: "👍" },
    "",
  ],
  [
    "call",
    `<propose xmlns='urn:xmpp:jingle-message:0' id='call'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>${store}`,
    { kind: "call" },
    "",
  ],
  [
    "invitation",
    `<x xmlns='jabber:x:conference' jid='den@rooms.example.test' reason='We start'/>${store}`,
    { kind: "invitation", what: "den@rooms.example.test" },
    "We start",
  ],
  ["attention", "<attention xmlns='urn:xmpp:attention:0'/><body>Hey</body>", { kind: "attention" }, "Hey"],
];

/**
 * Suite for messages that cannot be shown, over a real server: live, as a copy for another device, and from the
 * archive.
 */
export function describeUnshown(name: string, get: () => Harness, rooms?: string): void {
  describe(`${name}: what other programs send`, () => {
    const clients: TestClient[] = [];
    let alice: TestClient;
    let again: () => Promise<TestClient>;

    beforeEach(async () => {
      const account = await get().newAccount();
      again = async () => {
        const client = openClient(get(), account);
        clients.push(client);
        await client.signIn();
        return client;
      };
      alice = await again();
    });
    afterEach(() => {
      for (const { connection } of clients.splice(0)) connection.close();
    });

    it("is told live and out of the archive, and nothing of it counts as received", async () => {
      const from = await sendRaw(get(), () =>
        shapes
          .map(([id, content]) => `<message to='${alice.address}' type='chat' id='${id}'>${content}</message>`)
          .join(""),
      );
      for (const [id, , notice, body] of shapes)
        expect(await alice.message((message) => message.id === id)).toMatchObject({
          peer: from,
          direction: "in",
          body,
          notice,
          wantsDelivered: false,
          wantsRead: false,
        });
      const other = await again();
      for (const [id, , notice, body] of shapes)
        expect(await other.message((message) => message.id === id)).toMatchObject({
          via: "archive",
          peer: from,
          body,
          notice,
        });
    });

    if (rooms === undefined) return;
    it("into a room is a line of the room's service that says who invites, and no room is anybody to talk with", async () => {
      const room = `den-${domainOf(alice.address)}@${rooms}`;
      await sendRaw(
        get(),
        () =>
          `<presence to='${room}/host'><x xmlns='http://jabber.org/protocol/muc'/></presence><iq type='set' id='open' to='${room}'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq><message to='${room}'><x xmlns='${nsUser}'><invite to='${alice.address}'><reason>Come in</reason></invite></x></message>`,
      );
      // Prosody gives the name that who invites has in the room, and not their address: the room's service tells.
      expect(await alice.message(({ notice }) => notice !== undefined)).toMatchObject({
        peer: rooms,
        body: "Come in",
        notice: { kind: "invitation", what: room, who: "host" },
      });
      expect(alice.messages().map(({ peer }) => peer)).toEqual([rooms]);
    });
  });
}
