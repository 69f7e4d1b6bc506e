import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import type { Page } from "../../../shared/ipc/contract.ts";
import type { MessageRecord, MessageState } from "../../../shared/model/message.ts";
import type { HistoryMode } from "../../../shared/settings/history.ts";
import type {
  Changed,
  ConversationSummary,
  Correction,
  NewMessage,
  PageQuery,
  RecordCursor,
  RecordOrder,
  RecordPage,
  Retraction,
  SearchAnswer,
  SearchQuery,
  Stored,
} from "../history.ts";
import type { RecordedMessage, RecordQuery } from "../recorded-message.ts";
import type { Layer } from "../retention/removal-service.ts";
import { openDatabase } from "./database.ts";
import type { WholeMessage } from "./details.ts";
import type { Shelf } from "./history-file.ts";
import { historyMigrations } from "./history-schema.ts";
import { balance, compareMessages, mergePages, mergeSummaries } from "./layers.ts";
import type { Cursor } from "./message-reader.ts";
import { type MessageRow, toRecord } from "./message-row.ts";
import type { Found } from "./message-search.ts";
import { MessageStore } from "./message-store.ts";
import { recordStart } from "./record-reader.ts";
import type { Sequence } from "./sequence.ts";

export interface HistoryServiceOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly mode: HistoryMode;
  /** Lines kept of a conversation in mode `off`. */
  readonly keepWhenOff: number;
}

/** A place before every message. */
const beforeAll: Cursor = { at: Number.MIN_SAFE_INTEGER, seq: 0 };

/**
 * History in the worker: which stores there are in which mode.
 *
 *   encrypted          file
 *   encrypted, broken  memory over file: new messages go to memory, and to the file as soon as it can be written again
 *   memory, off        memory (in `off` without index, and only the newest lines of a conversation)
 *
 * Messages that wait to be sent move along when the mode changes. Their copy in the closed file is kept true (`#carried`),
 * so that nothing is sent again when the file is opened later.
 */
