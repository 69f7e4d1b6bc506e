import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { capsNode } from "./xep-0115-caps.ts";

const roster = "<item jid='bob@example.test' subscription='both'/><item jid='carol@example.test' subscription='to'/>";
const ask = (from: string, node = "") =>
  `<iq type='get' id='q' from='${from}' to='alice@example.test/desk'><query xmlns='http://jabber.org/protocol/disco#info'${node}/></iq>`;

it("tells contacts what we are, under the node of the presence too", async () => {
  const { feed, sent, session } = await startTestSession({ roster });
  session.presence.announce({ availability: "available" });
  const ver = /ver="([^"]+)"/.exec(sent.find((s) => s.includes("protocol/caps")) ?? "")?.[1];
  sent.length = 0;
  feed(ask("bob@example.test/x"));
  feed(ask("bob@example.test/x", ` node='${capsNode}#${ver}'`));
  feed(ask("bob@example.test/x", " node='other'"));
  expect(sent[0]).toContain('<identity category="client" type="pc" name="Hallway"/>');
  expect(sent[0]).toContain('<feature var="urn:xmpp:receipts"/>');
  expect(sent[1]).toContain(`node="${capsNode}#${ver}"`);
  expect(sent[2]).toContain("item-not-found");
});

it.each(["stranger@evil.test/x", "carol@example.test/x"])(
  "tells nothing to %s, who does not see our presence",
  async (from) => {
    const { feed, sent } = await startTestSession({ roster });
    for (const query of [
      "<query xmlns='http://jabber.org/protocol/disco#info'/>",
      "<query xmlns='jabber:iq:version'/>",
      "<ping xmlns='urn:xmpp:ping'/>",
      "<time xmlns='urn:xmpp:time'/>",
      "<nobody xmlns='knows:this'/>",
    ]) {
      feed(`<iq type='get' id='q' from='${from}' to='alice@example.test/desk'>${query}</iq>`);
    }
    expect(new Set(sent)).toEqual(
      new Set([
        `<iq type="error" id="q" to="${from}"><error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
      ]),
    );
    expect(sent).toHaveLength(5);
  },
);
