import type { Element } from "@xmpp/xml";
import type { Address } from "../../../../shared/model/address.ts";
import { maxNameLength, type PresenceSubscription } from "../../../../shared/model/contact.ts";
import { isInvisible, visibleName } from "../../../../shared/text/visible-name.ts";
import type { RosterItem } from "../../facets/contacts.ts";

/** Is this person in a group that shows? Who is in none to the eye is in none. */
export function isGrouped(item: Pick<RosterItem, "groups">): boolean {
  return item.groups.some((group) => !isInvisible(group));
}

/** An item of the contact list as it is on the wire (RFC 6121 section 2.1.2). */
export function readItem(element: Element, address: Address): RosterItem {
  const groups = new Set<string>();
  for (const child of element.children) {
    if (typeof child === "string" || child.name !== "group") continue;
    const group = child.getText();
    // Section 2.1.2.6: one without text is none.
    if (group !== "") groups.add(group);
  }
  const written = element.attrs["name"];
  const name = visibleName(written, maxNameLength);
  return {
    address,
    name,
    ...(written === undefined || written === "" || written === name ? {} : { writtenName: written }),
    groups: [...groups],
    subscription: readSubscription(element.attrs["subscription"]),
    asked: element.attrs["ask"] === "subscribe",
  };
}

function readSubscription(text: string | undefined): PresenceSubscription {
  return text === "to" || text === "from" || text === "both" ? text : "none";
}
