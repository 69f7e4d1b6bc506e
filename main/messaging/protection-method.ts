import type { Address } from "../../shared/model/address.ts";
import type { ReceivedEvent } from "./delivery.ts";
import type { OutgoingItem } from "./outgoing.ts";

/**
 * A way of protecting what is said end to end. The protect and unprotect stages ask each method in turn; an item that
 * none takes passes as it is. Both calls may take long: the order of a conversation holds all the same.
 */
export interface ProtectionMethod {
  /** The item in the form that only the recipients read; undefined: this method does not protect it. */
  protect(item: OutgoingItem, recipients: readonly Address[]): Promise<OutgoingItem | undefined>;
  /** The item in clear; undefined: it is not of this method, or this method cannot read it. */
  unprotect(event: ReceivedEvent): Promise<ReceivedEvent | undefined>;
}
