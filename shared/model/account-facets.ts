import * as v from "valibot";

const present = v.object({});

/**
 * Facets of an account's connection as it is now. The UI asks for a facet, never for the protocol: what the network or
 * its server cannot do is absent, or false where it is an optional method of a facet.
 */
export const AccountFacetsSchema = v.object({
  messages: v.object({
    correct: v.boolean(),
    retract: v.boolean(),
    sendTyping: v.boolean(),
    sendReceipt: v.boolean(),
  }),
  blocking: v.optional(v.object({ everyDevice: v.boolean() })),
  archive: v.optional(present),
  rooms: v.optional(present),
  files: v.optional(v.object({ maxBytes: v.optional(v.number()) })),
  keys: v.optional(present),
  directory: v.optional(present),
});
export type AccountFacets = v.InferOutput<typeof AccountFacetsSchema>;
