import type { ContactId } from "../../shared/model/contact.ts";
import { groupName, type RosterGroup, type RosterPlace, type RosterStretch } from "../../shared/model/roster.ts";

/** A line of the contact list, flat: the tree's structure is in level, setsize and posinset (WAI-ARIA 1.2, tree). */
export type TreeRow = GroupRow | ContactRow;

export interface GroupRow {
  readonly kind: "group";
  /** `pinned`, `unlisted`, `ungrouped`, or `group:` and the group's name. */
  readonly key: string;
  readonly name: string;
  readonly expanded: boolean;
  readonly total: number;
  readonly setsize: number;
  readonly posinset: number;
}

export interface ContactRow {
  readonly kind: "contact";
  /** The group's key and the contact's id (somebody in two groups has two rows); the place until main says who. */
  readonly key: string;
  readonly group: string;
  /** Place in the group, from 0. */
  readonly at: number;
  /** Undefined: main has not said it yet. */
  readonly id: ContactId | undefined;
  readonly setsize: number;
  readonly posinset: number;
}

/** A row by its group, and by its place in there where it is a person's. */
export type RowPlace = Omit<RosterPlace, "at"> & { readonly at?: number | undefined };

export interface TreeInput {
  readonly groups: readonly RosterGroup[];
  readonly collapsed: ReadonlySet<string>;
  /** Rows of each contact, as far as they are known. */
  readonly stretches: readonly RosterStretch[];
  readonly words: { readonly pinned: string; readonly ungrouped: string; readonly unlisted: string };
}

/** The contact list as rows, which are made when they are asked for: groups in order, each with its people if open. */
export class TreeRows {
  readonly length: number;
  readonly #groups: readonly RosterGroup[];
  readonly #starts: readonly number[];
  readonly #input: TreeInput;
  readonly #index: ReadonlyMap<string, number>;
  readonly #stretches = new Map<string, RosterStretch[]>();

  constructor(input: TreeInput) {
    this.#input = input;
    this.#groups = [...input.groups].sort((a, b) => a.place - b.place);
    this.#index = new Map(this.#groups.map(({ id }, index) => [id, index]));
    const starts: number[] = [];
    let length = 0;
    for (const group of this.#groups) {
      starts.push(length);
      length += 1 + this.#rowsOf(group);
    }
    this.#starts = starts;
    this.length = length;
    for (const stretch of input.stretches) {
      const others = this.#stretches.get(stretch.group);
      if (others === undefined) this.#stretches.set(stretch.group, [stretch]);
      else others.push(stretch);
    }
  }

  at(index: number): TreeRow | undefined {
    const at = this.#groupAt(index);
    const group = this.#groups[at];
    if (group === undefined) return undefined;
    const place = index - (this.#starts[at] ?? 0) - 1;
    return place < 0 ? this.#groupRow(group, at) : this.#contactRow(group, place);
  }

  /** The key of a row, as `at` has it. */
  keyOf(index: number): string {
    return this.at(index)?.key ?? String(index);
  }

  isGroup(index: number): boolean {
    return this.#starts[this.#groupAt(index)] === index;
  }

  /** The row of the group in which a row stands. */
  groupIndexOf(index: number): number {
    return this.#starts[this.#groupAt(index)] ?? 0;
  }

  /** Where a row stands; -1 where it is not there, or folded away. */
  indexOf({ group, at }: RowPlace): number {
    const index = this.#index.get(group);
    const record = index === undefined ? undefined : this.#groups[index];
    if (index === undefined || record === undefined) return -1;
    const start = this.#starts[index] ?? 0;
    if (at === undefined) return start;
    return at >= 0 && at < this.#rowsOf(record) ? start + 1 + at : -1;
  }

  /** A row of somebody among those that are known; -1: there is none. `group`: in this one alone. */
  find(id: ContactId, group?: string): number {
    for (const { group: key, from, ids } of this.#input.stretches) {
      const at = group === undefined || group === key ? ids.indexOf(id) : -1;
      const index = at === -1 ? -1 : this.indexOf({ group: key, at: from + at });
      if (index !== -1) return index;
    }
    return -1;
  }

  /** The people in some rows, by group. */
  placesIn(
    from: number,
    to: number,
  ): readonly { readonly group: string; readonly from: number; readonly to: number }[] {
    const places: { group: string; from: number; to: number }[] = [];
    const [first, last] = [Math.max(0, from), Math.min(this.length, to)];
    if (first >= last) return places;
    for (let at = this.#groupAt(first); at < this.#groups.length; at++) {
      const group = this.#groups[at];
      const start = (this.#starts[at] ?? 0) + 1;
      if (group === undefined || start > last) break;
      const place = {
        group: group.id,
        from: Math.max(0, first - start),
        to: Math.min(this.#rowsOf(group), last - start),
      };
      if (place.from < place.to) places.push(place);
    }
    return places;
  }

  #rowsOf({ id, shown }: RosterGroup): number {
    return this.#input.collapsed.has(id) ? 0 : shown;
  }

  /** Number of the group in which a row stands. */
  #groupAt(index: number): number {
    if (index < 0 || index >= this.length) return -1;
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #groupRow({ id, total }: RosterGroup, at: number): GroupRow {
    const { collapsed, words } = this.#input;
    return {
      kind: "group",
      key: id,
      name: groupName(id) ?? words[id as keyof TreeInput["words"]],
      expanded: !collapsed.has(id),
      total,
      setsize: this.#groups.length,
      posinset: at + 1,
    };
  }

  #contactRow({ id: group, shown }: RosterGroup, at: number): ContactRow {
    const id = this.#whoIs(group, at);
    return { kind: "contact", key: `${group}\n${id ?? at}`, group, at, id, setsize: shown, posinset: at + 1 };
  }

  #whoIs(group: string, at: number): ContactId | undefined {
    for (const { from, ids } of this.#stretches.get(group) ?? [])
      if (at >= from && at < from + ids.length) return ids[at - from];
    return undefined;
  }
}
