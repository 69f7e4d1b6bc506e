import xml from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import { defineExtension } from "../extension.ts";

const nsBlocking = "urn:xmpp:blocking";

/** Blocking Command: the server keeps somebody away for us; they learn nothing. */
export const blocking = defineExtension({
  name: "XEP-0191: Blocking Command",
  features: [],
  attach: (session) => ({
    // Pushes of what another device blocked; there is nothing to do, but they must be answered (section 3.3).
    requests: { [`set ${nsBlocking}`]: { from: "account", answer: () => undefined } },
    discovered: () => session.setFeature("blocking", session.offers(nsBlocking)),
    commands: {
      block: async (address) => {
        if (!session.offers(nsBlocking)) throw new HallwayError("unsupported");
        await session.request("set", xml("block", nsBlocking, xml("item", { jid: address })));
      },
    },
  }),
});