export class HistoryService {
  /** For deleting: a file that is closed is not spared by what policy says of it. */
  readonly fileLayer: Layer = (work) => (this.#mode === "encrypted" ? this.#file.must(work) : this.#file.once(work));
  readonly memoryLayer: Layer = (work) => this.#memory && work(this.#memory);
  readonly #keepWhenOff: number;
  readonly #now: () => number;
  readonly #sequence: Sequence;
  readonly #file: Shelf;
  readonly #carried = new Set<string>();
  #mode: HistoryMode;
  #memory: MessageStore | undefined;

  /** `sequence` is the file's, too. */
  constructor(options: HistoryServiceOptions, file: Shelf, sequence: Sequence) {
    this.#keepWhenOff = options.keepWhenOff;
    this.#now = options.now;
    this.#file = file;
    this.#sequence = sequence;
    this.#mode = options.mode;
    if (options.mode === "encrypted") this.#file.open();
    // What waits in the file from an earlier time is sent all the same.
    else this.#carry(this.#file.once(waitingIn) ?? []);
  }

  setMode(mode: HistoryMode): void {
    if (mode === this.#mode) return;
    const from = this.#mode;
    const old = this.#memory;
    const inFile = from === "encrypted" ? this.#file.try(waitingIn, []) : [];
    this.#memory = undefined;
    this.#mode = mode;
    if (mode === "encrypted") {
      this.#file.open();
      if (old) this.#settle(old);
    } else if (from === "encrypted") {
      this.#file.close();
      this.#carry([...inFile, ...(old ? waitingIn(old) : [])]);
    } else if (old) {
      const messages = mode === "off" ? waitingIn(old) : old.whole(old.read.all());
      this.#memoryStore().absorb(messages, (row) => old.read.isUnread(row));
      this.#memoryStore().addAhead(old.read.retractionsAhead());
    }
    old?.close();
  }

  append(messages: readonly NewMessage[], demanded: readonly string[]): Stored[] {
    if (this.#mode !== "encrypted") {
      const stored = this.#memoryStore().append(messages, demanded);
      if (this.#mode === "off") for (const id of new Set(messages.map((message) => message.conversationId))) this.#memoryStore().trim(id, this.#keepWhenOff);
      return stored;
    }
    this.#recover();
    if (this.#memory === undefined) {
      const stored = this.#file.try((file) => file.append(messages, demanded), undefined);
      if (stored) {
        this.#file.well();
        return stored;
      }
    }
    return messages.map((message) => {
      const known = this.#file.try((file) => file.read.find(message), undefined);
      if (known && this.#memory?.read.byId(known.id) === undefined) return { record: toRecord(known), isNew: false, changed: false };
      const [stored] = this.#memoryStore().append([message], demanded);
      if (!stored) throw new HallwayError("internal");
      return stored;
    });
  }

  setState(wireId: string, conversationId: string, state: MessageState, error?: ErrorInfo): MessageRecord | undefined {
    if (this.#mode !== "encrypted") {
      const record = this.#memory?.setState(wireId, conversationId, state, error);
      if (record && this.#carried.has(record.id)) this.#file.once((file) => file.setState(wireId, conversationId, state, error));
      return record;
    }
    this.#recover();
    const inMemory = this.#memory?.setState(wireId, conversationId, state, error);
    if (inMemory) return inMemory;
    const done = this.#file.try((file) => ({ record: file.setState(wireId, conversationId, state, error) }), undefined);
    if (done) return done.record;
    // The file cannot be written: the message moves to memory with its new state, and back later.
    const found = this.#file.try((file) => {
      const row = file.read.findOwn(conversationId, wireId);
      return row && file.whole([row]);
    }, undefined);
    if (!found) return undefined;
    this.#memoryStore().absorb(found, () => false);
    return this.#memoryStore().setState(wireId, conversationId, state, error);
  }

  correct(correction: Correction, keep: boolean): Changed {
    return this.#change(correction, (store) => store.correct(correction, keep));
  }

  retract(retraction: Retraction, keep: boolean): Changed {
    return this.#change(retraction, (store) => store.retract(retraction, keep));
  }

  #change(to: Retraction, change: (store: MessageStore) => Changed): Changed {
    const isIn = (store: MessageStore | undefined): boolean => store?.read.findChanged(to, to.at) !== undefined;
    if (this.#mode !== "encrypted") {
      const changed = change(this.#memoryStore());
      if (changed.record && this.#carried.has(changed.record.id)) this.#file.once(change);
      return changed;
    }
    this.#recover();
    if (!isIn(this.#memory)) {
      const done = this.#file.try(change, undefined);
      if (done) return { ...done, summary: done.summary && this.summary(to.conversationId) };
      // The file cannot be written: the message moves to memory, is changed there, and moves back later.
      const found = this.#file.try((file) => {
        const row = file.read.findChanged(to, to.at);
        return row && file.whole([row]);
      }, undefined);
      if (found) this.#memoryStore().absorb(found, () => false);
    }
    const changed = change(this.#memoryStore());
    return { ...changed, summary: changed.summary && this.summary(to.conversationId) };
  }

  get(id: string): MessageRecord | undefined {
    const row = this.#row(id);
    return row && toRecord(row);
  }

  /** What is in the file, then what is in memory; where both have a message, the one in memory counts. */
  record(query: RecordQuery, after: RecordCursor | undefined, limit: number, order: RecordOrder): RecordPage {
    if (after?.layer !== "memory") {
      const page = this.#file.try((file) => file.record.page(query, after, limit, order), undefined);
      if (page) {
        const messages = page.messages.filter((message) => this.#memory?.read.byId(message.id) === undefined);
        if (page.next) return { messages, next: { layer: "file", ...page.next } };
        return { messages, next: this.#memory && { layer: "memory", ...recordStart(order) } };
      }
    }
    const page = this.#memory?.record.page(query, after?.layer === "memory" ? after : undefined, limit, order);
    return { messages: page?.messages ?? [], next: page?.next && { layer: "memory", ...page.next } };
  }

  recorded(ids: readonly string[]): RecordedMessage[] {
    const over = this.#memory?.record.byIds(ids) ?? [];
    const found = new Set(over.map((message) => message.id));
    return [...this.#file.try((file) => file.record.byIds(ids), []).filter((message) => !found.has(message.id)), ...over];
  }

  page(query: PageQuery): Page {
    const { conversationId, limit } = query;
    const around = query.around === undefined ? undefined : this.#rowIn(query.around, conversationId);
    if (around) {
      const older = this.#slice(conversationId, limit, around, "before");
      const newer = this.#slice(conversationId, limit, around, "after");
      return balance(older.rows, older.more, toRecord(around), newer.rows, newer.more, limit);
    }
    if (query.oldest === true) {
      const oldest = this.#slice(conversationId, limit, beforeAll, "after");
      return { messages: oldest.rows, before: false, after: oldest.more };
    }
    const cursorId = query.before ?? query.after;
    if (cursorId === undefined) {
      const newest = this.#slice(conversationId, limit, undefined, "before");
      return { messages: newest.rows, before: newest.more, after: false };
    }
    const cursor = this.#rowIn(cursorId, conversationId);
    if (!cursor) return { messages: [], before: false, after: false };
    if (query.before !== undefined) {
      const older = this.#slice(conversationId, limit, cursor, "before");
      return { messages: older.rows, before: older.more, after: true };
    }
    const newer = this.#slice(conversationId, limit, cursor, "after");
    return { messages: newer.rows, before: true, after: newer.more };
  }

  search(query: SearchQuery): SearchAnswer {
    const find = (store: MessageStore): Found => store.read.search({ ...query, limit: query.limit + 1 });
    const over = this.#memory ? find(this.#memory) : { hits: [], below: undefined };
    const under = this.#file.try(find, { hits: [], below: undefined });
    const ids = new Set(over.hits.map((hit) => hit.message.id));
    const both = [...over.hits, ...under.hits.filter((hit) => !ids.has(hit.message.id))];
    if (over.hits.length > 0) both.sort((a, b) => b.message.seq - a.message.seq);
    // Where one has not looked far enough, what the other found beyond that comes with the next page.
    const looked = Math.max(over.below ?? 0, under.below ?? 0);
    const hits = both.filter(({ message }) => message.seq >= looked).slice(0, query.limit);
    if (looked === 0 && both.length <= query.limit) return { hits, more: false };
    return { hits, more: true, below: hits.length === query.limit ? (hits.at(-1)?.message.seq ?? looked) : looked };
  }

  conversations(): ConversationSummary[] {
    return mergeSummaries(
      this.#file.try((file) => file.read.summaries(), []),
      this.#memory?.read.summaries() ?? [],
    );
  }

  summary(conversationId: string): ConversationSummary {
    const under = this.#file.try((file) => file.read.summary(conversationId), undefined);
    const over = this.#memory?.read.summary(conversationId);
    const [found] = mergeSummaries(under ? [under] : [], over ? [over] : []);
    return (
      found ?? {
        conversationId,
        accountId: conversationId.slice(0, Math.max(0, conversationId.indexOf("|"))),
        unread: 0,
        firstUnread: undefined,
        last: undefined,
      }
    );
  }

  markRead(conversationId: string, messageId: string): { summary: ConversationSummary; readWireIds: string[] } {
    const row = this.#rowIn(messageId, conversationId);
    const readWireIds = row ? this.#markRead(conversationId, row) : [];
    return { summary: this.summary(conversationId), readWireIds };
  }

  markReadByWireId(conversationId: string, wireId: string): ConversationSummary | undefined {
    const row = this.#memory?.read.findByWireId(conversationId, wireId) ?? this.#file.try((file) => file.read.findByWireId(conversationId, wireId), undefined);
    if (!row) return undefined;
    this.#markRead(conversationId, row);
    return this.summary(conversationId);
  }

  waiting(accountId: string): MessageRecord[] {
    const over = this.#memory?.read.waiting(accountId) ?? [];
    const under = this.#file.try((file) => file.read.waiting(accountId), []).filter((row) => this.#memory?.read.byId(row.id) === undefined);
    return [...over, ...under].sort(compareMessages).map(toRecord);
  }

  forgetOpen(conversationId: string): void {
    if (this.#mode === "off") this.#memory?.trim(conversationId, 0);
  }

  /** The message, if it is stored already. */
  known(message: NewMessage): Stored | undefined {
    const row = this.#memory?.read.find(message) ?? this.#file.try((file) => file.read.find(message), undefined);
    return row && { record: toRecord(row), isNew: false, changed: false };
  }

  /** What is in memory of some conversations. */
  whole(isMeant: (conversationId: string) => boolean): WholeMessage[] {
    const memory = this.#memory;
    return memory?.whole(memory.read.all().filter((row) => isMeant(row.conversation))) ?? [];
  }

  /** What waits to be sent in some conversations. */
  waitingWhole(isMeant: (conversationId: string) => boolean): WholeMessage[] {
    const over = this.#memory ? waitingIn(this.#memory) : [];
    const ids = new Set(over.map(({ row }) => row.id));
    const under = this.#file.try(waitingIn, []).filter(({ row }) => !ids.has(row.id));
    return [...under, ...over].filter(({ row }) => isMeant(row.conversation));
  }

  /** Messages from another history; what is here already becomes what it is there. */
  takeOver(messages: readonly WholeMessage[]): void {
    if (messages.length === 0) return;
    const absorb = (file: MessageStore): boolean => {
      file.absorb(messages, () => false);
      return true;
    };
    if (this.#mode !== "encrypted" || !this.#file.try(absorb, false)) this.#memoryStore().absorb(messages, () => false);
  }

  /** Takes some more over from a file that was set aside; false when that is done. */
  salvageSome(): boolean {
    return this.#file.salvageSome();
  }

  close(): void {
    this.#recover(true);
    this.#file.close();
    this.#memory?.close();
    this.#memory = undefined;
  }

  #memoryStore(): MessageStore {
    if (!this.#memory) {
      const db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 2000 });
      this.#memory = new MessageStore(db, { indexed: this.#mode !== "off", nextSeq: () => this.#sequence.next(), now: this.#now });
    }
    return this.#memory;
  }

  /** When it is time (or `now`), tries the file again and moves to it what memory holds. */
  #recover(now = false): void {
    if (this.#mode !== "encrypted" || !this.#file.retry(now)) return;
    const memory = this.#memory;
    if (!memory) return;
    const moved = this.#file.try((file) => {
      file.absorb(memory.whole(memory.read.all()), (row) => memory.read.isUnread(row));
      file.addAhead(memory.read.retractionsAhead());
      return true;
    }, false);
    if (!moved) return;
    memory.close();
    this.#memory = undefined;
    this.#file.well();
  }

  /** After a switch to `encrypted`: what waits, and the states of what was carried, go to the file; the rest is forgotten as promised. */
  #settle(memory: MessageStore): void {
    const messages = memory.whole(memory.read.all().filter((row) => row.state === 0 || this.#carried.has(row.id)));
    const kept = this.#file.try((file) => {
      file.absorb(messages, () => false);
      return true;
    }, false);
    if (!kept) this.#memoryStore().absorb(messages, () => false);
    this.#carried.clear();
  }

  #carry(messages: readonly WholeMessage[]): void {
    for (const { row } of messages) this.#carried.add(row.id);
    if (messages.length > 0) this.#memoryStore().absorb(messages, () => false);
  }

  /** What the person can see under this id. */
  #row(id: string): MessageRow | undefined {
    const row = this.#memory?.read.byId(id) ?? this.#file.try((file) => file.read.byId(id), undefined);
    return row?.deleted_at === null ? row : undefined;
  }

  #rowIn(id: string, conversationId: string): MessageRow | undefined {
    const row = this.#row(id);
    return row?.conversation === conversationId ? row : undefined;
  }

  #slice(conversationId: string, limit: number, from: Cursor | undefined, way: "before" | "after"): { rows: MessageRecord[]; more: boolean } {
    const read = (store: MessageStore): MessageRecord[] => store.read.slice(conversationId, limit + 1, from, way).map(toRecord);
    return mergePages(this.#memory ? read(this.#memory) : [], this.#file.try(read, []), limit, way);
  }

  #markRead(conversationId: string, upTo: Cursor): string[] {
    const over = this.#memory?.markRead(conversationId, upTo) ?? [];
    // Where that cannot be kept, the trouble has been told; it stays unread.
    const under = this.#file.try((file) => file.markRead(conversationId, upTo), []);
    return [...under, ...over]
      .sort(compareMessages)
      .slice(-100)
      .flatMap((row) => row.wire_id ?? []);
  }
}

/** All that waits to be sent. */
function waitingIn(store: MessageStore): WholeMessage[] {
  return store.whole(store.read.waiting(undefined));
}
