import { openDatabase } from "../../database/database.ts";
import type { NewMessage } from "../history.ts";
import { GoneMessages, goneSchema } from "./gone-messages.ts";
import type { FileOperations, Sequence } from "./history-file.ts";
import { historyMigrations } from "./history-schema.ts";
import { MessageStore } from "./message-store.ts";

export const account = "account-1";
export const bob = `${account}|bob@inside.test`;
export const eve = `${account}|eve@outside.test`;

/** A message to or from bob, said at `n`. */
export function message(n: number, fields: Partial<NewMessage> = {}): NewMessage {
  const { conversationId = bob, direction = "in" } = fields;
  const address = conversationId.slice(account.length + 1);
  return {
    id: `m${n}`,
    conversationId,
    place: { accountId: account, kind: "direct", address },
    direction,
    author: { isSelf: direction === "out" },
    wireId: direction === "out" ? `m${n}` : `w${n}`,
    archiveId: undefined,
    body: `words of ${n}`,
    at: n,
    network: "xmpp",
    own: "me@inside.test",
    receivedAt: n,
    state: direction === "out" ? "waiting" : "received",
    delayed: false,
    otherDevice: false,
    unread: direction === "in",
    wantsRead: direction === "in",
    ...fields,
  };
}

/** Memory of messages that must not come back. */
export function forgotten(): GoneMessages {
  const migrations = [(made: { exec(sql: string): void }): void => made.exec(goneSchema)];
  const db = openDatabase({ path: undefined, key: undefined, migrations, cacheKiB: 100 });
  return new GoneMessages((work) => work(db));
}

/** The file of a history, in memory: it can be read at all times while it is open, and written unless it refuses. */
export class UnwritableFile implements FileOperations {
  readonly store: MessageStore;
  isOpen = false;
  /** It is time to try again. */
  isDue = false;
  wells = 0;
  #failed = false;
  readonly #db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 1_000 });

  constructor(sequence: Sequence, gone: GoneMessages) {
    this.store = new MessageStore(this.#db, { indexed: true, nextSeq: () => sequence.next(), now: () => 1_000, gone });
  }

  /** Refuses what is written from now on, or takes it again. */
  refuse(refuses: boolean): void {
    for (const [what, table] of [
      ["INSERT", "message"],
      ["UPDATE", "message"],
      ["UPDATE", "conversation"],
      ["INSERT", "retraction_ahead"],
    ] as const) {
      const name = `refuse_${what}_${table}`;
      if (refuses)
        this.#db.exec(`CREATE TEMP TRIGGER ${name} BEFORE ${what} ON ${table} BEGIN SELECT raise(ABORT, 'no'); END`);
      else this.#db.exec(`DROP TRIGGER ${name}`);
    }
  }

  open(): void {
    this.isOpen = true;
  }

  close(): void {
    this.isOpen = false;
  }

  try<T, U>(work: (store: MessageStore) => T, otherwise: U): T | U {
    if (!this.isOpen) return otherwise;
    try {
      return work(this.store);
    } catch {
      this.#failed = true;
      return otherwise;
    }
  }

  must<T>(work: (store: MessageStore) => T): T | undefined {
    return this.isOpen ? work(this.store) : undefined;
  }

  once<T>(work: (store: MessageStore) => T): T | undefined {
    return work(this.store);
  }

  retry(now: boolean): boolean {
    if (!this.#failed || !(now || this.isDue)) return false;
    this.#failed = false;
    return true;
  }

  well(): void {
    this.wells += 1;
  }

  salvageSome(): boolean {
    return false;
  }

  renewIndexSome(): boolean {
    return false;
  }
}

/** Ids of all messages in a store with their texts, oldest first. */
export function held(store: MessageStore): readonly string[] {
  return store.read.all().map(({ id, body }) => `${id} ${body}`);
}
