import xml from "@xmpp/xml";
import { defineExtension } from "../extension.ts";
import { parseJid } from "../jid.ts";
import { usableId } from "../messages.ts";

const nsSid = "urn:xmpp:sid:0";

/** Unique and Stable Stanza IDs: the sender's own (`origin-id`), and that of our archive (`stanza-id`). */
export const stanzaIds = defineExtension({
  name: "XEP-0359: Unique and Stable Stanza IDs",
  features: [nsSid],
  attach: (session) => {
    const strips = (): boolean => session.offers(nsSid) || session.offers("urn:xmpp:mam:2");
    return {
      message: {
        [nsSid]: (child, draft) => {
          const id = usableId(child.attrs["id"]);
          if (id === undefined) return;
          if (child.name === "origin-id") draft.id = id;
          // Section 3: a stanza-id counts only as said by an entity that is trusted to remove forged ones: our own account.
          // Section 3: and only where it says that it does this, else nobody takes a peer's forgery out.
          else if (child.name === "stanza-id" && draft.via !== "archive" && strips() && parseJid(child.attrs["by"])?.full === session.address)
            draft.archiveId ??= id;
        },
      },
      writeMessage: (stanza, message) => stanza.append(xml("origin-id", { xmlns: nsSid, id: message.id })),
    };
  },
});
