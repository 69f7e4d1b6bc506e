import type { MessageRecord } from "../../../shared/model/message.ts";
import type { HistoryMode } from "../../../shared/settings/history.ts";
import type { ReadThere, StateUpdate } from "../history.ts";
import type { FileOperations } from "./history-file.ts";
import { compareMessages } from "./layers.ts";
import { toRecord } from "./message-row.ts";
import type { MessageStore } from "./message-store.ts";

/** Own messages that become read at a time. */
const maxReadThere = 500;

interface LayeredStatesParts {
  readonly file: FileOperations;
  /** Store of what is in memory; undefined: nothing is. */
  readonly memory: () => MessageStore | undefined;
  /** The same, made where there is none. */
  readonly makeMemory: () => MessageStore;
  /** Whether a message in memory has a copy in the closed file, which is kept true. */
  readonly isCarried: (messageId: string) => boolean;
}

/** Delivery states of own messages in a history whose newest messages may be in memory over a file. */
export class LayeredStates {
  readonly #file: FileOperations;
  readonly #memory: () => MessageStore | undefined;
  readonly #makeMemory: () => MessageStore;
  readonly #isCarried: (messageId: string) => boolean;

  constructor({ file, memory, makeMemory, isCarried }: LayeredStatesParts) {
    this.#file = file;
    this.#memory = memory;
    this.#makeMemory = makeMemory;
    this.#isCarried = isCarried;
  }

  /** As History.setState. */
  set(update: StateUpdate, mode: HistoryMode): MessageRecord | undefined {
    const memory = this.#memory();
    const isInMemory = memory?.read.findOwn(update.conversationId, update.wireId) !== undefined;
    const inMemory = memory?.setState(update);
    if (mode !== "encrypted") {
      if (inMemory && this.#isCarried(inMemory.id)) this.#file.once((file) => file.setState(update));
      return inMemory;
    }
    // The copy in the file is of before: what memory refuses, it must not undo.
    if (isInMemory) return inMemory;
    const done = this.#file.try((file) => ({ record: file.setState(update) }), undefined);
    if (done) return done.record;
    // The file cannot be written: the message moves to memory with its new state, and back later.
    const found = this.#file.try((file) => {
      const row = file.read.findOwn(update.conversationId, update.wireId);
      return row && file.whole([row]);
    }, undefined);
    if (!found) return undefined;
    const above = this.#makeMemory();
    above.absorb(found, () => false);
    return above.setState(update);
  }

  /** As History.readThere. */
  readThere(conversationId: string, wireId: string, mode: HistoryMode): ReadThere {
    const isIn = (store: MessageStore) => store.read.findOwn(conversationId, wireId);
    const memory = this.#memory();
    const row = (memory && isIn(memory)) ?? this.#file.try(isIn, undefined);
    const state = row && toRecord(row).state;
    if (!row || state === "failed") return { records: [], more: false };
    const named = this.set({ conversationId, wireId, state: "read" }, mode);
    if (!named && state !== "read") return { records: [], more: false };
    const inMemory = this.#memory()?.readBefore(conversationId, row, maxReadThere) ?? [];
    for (const { id } of inMemory)
      if (this.#isCarried(id)) this.#file.once((file) => file.setState({ conversationId, wireId: id, state: "read" }));
    const inFile =
      mode === "encrypted" ? this.#file.try((file) => file.readBefore(conversationId, row, maxReadThere), []) : [];
    const earlier = [...inFile, ...inMemory].sort(compareMessages);
    return {
      records: [...earlier, ...(named ? [named] : [])],
      more: Math.max(inFile.length, inMemory.length) === maxReadThere,
    };
  }
}
