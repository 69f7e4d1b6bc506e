import type { Address } from "../../../shared/model/address.ts";
import type { PresenceSubscription } from "../../../shared/model/contact.ts";

/** The account's contact list, and who may see the person's presence. The list itself comes as events. */
export interface ContactsFacet {
  /** Adds to the contact list and asks to see their presence. */
  add(address: Address, name: string | undefined, groups: readonly string[]): Promise<void>;
  update(address: Address, name: string | undefined, groups: readonly string[]): Promise<void>;
  /**
   * Asks again to see the presence of somebody on the list, whose answer may have been lost. Nothing happens where it
   * is seen already. Errors: `offline`, `not-found` (not on the list).
   */
  ask(address: Address): Promise<void>;
  /** Takes them off the list and ends both subscriptions. */
  remove(address: Address): Promise<void>;
  /** Answers somebody who asked to see our presence. */
  accept(address: Address): Promise<void>;
  decline(address: Address): Promise<void>;
}

/** A line of the server-side contact list. */
export interface RosterItem {
  readonly address: Address;
  readonly name: string | undefined;
  /** The name as the server has it, where it is another than what is shown of it. */
  readonly writtenName?: string | undefined;
  /** As the server has them. */
  readonly groups: readonly string[];
  readonly subscription: PresenceSubscription;
  readonly asked: boolean;
}
