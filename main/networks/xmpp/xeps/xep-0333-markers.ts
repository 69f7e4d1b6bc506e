import xml from "@xmpp/xml";
import { directAuthor } from "../../../../shared/model/author.ts";
import { defineExtension } from "../extension.ts";
import { usableId } from "../message/messages.ts";
import { correspondents } from "../senders.ts";

const nsMarkers = "urn:xmpp:chat-markers:0";
const nsHints = "urn:xmpp:hints";

/** Displayed Markers: a message and all before it were read; by them, or by ourselves on another device (section 3). */
export const displayedMarkers = defineExtension({
  name: "XEP-0333: Displayed Markers",
  features: [nsMarkers],
  attach: (session) => ({
    message: {
      [nsMarkers]: {
        from: correspondents,
        read: (child, draft) => {
          if (child.name === "markable") {
            draft.wantsRead = draft.direction === "in" && draft.stanza.attrs["id"] !== undefined;
            return;
          }
          const id = usableId(child.attrs["id"]);
          if (id === undefined) return;
          const { peer } = draft;
          if (draft.direction === "out") {
            if (child.name === "displayed") {
              const author = directAuthor("in", { own: undefined, peer });
              draft.events.push({ type: "read-elsewhere", peer, author, id });
            }
          } else if (child.name === "displayed" || child.name === "acknowledged")
            draft.events.push({ type: "read-up-to", peer, id });
          else if (child.name === "received") draft.events.push({ type: "delivery", id, peer, state: "delivered" });
        },
      },
    },
    writeMessage: (stanza, message) => {
      if (message.wantReceipts) stanza.append(xml("markable", nsMarkers));
    },
    commands: {
      sendRead: (to, id) =>
        session.send(
          xml("message", { to, type: "chat" }, xml("displayed", { xmlns: nsMarkers, id }), xml("store", nsHints)),
          true,
        ),
    },
  }),
});
