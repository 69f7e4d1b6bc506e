import { HallwayError } from "../../../shared/errors.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import type { HistoryMode } from "../../../shared/settings/history.ts";
import { openDatabase } from "../../database/database.ts";
import type {
  Changed,
  ConversationSummary,
  Correction,
  NamedMessage,
  NewMessage,
  ReadThere,
  Retraction,
  StateUpdate,
  Stored,
} from "../history.ts";
import type { ScopedPlace } from "../scope.ts";
import type { WholeMessage } from "./details.ts";
import type { GoneMessages } from "./gone-messages.ts";
import type { FileOperations, Sequence } from "./history-file.ts";
import { historyMigrations } from "./history-schema.ts";
import type { Layer } from "./layer.ts";
import { LayeredReader, waitingIn } from "./layered-reader.ts";
import { LayeredStates } from "./layered-states.ts";
import { compareMessages } from "./layers.ts";
import { toRecord, toRow, writtenBy } from "./message-row.ts";
import { MessageStore } from "./message-store.ts";
import type { Cursor } from "./slice.ts";

export interface HistoryServiceOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly mode: HistoryMode;
  /** Lines kept of a conversation in mode `off`. */
  readonly keepWhenOff: number;
  readonly gone: GoneMessages;
}

/**
 * History in the worker: which stores there are in which mode.
 *
 *   encrypted          file
 *   encrypted, broken  memory over file: new messages go to memory, and to the file as soon as it can be written again
 *   memory, off        memory (in `off` without index, and only the newest lines of a conversation)
 *
 * Messages that wait to be sent move along when the mode changes. Their copy in the closed file is kept true
 * (`#carried`), so that nothing is sent again when the file is opened later.
 */
export class HistoryService {
  /** For deleting: a file that is closed is not spared by what policy says of it. */
  readonly fileLayer: Layer = (work) => (this.#mode === "encrypted" ? this.#file.must(work) : this.#file.once(work));
  readonly memoryLayer: Layer = (work) => this.#memory && work(this.#memory);
  readonly read: LayeredReader;
  readonly #keepWhenOff: number;
  readonly #now: () => number;
  readonly #sequence: Sequence;
  readonly #states: LayeredStates;
  readonly #file: FileOperations;
  readonly #gone: GoneMessages;
  readonly #carried = new Set<string>();
  #mode: HistoryMode;
  #memory: MessageStore | undefined;

  /** `sequence` is the file's, too. */
  constructor(options: HistoryServiceOptions, file: FileOperations, sequence: Sequence) {
    this.#keepWhenOff = options.keepWhenOff;
    this.#now = options.now;
    this.#gone = options.gone;
    this.#file = file;
    this.#sequence = sequence;
    this.#states = new LayeredStates({
      file,
      memory: () => this.#memory,
      makeMemory: () => this.#memoryStore(),
      isCarried: (id) => this.#carried.has(id),
    });
    this.read = new LayeredReader(file, () => this.#memory);
    this.#mode = options.mode;
    if (options.mode === "encrypted") this.#file.open();
    // What waits in the file from an earlier time is sent all the same.
    else this.#carry(this.#file.once(waitingIn) ?? []);
  }

