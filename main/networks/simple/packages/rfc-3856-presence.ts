import { defineFeature, type EventPackage } from "../feature.ts";
import { pidfType } from "../payloads/rfc-3863-pidf.ts";

/** Presence of people: ours, told by presence/presence-agent.ts, and theirs, read by presence/contact-presence.ts. */
export const presencePackage: EventPackage = {
  event: "presence",
  accept: [pidfType],
  notifier: ({ presenceAgent }) => ({
    answer: (request, from) => presenceAgent.answer(request, from),
    unseen: (request, from) => presenceAgent.askedBy(request, from),
  }),
};

export const presence = defineFeature({ name: "RFC 3856: Presence", packages: [presencePackage] });
