import { defineFeature } from "../feature.ts";
import { textOf } from "../wire/body.ts";

/** Words, in UTF-8. Source: RFC 2046 section 4.1, RFC 3428 section 6. */
export const plainText = defineFeature({
  name: "RFC 2046: text/plain",
  payloads: [{ type: "text/plain", read: (part, about) => [{ kind: "text", text: textOf(part), about, beside: [] }] }],
});
