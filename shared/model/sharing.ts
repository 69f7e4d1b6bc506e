import type { ContactRecord } from "./contact.ts";

/** More different values than this are not remembered. */
const maxKnown = 5_000;

/**
 * Has contacts share what most of them have in common - account, groups, presence without a text - instead of each
 * holding a copy of its own, as they come from the network, from disk and from main. Records are never changed in
 * place.
 */
export function createSharing(): (contact: ContactRecord) => ContactRecord {
  const accounts = new Map<string, string>();
  const groups = new Map<string, readonly string[]>();
  const presences = new Map<string, ContactRecord["presence"]>();
  return (contact) => ({
    ...contact,
    accountId: known(accounts, contact.accountId, contact.accountId),
    groups: known(groups, contact.groups.join("\n"), contact.groups) as ContactRecord["groups"],
    presence:
      Object.keys(contact.presence).length === 1
        ? known(presences, contact.presence.availability, contact.presence)
        : contact.presence,
  });
}

function known<T>(values: Map<string, T>, key: string, value: T): T {
  const found = values.get(key);
  if (found !== undefined) return found;
  if (values.size < maxKnown) values.set(key, value);
  return value;
}
