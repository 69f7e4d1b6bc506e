import type { Op } from "../../../shared/ipc/updates.ts";
import type { ContactId, ContactRecord } from "../../../shared/model/contact.ts";
import { contactIdOf, conversationWith } from "../../../shared/model/conversation-contact.ts";
import type { ConversationId } from "../../../shared/model/conversation-id.ts";
import { maxHeldPeople, type RosterRecord, type RosterViewState } from "../../../shared/model/roster.ts";
import type { TablesWriter } from "../tables.ts";
import { inSlices } from "./in-slices.ts";
import { RosterLayout } from "./layout.ts";
import { type FlatRow, nextUnread, placesOf } from "./rows.ts";

export interface RosterViewOptions {
  readonly tables: TablesWriter;
  /** Tells the window. */
  readonly publish: (op: Op) => void;
  /** Whose order names are in: a BCP 47 tag. */
  readonly locale: () => string;
}

/** Requests of the window to it. */
export type RosterRequests = Pick<RosterView, "show" | "find" | "typeahead" | "unread">;

/** Rows from the start of the list that the window has without asking. */
const head = 100;
/** How long changes are gathered, in milliseconds: of who is where, and of who can be reached. */
const gatherList = 20;
const gatherPresence = 250;
/** Shortest time between two layouts that nobody waits for, in milliseconds. */
const rest = 100;

/** Levels of recomputation; each includes those below it. */
const due = { window: 0, counts: 1, groups: 2, filter: 3, order: 4 } as const;

const nothingFolded: ReadonlySet<string> = new Set();

/**
 * The contact list as the window shows it. It is ordered, grouped and searched here; the window holds the groups, the
 * rows that it draws, and the people in them. Of the operations on table `contacts` only those on such people reach the
 * window.
 *
 *   at rest --pass(), show()--> due --timer, show(), find()--> laid out in slices, until nothing is due --> at rest
 */
export class RosterView {
  readonly #tables: TablesWriter;
  readonly #publish: (op: Op) => void;
  readonly #locale: () => string;
  readonly #layout: RosterLayout;
  #state: RosterViewState = { filter: "", folded: [], rows: [], people: [], find: [] };
  #folded = nothingFolded;
  #version = 0;
  /** People of whom the window has a record. */
  #sent = new Set<ContactId>();
  #due: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Infinity;
  #running: Promise<void> | undefined;
  #lastRun = -Infinity;
  #closed = false;

  constructor({ tables, publish, locale }: RosterViewOptions) {
    this.#tables = tables;
    this.#publish = publish;
    this.#locale = locale;
    this.#layout = new RosterLayout(tables);
  }

