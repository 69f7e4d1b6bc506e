import type { ContactId } from "../../../shared/model/contact.ts";

interface Named {
  readonly id: ContactId;
  readonly name: string;
}

/** People who are sorted, or put in their places, before other work may have a turn. */
const step = 250;

/**
 * Everybody in the order of names, as people of a language order them. Comparing so is expensive: only those who are
 * new or have another name are compared, in an order that is nearly right already.
 */
export class NameOrder {
  readonly #nameOf: (id: ContactId) => string | undefined;
  #locale = "";
  #collator = new Intl.Collator();
  #ids: readonly ContactId[] = [];
  #changed = new Set<ContactId>();

  /** `nameOf`: undefined for somebody who is gone. */
  constructor(nameOf: (id: ContactId) => string | undefined) {
    this.#nameOf = nameOf;
  }

  get ids(): readonly ContactId[] {
    return this.#ids;
  }

  /** People who may not be in their places. */
  get waiting(): number {
    return this.#changed.size;
  }

  readonly compare = (a: string, b: string): number => this.#collator.compare(a, b);

  /** Somebody came, went, or has another name. */
  change(id: ContactId): void {
    this.#changed.add(id);
  }

  /** Orders as in this language from now on. */
  speak(locale: string): void {
    if (locale === this.#locale) return;
    this.#locale = locale;
    this.#collator = new Intl.Collator(locale, { sensitivity: "base", numeric: true });
    for (const id of this.#ids) this.#changed.add(id);
  }

  /** Puts everybody in their place; yields where other work may have a turn. */
  *settle(): Generator<void, void> {
    while (this.#changed.size > 0) {
      const changed = this.#changed;
      this.#changed = new Set();
      const kept = this.#ids.filter((id) => !changed.has(id));
      const fresh: Named[] = [];
      for (const id of changed) {
        const name = this.#nameOf(id);
        if (name !== undefined) fresh.push({ id, name });
      }
      yield;
      const sorted = yield* this.#sort(fresh);
      this.#ids = (yield* this.#merge(
        kept.map((id) => ({ id, name: this.#nameOf(id) ?? "" })),
        sorted,
      )).map(({ id }) => id);
    }
  }

  *#sort(people: Named[]): Generator<void, Named[]> {
    people.sort((a, b) => (a.name < b.name ? -1 : 1));
    let runs: Named[][] = [];
    for (let from = 0; from < people.length; from += step) {
      runs.push(people.slice(from, from + step).sort(this.#inOrder));
      yield;
    }
    while (runs.length > 1) {
      const merged: Named[][] = [];
      for (let at = 0; at < runs.length; at += 2) merged.push(yield* this.#merge(runs[at] ?? [], runs[at + 1] ?? []));
      runs = merged;
    }
    return runs[0] ?? [];
  }

  /** Two lists in order as one: looks from where the last one went, in growing steps, for each of `others`. */
  *#merge(people: readonly Named[], others: readonly Named[]): Generator<void, Named[]> {
    const [last, first] = [people.at(-1), others[0]];
    if (last === undefined || first === undefined || this.#inOrder(last, first) < 0) return [...people, ...others];
    const result: Named[] = [];
    let from = 0;
    for (const [index, other] of others.entries()) {
      const isBefore = (at: number): boolean => {
        const one = people[at];
        return one !== undefined && this.#inOrder(one, other) < 0;
      };
      let [low, high, reach] = [from, from, 1];
      while (isBefore(high)) {
        low = high + 1;
        high += reach;
        reach *= 2;
      }
      high = Math.min(high, people.length);
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (isBefore(middle)) low = middle + 1;
        else high = middle;
      }
      for (; from < low; from++) result.push(people[from] as Named);
      result.push(other);
      if (index % step === step - 1) yield;
    }
    for (; from < people.length; from++) result.push(people[from] as Named);
    return result;
  }

  readonly #inOrder = (a: Named, b: Named): number => this.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}