  setMode(mode: HistoryMode): void {
    if (mode === this.#mode) return;
    const from = this.#mode;
    const old = this.#memory;
    this.#memory = undefined;
    const inFile = this.#file.try(waitingIn, []);
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
      // It is not kept, and must not be when it comes again after the mode has changed or Hallway was started anew.
      this.#gone.add(
        messages.filter((_, index) => stored[index]?.isNew).map((message) => toRow(message, 0, this.#now())),
      );
      if (this.#mode === "off")
        for (const id of new Set(messages.map((message) => message.conversationId)))
          this.#memoryStore().trim(id, this.#keepWhenOff);
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
      if (known && this.#memory?.read.byId(known.id) === undefined)
        return { record: toRecord(known), isNew: false, changed: false };
      const [stored] = this.#memoryStore().append([message], demanded);
      if (!stored) throw new HallwayError("internal");
      return stored;
    });
  }

  setState(update: StateUpdate): MessageRecord | undefined {
    this.#recover();
    return this.#states.set(update, this.#mode);
  }

  /**
   * As History.readThere. Where the file cannot be written, only the message that is named moves to memory with its new
   * state.
   */
  readThere(conversationId: string, wireId: string): ReadThere {
    this.#recover();
    return this.#states.readThere(conversationId, wireId, this.#mode);
  }

  correct(correction: Correction, keep: boolean): Changed {
    return this.#change(correction, (store) => store.correct(correction, keep));
  }

  retract(retraction: Retraction, keep: boolean): Changed {
    return this.#change(retraction, (store) => store.retract(retraction, keep));
  }

  #change(to: Retraction | Correction, change: (store: MessageStore) => Changed): Changed {
    const isIn = (store: MessageStore | undefined): boolean => store?.read.findChanged(to, to.at) !== undefined;
    if (this.#mode !== "encrypted") {
      const changed = change(this.#memoryStore());
      const { conversationId, at, newWireId } = { newWireId: undefined, ...to };
      if (newWireId !== undefined && changed.outcome === "changed")
        this.#gone.addChange({
          conversation: conversationId,
          ...writtenBy(to, to.place.address),
          wire_id: newWireId,
          at,
        });
      if (changed.record && this.#carried.has(changed.record.id)) this.#file.once(change);
      return changed;
    }
    this.#recover();
    if (!isIn(this.#memory)) {
      const done = this.#file.try(change, undefined);
      if (done) return { ...done, summary: done.summary && this.read.summary(to.conversationId) };
      // The file cannot be written: the message moves to memory, is changed there, and moves back later.
      const found = this.#file.try((file) => {
        const row = file.read.findChanged(to, to.at);
        return row && file.whole([row]);
      }, undefined);
      if (found) this.#memoryStore().absorb(found, () => false);
    }
    const changed = change(this.#memoryStore());
    return { ...changed, summary: changed.summary && this.read.summary(to.conversationId) };
  }

  markRead(
    conversationId: string,
    messageId: string,
  ): { summary: ConversationSummary | undefined; readWireIds: string[] } {
    const row = this.read.rowIn(messageId, conversationId);
    const readWireIds = row ? this.#markRead(conversationId, row) : [];
    return { summary: this.read.summary(conversationId), readWireIds };
  }

  markReadByWireId(message: NamedMessage): ConversationSummary | undefined {
    const row =
      this.#memory?.read.findByWireId(message) ?? this.#file.try((file) => file.read.findByWireId(message), undefined);
    if (!row) return undefined;
    this.#markRead(message.conversationId, row);
    return this.read.summary(message.conversationId);
  }

  forgetOpen(conversationId: string): void {
    if (this.#mode === "off") this.#memory?.trim(conversationId, 0);
  }

  /**
   * Lets go of what is kept in memory of some conversations, except what waits to be sent. What memory holds for a file
   * that cannot be written stays: it was said to be kept.
   */
  forget(isMeant: (place: ScopedPlace) => boolean): void {
    const memory = this.#mode === "encrypted" ? undefined : this.#memory;
    for (const summary of memory?.summaries.all() ?? []) if (isMeant(summary)) memory?.trim(summary.conversationId, 0);
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

  /** Cuts some entries of the index anew that an earlier version made; false when that is done. */
  renewIndexSome(): boolean {
    return this.#file.renewIndexSome();
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
      this.#memory = new MessageStore(db, {
        indexed: this.#mode !== "off",
        nextSeq: () => this.#sequence.next(),
        now: this.#now,
        gone: this.#gone,
      });
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

  /**
   * After a switch to `encrypted`: what waits, and the states of what was carried, go to the file; the rest is
   * forgotten as promised.
   */
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