  /** An operation on the live state: what the window is told of it. */
  pass(op: Op): readonly Op[] {
    switch (op.table) {
      case "contacts":
        return this.#passContact(op);
      case "accounts":
        this.#schedule(due.counts, gatherList);
        return [op];
      case "settings":
        if (op.id === "ShowOffline") this.#schedule(due.groups, gatherList);
        else if (op.id === "Language") this.#schedule(due.order, gatherList);
        return [op];
      case "conversations":
      case "blocked": {
        const isUnread = op.table === "conversations" && (op.op !== "patch" || "unread" in op.fields);
        if (isUnread && !this.#layout.showsOffline) this.#schedule(due.groups, gatherList);
        const contact = op.op === "put" ? this.#unsent(op.id) : undefined;
        return contact === undefined ? [op] : [contact, op];
      }
      default:
        return [op];
    }
  }

  /** Sets what the window shows from now on. Resolves when the window has been told the contents. */
  async show(state: RosterViewState): Promise<void> {
    const before = this.#state;
    this.#state = state;
    this.#folded = new Set(state.folded);
    const isMoved = state.open !== before.open && !this.#layout.showsOffline;
    this.#add(state.filter !== before.filter ? due.filter : isMoved ? due.groups : due.window);
    await this.#run();
  }

  /** The people whom a new window gets; groups and rows are in their tables. */
  snapshot(): ContactRecord[] {
    if (this.#running === undefined && this.#due !== undefined && this.#layout.isNearlyInOrder) {
      const steps = this.#steps(this.#begin());
      while (steps.next().done !== true);
    }
    const ids = new Set(this.#held());
    for (const { id } of this.#tables.all("conversations")) ids.add(contactIdOf(id));
    for (const { id } of this.#tables.all("blocked")) ids.add(id);
    const people = [...ids].flatMap((id) => this.#tables.get("contacts", id) ?? []);
    this.#sent = new Set(people.map(({ id }) => id));
    return people;
  }

  /** People in the order of names whom a text finds; `asked`: only those who have not answered a request. */
  async find(text: string, limit: number, asked: boolean): Promise<ContactRecord[]> {
    await this.#run();
    return await inSlices(this.#layout.find(text, limit, asked));
  }

  /** The next row from one on, going round, whose name begins with a text; `names`: of the special groups. */
  async typeahead(text: string, from: FlatRow, names: Readonly<Record<string, string>>): Promise<FlatRow | undefined> {
    return await inSlices(this.#layout.typeahead(text, from, { folded: this.#closedGroups, names }));
  }

  /** The next (1) or previous (-1) conversation with unread messages, going round. */
  unread(from: ConversationId | undefined, direction: 1 | -1): ConversationId | undefined {
    const conversations = [...this.#tables.all("conversations")];
    return nextUnread({ groups: this.#layout.groups, folded: this.#closedGroups, conversations, from, direction });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#layout.close();
  }

  #passContact(op: Extract<Op, { op: "remove" } | { table: "contacts" }>): readonly Op[] {
    const { id } = op;
    if (op.op === "patch") {
      const { name, groups, pinned, listed, presence } = op.fields;
      if ([name, groups, pinned, listed].some((field) => field !== undefined)) {
        this.#version++;
        if (name !== undefined) this.#layout.change(id);
        this.#schedule(due.order, gatherList);
      } else if (presence !== undefined)
        this.#schedule(this.#layout.showsOffline ? due.counts : due.groups, gatherPresence);
      return this.#sent.has(id) ? [op] : [];
    }
    this.#version++;
    this.#layout.change(id);
    this.#schedule(due.order, gatherList);
    if (op.op === "remove") return this.#sent.delete(id) ? [op] : [];
    const isShown = this.#state.open === id || this.#state.people.includes(id);
    if (!this.#sent.has(id) && !isShown && !this.#isHeldAnyway(id)) return [];
    this.#sent.add(id);
    return [op];
  }

  /** Somebody whom the window does not have, to be put there. */
  #unsent(id: ContactId): Op | undefined {
    const record = this.#sent.has(id) ? undefined : this.#tables.get("contacts", id);
    if (record === undefined) return undefined;
    this.#sent.add(id);
    return { op: "put", table: "contacts", id, record };
  }

  #isHeldAnyway(id: ContactId): boolean {
    return (
      this.#tables.get("conversations", conversationWith(id)) !== undefined ||
      this.#tables.get("blocked", id) !== undefined
    );
  }

  /** Groups that are folded; while somebody searches none is. */
  get #closedGroups(): ReadonlySet<string> {
    return this.#layout.query === "" ? this.#folded : nothingFolded;
  }

  #add(what: number): void {
    this.#due = Math.max(this.#due ?? what, what);
  }

  #schedule(what: number, delay: number): void {
    this.#add(what);
    if (this.#closed) return;
    const now = performance.now();
    const at = Math.max(now + delay, this.#lastRun + rest);
    if (at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => void this.#run(), at - now);
  }

  /** Works out what is due; resolves when nothing is. One at a time: whoever comes meanwhile waits, and looks again. */
  async #run(): Promise<void> {
    while (this.#due !== undefined && !this.#closed) {
      this.#running ??= inSlices(this.#steps(this.#begin())).finally(() => {
        this.#running = undefined;
      });
      await this.#running;
    }
  }

  #begin(): number {
    const what = this.#due ?? due.window;
    this.#due = undefined;
    clearTimeout(this.#timer);
    this.#timerAt = Infinity;
    if (what > due.window) this.#lastRun = performance.now();
    return what;
  }

  *#steps(what: number): Generator<void, void> {
    if (what >= due.order) yield* this.#layout.order(this.#locale());
    if (what >= due.filter) yield* this.#layout.narrow(this.#state.filter);
    if (what >= due.groups) this.#layout.layOut(this.#state.open);
    if (what >= due.counts) this.#putGroups();
    this.#putRows();
  }

  #putGroups(): void {
    const tables = this.#tables;
    const gone = new Set([...tables.all("groups")].map(({ id }) => id));
    for (const record of this.#layout.records()) {
      gone.delete(record.id);
      if (tables.get("groups", record.id) === undefined) tables.put("groups", record);
      else tables.patch("groups", record.id, { ...record, online: record.online ?? null });
    }
    for (const id of gone) tables.remove("groups", id);
  }

  #putRows(): void {
    const record: RosterRecord = {
      id: "roster",
      version: this.#version,
      people: this.#tables.size("contacts"),
      filter: this.#layout.query,
      found: this.#layout.found,
      groups: [...this.#layout.names],
      rows: this.#layout.stretches(this.#state.rows, { folded: this.#closedGroups, head, room: maxHeldPeople }),
      places: placesOf(this.#layout.groups, this.#state.find),
    };
    const held = new Set(this.#held(record));
    // People come before their rows, and go after them.
    for (const id of held) {
      const op = this.#unsent(id);
      if (op !== undefined) this.#publish(op);
    }
    if (this.#tables.get("roster", record.id) === undefined) this.#tables.put("roster", record);
    else this.#tables.patch("roster", record.id, record);
    for (const id of this.#sent) {
      if (held.has(id) || this.#isHeldAnyway(id)) continue;
      this.#sent.delete(id);
      this.#publish({ op: "remove", table: "contacts", id });
    }
  }

  /** People whom the window shows, whoever has a conversation or is blocked aside. */
  *#held(record = this.#tables.get("roster", "roster")): Generator<ContactId> {
    for (const { ids } of record?.rows ?? []) yield* ids;
    yield* this.#state.people;
    yield* this.#state.find;
    if (this.#state.open !== undefined) yield this.#state.open;
  }
}
