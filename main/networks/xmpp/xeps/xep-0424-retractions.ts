import xml from "@xmpp/xml";
import { defineExtension } from "../extension.ts";
import { usableId } from "../message/messages.ts";
import { lastingSenders } from "../senders.ts";
import { childOf } from "../xml/element.ts";

const nsRetract = "urn:xmpp:message-retract:1";
/** The form of versions before 0.4 (with XEP-0422: Message Fastening), which is read only. */
const nsRetractBefore = "urn:xmpp:message-retract:0";
const nsFasten = "urn:xmpp:fasten:0";
const nsFallback = "urn:xmpp:fallback:0";
const nsHints = "urn:xmpp:hints";

/**
 * Message Retraction: its sender asks everybody to take a message away. It is a request: nobody can be made to.
 *
 * Section 5: it "MUST only be processed when both the original message and the retraction request are received from the
 * same bare-JID (in a one-on-one conversation)"; see xep-0308-corrections.ts for how that is kept.
 *
 * The body is for programs that do not know retractions, and says so (XEP-0428 section 2); here it is never shown.
 * Section 3: the `store` hint has the archive keep it, so that those who were away learn of it.
 */
export const retractions = defineExtension({
  name: "XEP-0424: Message Retraction",
  features: [nsRetract],
  attach: () => ({
    message: {
      [nsRetract]: {
        from: lastingSenders,
        read: (child, draft) => {
          const targetId = usableId(child.attrs["id"]);
          if (child.name === "retract" && targetId !== undefined) draft.change = { kind: "retraction", targetId };
        },
      },
      [nsFasten]: {
        from: lastingSenders,
        read: (child, draft) => {
          const targetId = usableId(child.attrs["id"]);
          if (child.name === "apply-to" && targetId !== undefined && childOf(child, "retract", nsRetractBefore))
            draft.change = { kind: "retraction", targetId };
        },
      },
    },
    commands: {
      markRetraction: (stanza, { targetId }) => {
        stanza.append(xml("retract", { xmlns: nsRetract, id: targetId }));
        stanza.append(xml("fallback", { xmlns: nsFallback, for: nsRetract }));
        stanza.append(xml("store", nsHints));
      },
    },
  }),
});
