import type { ContactsFacet } from "../networks/facets/contacts.ts";
import { governs } from "./governed.ts";

/**
 * Neither adds nor accepts anybody who may not be met. Whoever is on the list already can be renamed, declined and
 * removed.
 */
export const governContacts = governs<ContactsFacet>((inner, governor) => ({
  async add(address, name, groups) {
    governor.meet(address);
    await inner.add(address, name, groups);
  },
  async accept(address) {
    governor.meet(address);
    await inner.accept(address);
  },
  async ask(address) {
    governor.meet(address);
    await inner.ask(address);
  },
  update: (address, name, groups) => inner.update(address, name, groups),
  remove: (address) => inner.remove(address),
  decline: (address) => inner.decline(address),
}));
