import xml from "@xmpp/xml";
import { defineExtension } from "../extension.ts";

const nsState = "urn:xmpp:csi:0";

/** Client State Indication: while the person is idle the server may hold back what does not matter. */
export const clientState = defineExtension({
  name: "XEP-0352: Client State Indication",
  features: [],
  attach: (session) => {
    let inactive = false;
    return {
      started: () => {
        inactive = false;
      },
      presenceSent: (presence) => {
        const next = presence.idleSince !== undefined;
        // Section 4.2: a server that does not know the element would end the stream, so it is only sent where offered.
        if (!session.streamOffers("csi", nsState)) return;
        if (next === inactive && !next) return;
        inactive = next;
        session.send(xml(next ? "inactive" : "active", nsState));
      },
    };
  },
});
