import type { ContactRecord } from "../../shared/model/contact.ts";

/**
 * Whether somebody on the list was asked to share their presence and has not answered. The request may have been lost,
 * so that it can be made again.
 */
export function awaitsAnswer(contact: ContactRecord): boolean {
  return contact.listed && contact.asked && contact.subscription !== "both" && contact.subscription !== "to";
}
