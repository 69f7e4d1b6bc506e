import { defineFeature, type EventPackage } from "../feature.ts";
import { watcherinfoType } from "../payloads/rfc-3858-watcherinfo.ts";

/** Watchers of our presence, as the server knows them; read by presence/watchers.ts. */
export const watcherInfoPackage: EventPackage = { event: "presence.winfo", accept: [watcherinfoType] };

export const watcherInfo = defineFeature({ name: "RFC 3857: Watcher Information", packages: [watcherInfoPackage] });
