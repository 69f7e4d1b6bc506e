import { defineFeature } from "../feature.ts";
import { isComposingType, parseIsComposing } from "../payloads/rfc-3994-is-composing.ts";
import { textOf } from "../wire/body.ts";

/** That somebody types, or no longer does. */
export const isComposing = defineFeature({
  name: "RFC 3994: Indication of Message Composition",
  payloads: [
    {
      type: isComposingType,
      read: (part, about) => [{ kind: "composing", status: parseIsComposing(textOf(part)), about }],
    },
  ],
});
