import { defineExtension } from "../extension.ts";
import { noticeOf } from "../message/details.ts";
import { everyone } from "../senders.ts";

const nsReactions = "urn:xmpp:reactions:0";
/** Reactions of one message that are told; a person has few. */
const maxTold = 10;

/** Message Reactions: all that somebody has for a message now; none: they were taken back (section 4.2). */
export const reactions = defineExtension({
  name: "XEP-0444: Message Reactions",
  features: [],
  attach: () => ({
    message: {
      [nsReactions]: {
        from: everyone,
        read: (child, draft) => {
          if (child.name !== "reactions") return;
          const told = child.getChildren("reaction", nsReactions).slice(0, maxTold);
          draft.notice ??=
            told.length === 0
              ? { kind: "reaction-removed" }
              : noticeOf("reaction", told.map((one) => one.getText().trim()).join(" "));
        },
      },
    },
  }),
});
