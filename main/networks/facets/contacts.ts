import type { Address } from "../../../shared/model/address.ts";
import type { Subscription } from "../../../shared/model/contact.ts";

/** A line of the server-side contact list. */
export interface RosterItem {
  readonly address: Address;
  readonly name: string | undefined;
  /** The name as the server has it, where it is another than what is shown of it. */
  readonly writtenName?: string | undefined;
  /** As the server has them. */
  readonly groups: readonly string[];
  readonly subscription: Subscription;
  readonly asked: boolean;
}
