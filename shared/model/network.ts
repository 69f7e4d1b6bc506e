import * as v from "valibot";
import { ProtocolSchema, TransportSchema } from "./account.ts";
import { OwnPresenceSchema } from "./presence.ts";

/**
 * Description of a network: everything about it that other parts of the program have to know, as data. The network
 * itself says it; no branch anywhere else names a network.
 */
export const NetworkDescriptionSchema = v.object({
  id: ProtocolSchema,
  /** Proper name, the same in every language, short enough for a tag beside a person's name. */
  name: v.pipe(v.string(), v.maxLength(40)),
  /** Name for who chooses among networks. */
  fullName: v.pipe(v.string(), v.maxLength(80)),
  /** False: the usual network, whose people carry no tag. */
  tagged: v.boolean(),
  /** Schemes of URIs that lead to its people and servers. */
  schemes: v.array(v.string()),
  /** Encrypted ways to its servers, in the order of preference. */
  transports: v.array(TransportSchema),
  /** Its accounts may have an XCAP server (RFC 4825). */
  xcap: v.boolean(),
  /** An address without a user is a server or service, which nobody need be behind to read what is written to it. */
  services: v.boolean(),
  /** The server tells of contacts who are there and is silent of the others; else it answers for everybody, in time. */
  silentWhenOffline: v.boolean(),
  /** Own availabilities for which it has no word, each with the nearest one that it has. */
  nearest: v.record(v.string(), OwnPresenceSchema.entries.availability),
});
export type NetworkDescription = v.InferOutput<typeof NetworkDescriptionSchema>;
