import { existsSync } from "node:fs";
import { join } from "node:path";
import { HallwayError, type ErrorInfo } from "../../../shared/errors.ts";
import type { Page } from "../../../shared/ipc/contract.ts";
import type { MessageRecord, MessageState, SearchHit } from "../../../shared/model/message.ts";
import type { HistoryMode } from "../../../shared/settings/history.ts";
import type { ConversationSummary, NewMessage, PageQuery, SearchQuery, Stored } from "../history.ts";
import { openDatabase, setAside, translate } from "./database.ts";
import { historyMigrations } from "./history-schema.ts";
import { type MessageRow, toRecord } from "./message-row.ts";
import { type Cursor, MessageStore } from "./message-store.ts";
import { balance, compareMessages, mergePages, mergeSummaries } from "./layers.ts";
import { Salvage } from "./salvage.ts";

export interface HistoryServiceOptions {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly mode: HistoryMode;
  readonly trouble: (error: HallwayError) => void;
  /** Lines kept of a conversation in mode `off`. */
  readonly keepWhenOff: number;
  /** After a failed write, how long until the file is tried again, in milliseconds. */
  readonly retryAfter: number;
  /** Limits the file, in pages of 4 KiB; for tests of a full disk. */
  readonly maxPages: number | undefined;
}

/** Page cache of the history, in KiB. */
const cacheKiB = 16_000;
const forgetAtOnce = 500;
/** Where `seq` begins when a broken file would not say how far it had come. */
const seqAfterUnknown = 2 ** 32;

/**
 * History in the worker: which stores there are in which mode, and what happens when the file fails.
 *
 *   encrypted          file
 *   encrypted, broken  memory over file: new messages go to memory, and to the file as soon as it can be written again
 *   memory, off        memory (in `off` without index, and only the newest lines of a conversation)
 *
 * Messages that wait to be sent move along when the mode changes. Their copy in the closed file is kept true (`#carried`),
 * so that nothing is sent again when the file is opened later.
 */
export class HistoryService {
  readonly #options: HistoryServiceOptions;
  readonly #path: string;
  #mode: HistoryMode;
  #file: MessageStore | undefined;
  #memory: MessageStore | undefined;
  #seq = 0;
  #failedAt: number | undefined;
  #reported = false;
  #salvage: Salvage | undefined;
  readonly #carried = new Map<string, string>();

  constructor(options: HistoryServiceOptions) {
    this.#options = options;
    this.#path = join(options.folder, "history.db");
    this.#mode = options.mode;
    if (options.mode === "encrypted") this.#openFile();
    else this.#carryFromFile();
  }

