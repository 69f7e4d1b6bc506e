import xml, { type Element } from "@xmpp/xml";
import { defineExtension } from "../extension.ts";
import { parseJid } from "../jid.ts";
import { usableId } from "../message/messages.ts";
import { everyone } from "../senders.ts";

const nsSid = "urn:xmpp:sid:0";

/** Unique and Stable Stanza IDs: the sender's own (`origin-id`), and that of our archive (`stanza-id`). */
export const stanzaIds = defineExtension({
  name: "XEP-0359: Unique and Stable Stanza IDs",
  features: [nsSid],
  attach: (session) => {
    // Who takes out only what has no prefix leaves a forged one in: of two, nobody knows which is the server's.
    const isOwn = (child: Element | string): boolean =>
      typeof child !== "string" &&
      child.is("stanza-id", nsSid) &&
      parseJid(child.attrs["by"])?.full === session.address;
    const strips = (): boolean => session.discovery.offers(nsSid) || session.discovery.offers("urn:xmpp:mam:2");
    return {
      message: {
        [nsSid]: {
          from: everyone,
          read: (child, draft) => {
            const id = usableId(child.attrs["id"]);
            if (id === undefined) return;
            // Section 3.2: a client keeps the id of the stanza and this one apart; receipts and changes go by the
            // former.
            if (child.name === "origin-id") {
              if (draft.id === undefined) draft.id = id;
              else if (draft.id !== id) draft.otherId ??= id;
            }
            // Section 3: a stanza-id counts only as said by an entity that is trusted to remove forged ones: our own
            // account. Section 3: and only where it says that it does this, else nobody takes a peer's forgery out.
            else if (
              child.name === "stanza-id" &&
              draft.via !== "archive" &&
              strips() &&
              isOwn(child) &&
              draft.stanza.children.filter(isOwn).length === 1
            )
              draft.archiveId = id;
          },
        },
      },
      writeMessage: (stanza, message) => stanza.append(xml("origin-id", { xmlns: nsSid, id: message.id })),
    };
  },
});
