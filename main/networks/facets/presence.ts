import type { OwnPresence } from "../../../shared/model/presence.ts";

/** The person's own presence. That of others comes as events. */
export interface PresenceFacet {
  /** Tells everybody who may see it. Errors: `offline`, `too-large` (the status text). */
  set(presence: OwnPresence): Promise<void>;
}
