import { awaitsAnswer, type ContactId, type ContactRecord } from "../../../shared/model/contact.ts";
import { conversationWith } from "../../../shared/model/conversation-contact.ts";
import { isOnline } from "../../../shared/model/presence.ts";
import { groupName, type RosterGroup, type RosterStretch } from "../../../shared/model/roster.ts";
import { fold } from "../../../shared/search/names.ts";
import type { Tables } from "../tables.ts";
import { type GroupMembers, layOutGroups, visibleGroups } from "./groups.ts";
import { NameOrder } from "./name-order.ts";
import { NameSearch } from "./name-search.ts";
import { type FlatRow, flatRows } from "./rows.ts";

/** People who are looked at before other work may have a turn. */
const step = 250;

/** The contact list in order, narrowed to what was searched for, by groups. Methods that yield are run in slices. */
export class RosterLayout {
  readonly #tables: Tables;
  readonly #order: NameOrder;
  readonly #search = new NameSearch();
  #query = "";
  #found: readonly ContactId[] = [];
  #groups: readonly GroupMembers[] = [];
  #names: readonly string[] = [];

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#order = new NameOrder((id) => tables.get("contacts", id)?.name);
  }

  get groups(): readonly GroupMembers[] {
    return this.#groups;
  }

  /** Names of all groups, in order, whatever the list is narrowed to. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** The text that the list is narrowed to, folded. */
  get query(): string {
    return this.#query;
  }

  /** How many people the list has, as it is narrowed. */
  get found(): number {
    return this.#found.length;
  }

  /** Somebody came, went, or has another name. */
  change(id: ContactId): void {
    this.#order.change(id);
  }

  /** Few enough have changed for `order` to be quick. */
  get isNearlyInOrder(): boolean {
    return this.#order.waiting <= step;
  }

  *order(locale: string): Generator<void, void> {
    this.#order.speak(locale);
    yield* this.#order.settle();
  }

  *narrow(filter: string): Generator<void, void> {
    const query = fold(filter);
    this.#found = query === "" ? this.#order.ids : yield* this.#matching(query);
    this.#query = query;
  }

  /** `open`: the conversation that is open. */
  layOut(open: ContactId | undefined): void {
    const tables = this.#tables;
    this.#groups = layOutGroups({
      contacts: this.#people(this.#found),
      showOffline: this.showsOffline,
      keep: (id) => id === open || (tables.get("conversations", conversationWith(id))?.unread ?? 0) > 0,
      compareGroups: this.#order.compare,
    });
    const names = new Set<string>();
    for (const { groups } of tables.all("contacts")) for (const group of visibleGroups(groups)) names.add(group);
    this.#names = [...names].sort(this.#order.compare);
  }

  /** Setting ShowOffline; whoever searches finds everybody. */
  get showsOffline(): boolean {
    return this.#query !== "" || this.#tables.get("settings", "ShowOffline")?.value !== false;
  }

  /** The groups with their counts, as of now. */
  records(): RosterGroup[] {
    return this.#groups.map(({ key, members, shown }, place) => {
      const online = this.#online(members);
      const counts = { place, total: members.length, shown: shown.length };
      return { id: key, ...counts, ...(online === undefined ? {} : { online }) };
    });
  }

  /**
   * The rows that the window has, at most `room` of them: those that it asked for, and the first `head` ones of the
   * list.
   */
  stretches(
    asked: readonly { readonly group: string; readonly from: number; readonly to: number }[],
    { folded, head, room }: { readonly folded: ReadonlySet<string>; readonly head: number; readonly room: number },
  ): RosterStretch[] {
    const stretches: RosterStretch[] = [];
    let left = room;
    const add = ({ key, shown }: GroupMembers, from: number, to: number): void => {
      const ids = shown.slice(from, Math.min(to, from + left));
      left -= ids.length;
      if (ids.length > 0) stretches.push({ group: key, from, ids });
    };
    const byKey = new Map(this.#groups.map((group) => [group.key, group]));
    for (const { group, from, to } of asked) {
      const members = byKey.get(group);
      if (members !== undefined) add(members, from, to);
    }
    let first = head;
    for (const group of this.#groups) {
      if (first <= 0) break;
      first--;
      if (folded.has(group.key)) continue;
      add(group, 0, first);
      first -= group.shown.length;
    }
    return stretches;
  }

  /** People in order whom a text finds; `asked`: only those who have not answered. */
  *find(text: string, limit: number, asked: boolean): Generator<void, ContactRecord[]> {
    const query = fold(text.trim());
    const found: ContactRecord[] = [];
    for (const [index, id] of this.#order.ids.entries()) {
      if (index % step === step - 1) yield;
      const contact = this.#tables.get("contacts", id);
      if (contact === undefined || (asked && !awaitsAnswer(contact)) || !this.#search.matches(query, contact)) continue;
      if (found.push(contact) === limit) break;
    }
    return found;
  }

  /** The next row from one on, going round, whose name begins with a text; `names` are those of the special groups. */
  *typeahead(
    text: string,
    from: FlatRow,
    { folded, names }: { readonly folded: ReadonlySet<string>; readonly names: Readonly<Record<string, string>> },
  ): Generator<void, FlatRow | undefined> {
    const wanted = fold(text);
    const rows = flatRows(this.#groups, folded);
    const at = rows.indexOf(from);
    const begins = (row: FlatRow): boolean => {
      if (row.at !== undefined) return this.#begins(wanted, rows.idOf(row));
      const name = groupName(row.group) ?? names[row.group];
      return name !== undefined && fold(name).startsWith(wanted);
    };
    // One letter, again and again, goes on to the next name with it; more letters may stay where they are.
    for (let distance = [...wanted].length > 1 ? 0 : 1; distance <= rows.length; distance++) {
      if (distance % step === step - 1) yield;
      const row = rows.at((at + distance) % rows.length);
      if (row !== undefined && begins(row)) return row;
    }
    return undefined;
  }

  close(): void {
    this.#search.close();
  }

  #begins(wanted: string, id: ContactId | undefined): boolean {
    const contact = id === undefined ? undefined : this.#tables.get("contacts", id);
    return contact !== undefined && this.#search.begins(wanted, contact);
  }

  *#matching(query: string): Generator<void, ContactId[]> {
    const found: ContactId[] = [];
    for (const [index, id] of this.#order.ids.entries()) {
      if (index % step === step - 1) yield;
      const contact = this.#tables.get("contacts", id);
      if (contact !== undefined && this.#search.matches(query, contact)) found.push(id);
    }
    return found;
  }

  *#people(ids: readonly ContactId[]): Generator<ContactRecord> {
    for (const id of ids) {
      const contact = this.#tables.get("contacts", id);
      if (contact !== undefined) yield contact;
    }
  }

  /** Undefined: without a connection nobody knows how many can be reached. */
  #online(members: readonly ContactId[]): number | undefined {
    let [known, online] = [0, 0];
    for (const id of members) {
      const contact = this.#tables.get("contacts", id);
      if (contact === undefined || this.#tables.get("accounts", contact.accountId)?.state !== "online") continue;
      known++;
      if (isOnline(contact.presence)) online++;
    }
    return known > 0 || members.length === 0 ? online : undefined;
  }
}
