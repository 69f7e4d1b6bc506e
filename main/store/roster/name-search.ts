import type { ContactId, ContactRecord } from "../../../shared/model/contact.ts";
import { fold, matches } from "../../../shared/search/names.ts";

/** How long names are remembered as they are searched after the last search, in milliseconds. */
const rememberedFor = 60_000;

/** Searches people by name and address. Folding takes a while: what is folded is remembered while somebody types. */
export class NameSearch {
  readonly #folded = new Map<ContactId, { readonly from: string; readonly name: string; readonly address: string }>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `query`: folded. */
  matches(query: string, contact: ContactRecord): boolean {
    const { name, address } = this.#of(contact);
    return matches(query, name, address);
  }

  /** `start`: folded. */
  begins(start: string, contact: ContactRecord): boolean {
    return this.#of(contact).name.startsWith(start);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#folded.clear();
  }

  #of(contact: ContactRecord): { readonly name: string; readonly address: string } {
    const known = this.#folded.get(contact.id);
    if (known?.from === contact.name) return known;
    const made = { from: contact.name, name: fold(contact.name), address: fold(contact.address) };
    this.#folded.set(contact.id, made);
    this.#timer ??= setTimeout(() => this.close(), rememberedFor);
    return made;
  }
}
