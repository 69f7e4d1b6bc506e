import { defineFeature } from "../feature.ts";
import { imdnType, parseImdn } from "../payloads/rfc-5438-imdn.ts";
import { textOf } from "../wire/body.ts";

/** Delivery status of an outgoing message. */
export const dispositionNotifications = defineFeature({
  name: "RFC 5438: Instant Message Disposition Notification",
  payloads: [{ type: imdnType, read: (part) => [{ kind: "disposition", imdn: parseImdn(textOf(part)) }] }],
});
