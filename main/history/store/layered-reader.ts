import type { Page } from "../../../shared/ipc/contract.ts";
import type { ConversationPlace } from "../../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import type {
  ConversationSummary,
  NewMessage,
  PageQuery,
  RecordPage,
  RecordPiece,
  SearchAnswer,
  SearchQuery,
  Stored,
  WaitingMessage,
} from "../history.ts";
import type { RecordedMessage, RecordQuery } from "../recorded-message.ts";
import type { ScopedPlace } from "../scope.ts";
import type { WholeMessage } from "./details.ts";
import type { FileOperations } from "./history-file.ts";
import { balance, compareMessages, mergePages, mergeSummaries } from "./layers.ts";
import { kindOf, type MessageRow, toRecord } from "./message-row.ts";
import type { Found } from "./message-search.ts";
import type { MessageStore } from "./message-store.ts";
import { recordStart } from "./record-reader.ts";
import type { Cursor, Slice, SliceQuery } from "./slice.ts";

/** A place before every message. */
const beforeAll: Cursor = { at: Number.MIN_SAFE_INTEGER, seq: 0 };

/**
 * Reads a history whose newest messages may be in memory over a file: where both have a message, the one in memory
 * counts.
 */
export class LayeredReader {
  readonly #file: FileOperations;
  readonly #memory: () => MessageStore | undefined;

  constructor(file: FileOperations, memory: () => MessageStore | undefined) {
    this.#file = file;
    this.#memory = memory;
  }

  get(id: string): MessageRecord | undefined {
    const row = this.#row(id);
    return row && toRecord(row);
  }

  /** Reads the file, then memory; where both have a message, the one in memory counts. */
  record(query: RecordQuery, { after, limit, order = "seq" }: RecordPiece): RecordPage {
    if (after?.layer !== "memory") {
      const page = this.#file.try((file) => file.record.page(query, { after, limit, order }), undefined);
      if (page) {
        const messages = page.messages.filter((message) => this.#memory()?.read.byId(message.id) === undefined);
        if (page.next) return { messages, next: { layer: "file", ...page.next } };
        return { messages, next: this.#memory() && { layer: "memory", ...recordStart(order) } };
      }
    }
    const place = after?.layer === "memory" ? after : undefined;
    const page = this.#memory()?.record.page(query, { after: place, limit, order });
    return { messages: page?.messages ?? [], next: page?.next && { layer: "memory", ...page.next } };
  }

  recorded(ids: readonly string[]): RecordedMessage[] {
    const over = this.#memory()?.record.byIds(ids) ?? [];
    const found = new Set(over.map((message) => message.id));
    return [
      ...this.#file.try((file) => file.record.byIds(ids), []).filter((message) => !found.has(message.id)),
      ...over,
    ];
  }

  page(query: PageQuery): Page {
    const { conversationId, limit } = query;
    const around = query.around === undefined ? undefined : this.rowIn(query.around, conversationId);
    if (around) {
      const older = this.#slice(conversationId, { limit, from: around, way: "before" });
      const newer = this.#slice(conversationId, { limit, from: around, way: "after" });
      return balance({ older, middle: toRecord(around), newer }, limit);
    }
    if (query.oldest === true) {
      const oldest = this.#slice(conversationId, { limit, from: beforeAll, way: "after" });
      return { messages: oldest.rows, before: false, after: oldest.more };
    }
    const cursorId = query.before ?? query.after;
    if (cursorId === undefined) {
      const newest = this.#slice(conversationId, { limit, way: "before" });
      return { messages: newest.rows, before: newest.more, after: false };
    }
    const cursor = this.rowIn(cursorId, conversationId);
    if (!cursor) return { messages: [], before: false, after: false };
    if (query.before !== undefined) {
      const older = this.#slice(conversationId, { limit, from: cursor, way: "before" });
      return { messages: older.rows, before: older.more, after: true };
    }
    const newer = this.#slice(conversationId, { limit, from: cursor, way: "after" });
    return { messages: newer.rows, before: true, after: newer.more };
  }

  search(query: SearchQuery): SearchAnswer {
    const find = (store: MessageStore): Found => store.read.search({ ...query, limit: query.limit + 1 });
    const memory = this.#memory();
    const over = memory ? find(memory) : { hits: [], below: undefined };
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
      this.#file.try((file) => file.summaries.all(), []),
      this.#memory()?.summaries.all() ?? [],
    );
  }

  /** Place of a conversation; undefined: nothing is stored of it. */
  place(conversationId: string): ConversationPlace | undefined {
    return (
      this.#memory()?.summaries.place(conversationId) ??
      this.#file.try((file) => file.summaries.place(conversationId), undefined)
    );
  }

  summary(conversationId: string): ConversationSummary | undefined {
    const under = this.#file.try((file) => file.summaries.of(conversationId), undefined);
    const over = this.#memory()?.summaries.of(conversationId);
    return mergeSummaries(under ? [under] : [], over ? [over] : [])[0];
  }

  waiting(accountId: string): WaitingMessage[] {
    const over = this.#memory()?.read.waiting(accountId) ?? [];
    const under = this.#file
      .try((file) => file.read.waiting(accountId), [])
      .filter((row) => this.#memory()?.read.byId(row.id) === undefined);
    return [...over, ...under].sort(compareMessages).map(toWaiting);
  }

  /** The message, if it is stored already. */
  known(message: NewMessage): Stored | undefined {
    const row = this.#memory()?.read.find(message) ?? this.#file.try((file) => file.read.find(message), undefined);
    return row && { record: toRecord(row), isNew: false, changed: false };
  }

  /** Messages in memory of some conversations. */
  whole(isMeant: (place: ScopedPlace) => boolean): WholeMessage[] {
    const memory = this.#memory();
    return memory?.whole(memory.read.all().filter((row) => isMeant(placeOfRow(row)))) ?? [];
  }

  /** Messages of some conversations that wait to be sent. */
  waitingWhole(isMeant: (place: ScopedPlace) => boolean): WholeMessage[] {
    const memory = this.#memory();
    const over = memory ? waitingIn(memory) : [];
    const ids = new Set(over.map(({ row }) => row.id));
    const under = this.#file.try(waitingIn, []).filter(({ row }) => !ids.has(row.id));
    return [...under, ...over].filter(({ row }) => isMeant(placeOfRow(row)));
  }

  /** Row under this id that the person can see. */
  #row(id: string): MessageRow | undefined {
    const row = this.#memory()?.read.byId(id) ?? this.#file.try((file) => file.read.byId(id), undefined);
    return row?.deleted_at === null ? row : undefined;
  }

  /** As it is stored, if it is of this conversation and the person can see it. */
  rowIn(id: string, conversationId: string): MessageRow | undefined {
    const row = this.#row(id);
    return row?.conversation === conversationId ? row : undefined;
  }

  #slice(conversationId: string, query: SliceQuery): Slice {
    const read = (store: MessageStore): MessageRecord[] =>
      store.read.slice(conversationId, { ...query, limit: query.limit + 1 }).map(toRecord);
    const memory = this.#memory();
    return mergePages({ over: memory ? read(memory) : [], under: this.#file.try(read, []) }, query);
  }
}

function toWaiting(row: MessageRow): WaitingMessage {
  return { ...toRecord(row), place: { accountId: row.account, kind: kindOf(row), address: row.peer } };
}

function placeOfRow({ account, peer }: MessageRow): ScopedPlace {
  return { accountId: account, address: peer };
}

/** All that waits to be sent. */
export function waitingIn(store: MessageStore): WholeMessage[] {
  return store.whole(store.read.waiting(undefined));
}
