import { defineExtension } from "../extension.ts";
import { everyone } from "../senders.ts";

const nsAttention = "urn:xmpp:attention:0";

/** Attention: somebody wants to be noticed. It is told as a line; nothing shakes or rings. */
export const attention = defineExtension({
  name: "XEP-0224: Attention",
  features: [],
  attach: () => ({
    message: {
      [nsAttention]: {
        from: everyone,
        read: (child, draft) => {
          if (child.name === "attention") draft.notice ??= { kind: "attention" };
        },
      },
    },
  }),
});
