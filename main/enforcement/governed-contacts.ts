import type { ContactsFacet } from "../networks/facets/contacts.ts";
import type { Whole } from "./governed.ts";
import type { Governor } from "./governor.ts";

/**
 * Neither adds nor accepts anybody who may not be met. Whoever is on the list already can be renamed, declined and
 * removed.
 */
export class GovernedContacts implements Whole<ContactsFacet> {
  readonly #inner: ContactsFacet;
  readonly #governor: Governor;

  constructor(inner: ContactsFacet, governor: Governor) {
    this.#inner = inner;
    this.#governor = governor;
  }

  readonly add: ContactsFacet["add"] = async (address, name, groups) => {
    this.#governor.meet(address);
    await this.#inner.add(address, name, groups);
  };

  readonly accept: ContactsFacet["accept"] = async (address) => {
    this.#governor.meet(address);
    await this.#inner.accept(address);
  };

  readonly ask: ContactsFacet["ask"] = async (address) => {
    this.#governor.meet(address);
    await this.#inner.ask(address);
  };

  readonly update: ContactsFacet["update"] = (address, name, groups) => this.#inner.update(address, name, groups);

  readonly remove: ContactsFacet["remove"] = (address) => this.#inner.remove(address);

  readonly decline: ContactsFacet["decline"] = (address) => this.#inner.decline(address);
}
