import xml from "@xmpp/xml";
import { defineExtension } from "../extension.ts";
import { usableId } from "../message/messages.ts";
import { correspondents } from "../senders.ts";

const nsReceipts = "urn:xmpp:receipts";
const nsHints = "urn:xmpp:hints";

/** Message Delivery Receipts: a device of theirs has it. */
export const receipts = defineExtension({
  name: "XEP-0184: Message Delivery Receipts",
  features: [nsReceipts],
  attach: (session) => ({
    message: {
      [nsReceipts]: {
        from: correspondents,
        read: (child, draft) => {
          if (child.name === "received") {
            const id = usableId(child.attrs["id"]);
            if (id !== undefined && draft.direction === "in")
              draft.events.push({ type: "delivery", id, peer: draft.peer, state: "delivered" });
          } else if (child.name === "request") {
            // XEP-0184 section 5.3: a request without an id cannot be answered.
            draft.wantsDelivered = draft.direction === "in" && draft.stanza.attrs["id"] !== undefined;
          }
        },
      },
    },
    writeMessage: (stanza, message) => {
      if (message.wantReceipts) stanza.append(xml("request", nsReceipts));
    },
    commands: {
      sendDelivered: (to, id) =>
        session.send(
          xml("message", { to, type: "chat" }, xml("received", { xmlns: nsReceipts, id }), xml("store", nsHints)),
          true,
        ),
    },
  }),
});
