import xml from "@xmpp/xml";
import { defineExtension, type Session } from "../extension.ts";
import { parseJid } from "../jid.ts";
import { childOf } from "../xml/element.ts";

const nsInfo = "http://jabber.org/protocol/disco#info";
const nsItems = "http://jabber.org/protocol/disco#items";
/** Services of a server that are asked what they are. */
const maxServices = 50;

/**
 * Gateway Interaction, as far as knowing which services of the own server are gateways (section 4.1: a `gateway`
 * identity). Where policy forbids them that is known before anybody is heard.
 */
export const gateways = defineExtension({
  name: "XEP-0100: Gateway Interaction",
  features: [],
  attach: (session) => {
    let search: Promise<void> = Promise.resolve();
    let isKnown = false;
    return {
      discovered() {
        isKnown = false;
        search = find(session).then(() => {
          isKnown = true;
        });
      },
      gate: { wanted: () => !isKnown && !session.environment.rules.gateways(), pass: () => search },
      ended() {
        isKnown = false;
      },
    };
  },
});

/** Never rejects: a server that does not say what it has is not known to have a gateway. */
async function find(session: Session): Promise<void> {
  const items = await session.request("get", xml("query", nsItems), session.domain).catch(() => undefined);
  const services = new Set<string>();
  for (const item of (items && childOf(items, "query", nsItems))?.getChildren("item", nsItems) ?? []) {
    const jid = parseJid(item.attrs["jid"]);
    // A service is a whole domain; what has a node is a part of one.
    if (
      jid &&
      jid.address === undefined &&
      jid.resource === "" &&
      item.attrs["node"] === undefined &&
      services.size < maxServices
    )
      services.add(jid.bare);
  }
  await Promise.allSettled(
    [...services].map(async (service) => {
      const info = childOf(await session.request("get", xml("query", nsInfo), service), "query", nsInfo);
      const categories = info?.getChildren("identity", nsInfo).map(({ attrs }) => attrs["category"]);
      if (categories?.includes("gateway")) session.emit({ type: "gateway", domain: service });
      // XEP-0045 section 6.1.
      if (categories?.includes("conference")) session.roomServices.add(service);
    }),
  );
}
