import { defineFeature } from "../feature.ts";

/** Connections that the client begins and the server keeps using; registration/ does the work. */
export const outbound = defineFeature({ name: "RFC 5626: Outbound", optionTags: ["outbound"] });
