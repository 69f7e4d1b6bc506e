import { defineFeature } from "../feature.ts";

/**
 * Registering through edge proxies. RFC 3327 section 5.1: a user agent that supports Path "SHOULD include the option
 * tag path" in its REGISTER; the registrar keeps the way, and nothing is left to do here.
 */
export const path = defineFeature({ name: "RFC 3327: Path", optionTags: ["path"] });
