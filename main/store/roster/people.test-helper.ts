import type { ContactRecord } from "../../../shared/model/contact.ts";

/** Somebody on the list of one account, offline, in no group. */
export function person(name: string, more: Partial<ContactRecord> = {}): ContactRecord {
  const address = `${name.toLowerCase().replaceAll(" ", ".")}@x.example`;
  return {
    id: `account-1|${address}`,
    accountId: "account-1",
    protocol: "xmpp",
    address,
    name,
    groups: [],
    subscription: "both",
    asked: false,
    presence: { availability: "offline" },
    pinned: false,
    listed: true,
    ...more,
  };
}
