import type { AccountFacets } from "../../shared/model/account-facets.ts";
import type { Facets } from "../networks/facets/facets.ts";

/** Facets whose presence says nothing: every connection has them. */
type Constant = "contacts" | "presence";

/** The facets of a connection as the account record shows them. A facet that is not shown does not compile. */
export function describeFacets({ messages, blocking, archive, rooms, files, keys, directory }: Facets): AccountFacets {
  const has = (method: unknown): boolean => method !== undefined;
  return {
    messages: {
      correct: has(messages.correct),
      retract: has(messages.retract),
      sendTyping: has(messages.sendTyping),
      sendReceipt: has(messages.sendReceipt),
    },
    ...(blocking && { blocking: { everyDevice: blocking.everyDevice } }),
    ...(archive && { archive: {} }),
    ...(rooms && { rooms: {} }),
    ...(files && { files: files.maxBytes === undefined ? {} : { maxBytes: files.maxBytes } }),
    ...(keys && { keys: {} }),
    ...(directory && { directory: {} }),
  } satisfies { readonly [Facet in Exclude<keyof Facets, Constant>]?: unknown };
}
