import type { Address } from "../../../shared/model/address.ts";

/** Group conversations: XEP-0045 rooms, RFC 7701 conferences. What is said in them comes as messages. */
export interface RoomsFacet {
  /** Enters a room under a nickname. Errors: `not-found`, `offline`, `timed-out`. */
  join(room: Address, nickname: string): Promise<void>;
  leave(room: Address): Promise<void>;
}
