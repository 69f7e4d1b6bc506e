import { defineExtension } from "../extension.ts";
import type { ExtensionHost } from "../extension-host.ts";

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
      precondition: { wanted: () => !isKnown && !session.environment.rules.gateways(), pass: () => search },
      ended() {
        isKnown = false;
      },
    };
  },
});

/** Never rejects: a server that does not say what it has is not known to have a gateway. */
async function find({ discovery, domain, emit, roomServices }: ExtensionHost): Promise<void> {
  const items = await discovery.items(domain).catch(() => []);
  // A service is a whole domain; what has a node is a part of one.
  const domains = items.filter(
    ({ jid, node }) => jid.address === undefined && jid.resource === "" && node === undefined,
  );
  const services = [...new Set(domains.map(({ jid }) => jid.bare))].slice(0, maxServices);
  await Promise.allSettled(
    services.map(async (service) => {
      const { identities } = await discovery.info(service);
      const categories = new Set(identities.map(({ category }) => category));
      if (categories.has("gateway")) emit({ type: "gateway", domain: service });
      // XEP-0045 section 6.1.
      if (categories.has("conference")) roomServices.add(service);
    }),
  );
}