  setMode(mode: HistoryMode): void {
    if (mode === this.#mode) return;
    const from = this.#mode;
    this.#mode = mode;
    if (mode === "encrypted") {
      const memory = this.#memory;
      this.#memory = undefined;
      this.#openFile();
      if (memory) this.#settle(memory);
      return;
    }
    if (from === "encrypted") {
      const rows = [...(this.#memory?.waiting(undefined) ?? []), ...this.#tryFile((file) => file.waiting(undefined), [])];
      this.#dropMemory();
      this.#closeFile();
      this.#carry(rows);
      return;
    }
    const old = this.#memory;
    this.#memory = undefined;
    if (old) {
      const rows = mode === "off" ? old.waiting(undefined) : old.rowsAfter(0, -1);
      this.#memoryStore().absorb(rows, (row) => old.isUnread(row));
      old.close();
    }
  }

  append(messages: readonly NewMessage[]): Stored[] {
    if (this.#mode !== "encrypted") {
      const stored = this.#memoryStore().append(messages);
      if (this.#mode === "off") for (const id of new Set(messages.map((message) => message.conversationId))) this.#memoryStore().trim(id, this.#options.keepWhenOff);
      return stored;
    }
    this.#recover();
    if (this.#memory === undefined) {
      const stored = this.#tryFile((file) => file.append(messages), undefined);
      if (stored) {
        this.#reported = false;
        return stored;
      }
    }
    return messages.map((message) => {
      const known = this.#tryFile((file) => file.find(message), undefined);
      if (known && this.#memory?.get(known.id) === undefined) return { record: toRecord(known), isNew: false, changed: false };
      const [stored] = this.#memoryStore().append([message]);
      if (!stored) throw new HallwayError("internal");
      return stored;
    });
  }

  setState(wireId: string, conversationId: string, state: MessageState, error?: ErrorInfo): MessageRecord | undefined {
    if (this.#mode !== "encrypted") {
      const record = this.#memory?.setState(wireId, conversationId, state, error);
      if (record && this.#carried.has(record.id)) this.#inClosedFile((file) => file.setState(wireId, conversationId, state, error));
      return record;
    }
    this.#recover();
    const inMemory = this.#memory?.setState(wireId, conversationId, state, error);
    if (inMemory) return inMemory;
    const done = this.#tryFile((file) => ({ record: file.setState(wireId, conversationId, state, error) }), undefined);
    if (done) return done.record;
    // The file cannot be written: the message moves to memory with its new state, and back later.
    const row = this.#tryFile((file) => file.findByWireId(conversationId, wireId), undefined);
    if (!row) return undefined;
    this.#memoryStore().absorb([row], () => false);
    return this.#memoryStore().setState(wireId, conversationId, state, error);
  }

  get(id: string): MessageRecord | undefined {
    const row = this.#row(id);
    return row && toRecord(row);
  }

  page(query: PageQuery): Page {
    const { conversationId, limit } = query;
    const around = query.around === undefined ? undefined : this.#rowIn(query.around, conversationId);
    if (around) {
      const older = this.#slice(conversationId, limit, around, "before");
      const newer = this.#slice(conversationId, limit, around, "after");
      return balance(older.rows, older.more, toRecord(around), newer.rows, newer.more, limit);
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

  search(query: SearchQuery): { hits: SearchHit[]; more: boolean } {
    if (this.#mode === "off") return { hits: [], more: false };
    const find = (store: MessageStore): SearchHit[] => store.search(query.text, query.conversationId, query.limit + 1, query.beforeSeq);
    const over = this.#memory ? find(this.#memory) : [];
    const ids = new Set(over.map((hit) => hit.message.id));
    const under = this.#tryFile(find, []).filter((hit) => !ids.has(hit.message.id));
    const hits = over.length === 0 ? under : [...over, ...under].sort((a, b) => b.message.seq - a.message.seq);
    return { hits: hits.slice(0, query.limit), more: hits.length > query.limit };
  }

  conversations(): ConversationSummary[] {
    return mergeSummaries(this.#tryFile((file) => file.summaries(), []), this.#memory?.summaries() ?? []);
  }

  markRead(conversationId: string, messageId: string): { summary: ConversationSummary; readWireIds: string[] } {
    const row = this.#rowIn(messageId, conversationId);
    const readWireIds = row ? this.#markRead(conversationId, row) : [];
    return { summary: this.#summary(conversationId), readWireIds };
  }

  markReadByWireId(conversationId: string, wireId: string): ConversationSummary | undefined {
    const row = this.#memory?.findByWireId(conversationId, wireId) ?? this.#tryFile((file) => file.findByWireId(conversationId, wireId), undefined);
    if (!row) return undefined;
    this.#markRead(conversationId, row);
    return this.#summary(conversationId);
  }

  waiting(accountId: string): MessageRecord[] {
    const over = this.#memory?.waiting(accountId) ?? [];
    const under = this.#tryFile((file) => file.waiting(accountId), []).filter((row) => this.#memory?.get(row.id) === undefined);
    return [...over, ...under].sort(compareMessages).map(toRecord);
  }

  /** Forgets some of an account; true while there is more, so that other requests get their turn between. */
  forgetSome(accountId: string): boolean {
    const inMemory = this.#memory?.forgetSome(accountId, forgetAtOnce) ?? false;
    if (this.#mode !== "encrypted") return this.#inClosedFile((file) => file.forgetSome(accountId, forgetAtOnce)) === true || inMemory;
    const file = this.#file;
    if (!file) return inMemory;
    return this.#guard(() => file.forgetSome(accountId, forgetAtOnce)) || inMemory;
  }

  forgetOpen(conversationId: string): void {
    if (this.#mode === "off") this.#memory?.trim(conversationId, 0);
  }

  /** Takes some more over from a file that was set aside; false when that is done. */
  salvageSome(): boolean {
    if (!this.#salvage || this.#mode !== "encrypted") return false;
    const more = this.#tryFile((file) => this.#salvage?.some(file) ?? false, false);
    if (!more) this.#salvage = undefined;
    return more;
  }

  close(): void {
    this.#recover(true);
    this.#closeFile();
    this.#dropMemory();
  }

  #openFile(): void {
    try {
      this.#file = this.#open();
    } catch (error) {
      this.#fileFailed(error);
    }
  }

  #open(): MessageStore {
    const db = openDatabase({ path: this.#path, key: this.#options.key, migrations: historyMigrations, cacheKiB });
    if (this.#options.maxPages !== undefined) db.pragma(`max_page_count=${this.#options.maxPages}`);
    const store = new MessageStore(db, true, () => this.#nextSeq());
    this.#seq = Math.max(this.#seq, store.lastSeq());
    return store;
  }

  #nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  #memoryStore(): MessageStore {
    if (!this.#memory) {
      const db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 2000 });
      this.#memory = new MessageStore(db, this.#mode !== "off", () => this.#nextSeq());
    }
    return this.#memory;
  }

  #dropMemory(): void {
    this.#memory?.close();
    this.#memory = undefined;
  }

  #closeFile(): void {
    try {
      this.#file?.close();
    } catch {
      // A broken file need not close well.
    }
    this.#file = undefined;
    this.#salvage = undefined;
  }

  /** Does something with the file; when it fails, says so and answers `otherwise`. A file found corrupt is replaced, and it is done on the new one. */
  #tryFile<T, U>(work: (file: MessageStore) => T, otherwise: U): T | U {
    for (let attempt = 0; attempt < 2 && this.#file; attempt++) {
      try {
        return work(this.#file);
      } catch (error) {
        if (!this.#fileFailed(error)) return otherwise;
      }
    }
    return otherwise;
  }

  /** For what has no other place to go: as `#tryFile`, but the error is the caller's. */
  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#fileFailed(error);
      throw translate(error);
    }
  }

  /** True: the file was replaced by a new one, try again. */
  #fileFailed(error: unknown): boolean {
    const known = this.#file?.diagnose(error) ?? translate(error);
    if (known.code === "storage-corrupt") {
      this.#closeFile();
      try {
        const aside = existsSync(this.#path) ? setAside(this.#path, new Date()) : undefined;
        this.#options.trouble(new HallwayError("storage-corrupt", aside === undefined ? {} : { file: aside }, error));
        if (aside !== undefined) {
          this.#salvage = new Salvage(aside, this.#options.key);
          this.#seq = Math.max(this.#seq, this.#salvage.lastSeq() ?? seqAfterUnknown);
        }
        this.#file = this.#open();
        return true;
      } catch (second) {
        this.#failed(translate(second));
        return false;
      }
    }
    this.#failed(known);
    return false;
  }

  #failed(error: HallwayError): void {
    this.#failedAt = performance.now();
    if (this.#reported) return;
    this.#reported = true;
    this.#options.trouble(error);
  }

  /** When it is time, tries the file again and moves to it what memory holds. */
  #recover(now = false): void {
    if (this.#mode !== "encrypted" || this.#failedAt === undefined) return;
    if (!now && performance.now() - this.#failedAt < this.#options.retryAfter) return;
    this.#failedAt = undefined;
    if (!this.#file) this.#openFile();
    const memory = this.#memory;
    if (!this.#file || !memory) return;
    const moved = this.#tryFile((file) => {
      file.absorb(memory.rowsAfter(0, -1), (row) => memory.isUnread(row));
      return true;
    }, false);
    if (!moved) return;
    this.#dropMemory();
    this.#reported = false;
  }

  /** After a switch to `encrypted`: what waits, and the states of what was carried, go to the file; the rest is forgotten as promised. */
  #settle(memory: MessageStore): void {
    const rows = memory.rowsAfter(0, -1).filter((row) => row.state === 0 || this.#carried.has(row.id));
    const kept = this.#tryFile((file) => {
      file.absorb(rows, () => false);
      return true;
    }, false);
    if (!kept) this.#memoryStore().absorb(rows, () => false);
    this.#carried.clear();
    memory.close();
  }

  #carry(rows: readonly MessageRow[]): void {
    for (const row of rows) this.#carried.set(row.id, row.conversation);
    if (rows.length > 0) this.#memoryStore().absorb(rows, () => false);
  }

  /** At a start in `memory` or `off`: what waits in the file from an earlier time is sent all the same. */
  #carryFromFile(): void {
    const rows = this.#inClosedFile((file) => file.waiting(undefined));
    if (rows) this.#carry(rows);
  }

  /** Opens the file for one thing while it is not in use. */
  #inClosedFile<T>(work: (file: MessageStore) => T): T | undefined {
    if (!existsSync(this.#path)) return undefined;
    try {
      const file = this.#open();
      try {
        return work(file);
      } finally {
        file.close();
      }
    } catch (error) {
      this.#failed(translate(error));
      return undefined;
    }
  }

  #row(id: string): MessageRow | undefined {
    return this.#memory?.get(id) ?? this.#tryFile((file) => file.get(id), undefined);
  }

  #rowIn(id: string, conversationId: string): MessageRow | undefined {
    const row = this.#row(id);
    return row?.conversation === conversationId ? row : undefined;
  }

  #slice(conversationId: string, limit: number, from: Cursor | undefined, way: "before" | "after"): { rows: MessageRecord[]; more: boolean } {
    const read = (store: MessageStore): MessageRecord[] => store.slice(conversationId, limit + 1, from, way).map(toRecord);
    return mergePages(this.#memory ? read(this.#memory) : [], this.#tryFile(read, []), limit, way);
  }

  #markRead(conversationId: string, upTo: Cursor): string[] {
    const over = this.#memory?.markRead(conversationId, upTo) ?? [];
    const file = this.#file;
    const under = file ? this.#guard(() => file.markRead(conversationId, upTo)) : [];
    return [...under, ...over].sort(compareMessages).slice(-100).flatMap((row) => row.wire_id ?? []);
  }

  #summary(conversationId: string): ConversationSummary {
    const found = mergeSummaries(
      [this.#tryFile((file) => file.summary(conversationId), undefined)].filter((summary) => summary !== undefined),
      [this.#memory?.summary(conversationId)].filter((summary) => summary !== undefined),
    )[0];
    return found ?? { conversationId, accountId: conversationId.slice(0, Math.max(0, conversationId.indexOf("|"))), unread: 0, firstUnread: undefined, last: undefined };
  }
}
