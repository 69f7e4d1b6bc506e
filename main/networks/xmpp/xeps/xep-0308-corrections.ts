import xml from "@xmpp/xml";
import { defineExtension } from "../extension.ts";
import { usableId } from "../message/messages.ts";
import { lastingSenders } from "../senders.ts";

const nsCorrect = "urn:xmpp:message-correct:0";

/**
 * Last Message Correction: a message takes the place of an earlier one.
 *
 * Section 4: "A correction MUST only be allowed when both the original message and correction originate from the same
 * sender", which in direct conversations "means the bare-JID must match the original bare-JID". So a change carries
 * whose it is (peer and direction, as readMessage, carbons and the archive have verified them), and its target is
 * looked for among their messages only.
 *
 * Section 4 also: however often a message is corrected, it is named by its first id. Who has not heard of this
 * extension sees the new text as another message.
 */
export const corrections = defineExtension({
  name: "XEP-0308: Last Message Correction",
  features: [nsCorrect],
  attach: () => ({
    message: {
      [nsCorrect]: {
        from: lastingSenders,
        read: (child, draft) => {
          const targetId = usableId(child.attrs["id"]);
          // Whoever takes a message back with the same stanza has said the last word.
          if (child.name === "replace" && targetId !== undefined) draft.change ??= { kind: "correction", targetId };
        },
      },
    },
    commands: {
      markCorrection: (stanza, { targetId }) => stanza.append(xml("replace", { xmlns: nsCorrect, id: targetId })),
    },
  }),
});
