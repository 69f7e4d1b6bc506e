import { defineExtension } from "../extension.ts";
import { everyone } from "../senders.ts";
import { childOf } from "../xml/element.ts";

const nsFallback = "urn:xmpp:fallback:0";

/** Fallback Indication: the body is for programs that do not know what the message is, and no word of a person. */
export const fallbacks = defineExtension({
  name: "XEP-0428: Fallback Indication",
  features: [],
  attach: () => ({
    message: {
      [nsFallback]: {
        from: everyone,
        read: (child, draft) => {
          if (child.name !== "fallback") return;
          const body = childOf(child, "body", nsFallback);
          // Section 3.1: a part of the body is meant, and the rest is text; without either all of it is.
          const isPart = body
            ? body.attrs["start"] !== undefined || body.attrs["end"] !== undefined
            : childOf(child, "subject", nsFallback) !== undefined;
          if (!isPart) draft.fallbackFor ??= child.attrs["for"] ?? nsFallback;
        },
      },
    },
  }),
});
