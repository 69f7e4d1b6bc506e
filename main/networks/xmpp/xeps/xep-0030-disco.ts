import xml, { type Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import { defineExtension } from "../extension.ts";
import type { ExtensionHost } from "../extension-host.ts";
import { subscribers } from "../senders.ts";
import { capsNode, capsVersion } from "./xep-0115-caps.ts";

const nsInfo = "http://jabber.org/protocol/disco#info";
const nsItems = "http://jabber.org/protocol/disco#items";

/** Our identity (XEP-0030 section 3.1, registrar category `client`). */
export const identity = { category: "client", type: "pc", name: "Hallway" } as const;

/** Service Discovery: answers what this client is and can do; for the node of the entity capabilities too. */
export const serviceDiscovery = defineExtension({
  name: "XEP-0030: Service Discovery",
  features: [nsInfo],
  attach: (session) => ({
    requests: {
      [`get ${nsInfo}`]: { from: subscribers, answer: (query) => info(session, query) },
      [`get ${nsItems}`]: {
        from: subscribers,
        answer: (query) => xml("query", { xmlns: nsItems, node: query.attrs["node"] }),
      },
    },
  }),
});

function info(session: ExtensionHost, query: Element): Element {
  const node = query.attrs["node"];
  if (node !== undefined && node !== `${capsNode}#${capsVersion(session.ownFeatures)}`)
    throw new HallwayError("not-found");
  return xml(
    "query",
    { xmlns: nsInfo, node },
    xml("identity", { ...identity }),
    session.ownFeatures.map((feature) => xml("feature", { var: feature })),
  );
}
