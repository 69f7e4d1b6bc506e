import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { Op, RecordOf, Snapshot, TableName, Update } from "../../shared/ipc/updates.ts";
import { createSharing } from "../../shared/model/sharing.ts";
import type { Client } from "../ipc/client.ts";
import { ConversationPlaces } from "./conversation-places.ts";
import { createTable, type Table, type WritableTable } from "./table.ts";

/** An operation on table `messages`: those go to whoever shows the conversation, and are not kept here. */
export type MessageOp = Extract<Op, { readonly table: "messages" } | { readonly op: "remove" }>;

export interface ReplicaOptions {
  readonly client: Pick<Client, "request" | "onUpdate">;
  /** Runs the work soon, once per frame; returns a disposer. */
  readonly schedule: (work: () => void) => () => void;
  /** A clock that only goes forward, in milliseconds. */
  readonly elapsed: () => number;
  /** Longest stretch of work in one frame, in milliseconds. */
  readonly budget?: number;
}

/** A table whatever its records: operations and snapshots were checked against their schemas by main. */
interface Sink {
  put(record: { readonly id: string }): void;
  patch(id: string, fields: Readonly<Record<string, unknown>>): void;
  remove(id: string): void;
  reset(records: readonly { readonly id: string }[]): void;
}

/** How long to wait before asking again when main refused a snapshot or did not answer at all, in milliseconds. */
const snapshotRetry = 2_000;
const snapshotPatience = 5_000;
/** Operations between two looks at the clock. */
const stride = 64;

/** The tables that the replica keeps. */
type Tables = { readonly [T in Exclude<TableName, "messages">]: WritableTable<RecordOf<T>> };

/**
 * Signals of everything main has published. The replica holds no truth: everything comes from `client`.
 *
 * Operations are queued and taken in frame by frame, at most `budget` milliseconds of them in each, so that a burst of
 * thousands never holds up a frame.
 *
 *   waiting --snapshot--> following --gap in seq--> waiting (updates are held back until the snapshot is there)
 */
export class Replica {
  /** False until the first snapshot has been taken in. */
  readonly ready: ReadonlySignal<boolean>;
  readonly app: Table<RecordOf<"app">>;
  readonly networks: Table<RecordOf<"networks">>;
  readonly accounts: Table<RecordOf<"accounts">>;
  /** People whom the window shows: not the whole contact list, which main lays out (`groups`, `roster`). */
  readonly contacts: Table<RecordOf<"contacts">>;
  readonly groups: Table<RecordOf<"groups">>;
  readonly roster: Table<RecordOf<"roster">>;
  readonly conversations: Table<RecordOf<"conversations">>;
  readonly requests: Table<RecordOf<"requests">>;
  readonly blocked: Table<RecordOf<"blocked">>;
  readonly settings: Table<RecordOf<"settings">>;
  readonly places: ConversationPlaces;
  readonly #client: ReplicaOptions["client"];
  readonly #schedule: ReplicaOptions["schedule"];
  readonly #elapsed: () => number;
  readonly #budget: number;
  readonly #ready = signal(false);
  readonly #tables: Tables = {
    app: createTable([]),
    networks: createTable([]),
    accounts: createTable(["address", "enabled", "state", "label"]),
    contacts: createTable([]),
    groups: createTable(["place", "shown"]),
    roster: createTable([]),
    conversations: createTable(["unread", "last"]),
    requests: createTable(["at"]),
    blocked: createTable(["scope"]),
    settings: createTable([]),
  };
  readonly #share = createSharing();
  readonly #messageListeners = new Set<(op: MessageOp) => void>();
  readonly #resetListeners = new Set<() => void>();
  /** Number of the last update taken; undefined: a snapshot is waited for. */
  #seq: number | undefined;
  /** Updates that came while a snapshot was waited for. */
  #held: Update[] = [];
  #queue: Op[] = [];
  #cursor = 0;
  #cancelFlush: (() => void) | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #stopListening: (() => void) | undefined;
  #disposed = false;

  constructor({ client, schedule, elapsed, budget = 6 }: ReplicaOptions) {
    this.#client = client;
    this.#schedule = schedule;
    this.#elapsed = elapsed;
    this.#budget = budget;
    this.ready = this.#ready;
    this.app = this.#tables.app;
    this.networks = this.#tables.networks;
    this.accounts = this.#tables.accounts;
    this.contacts = this.#tables.contacts;
    this.groups = this.#tables.groups;
    this.roster = this.#tables.roster;
    this.conversations = this.#tables.conversations;
    this.requests = this.#tables.requests;
    this.blocked = this.#tables.blocked;
    this.settings = this.#tables.settings;
    this.places = new ConversationPlaces(this.#tables);
  }

  /** Returns a disposer. */
  onMessage(listener: (op: MessageOp) => void): () => void {
    this.#messageListeners.add(listener);
    return () => this.#messageListeners.delete(listener);
  }

  /** Updates were missed and a new snapshot was taken in: what was paged may be out of date. Returns a disposer. */
  onReset(listener: () => void): () => void {
    this.#resetListeners.add(listener);
    return () => this.#resetListeners.delete(listener);
  }

  /** Asks for the first snapshot and begins to follow. */
  start(): void {
    this.#stopListening = this.#client.onUpdate((update) => this.#take(update));
    this.#ask();
  }

  dispose(): void {
    this.#disposed = true;
    this.#stopListening?.();
    this.#cancelFlush?.();
    clearTimeout(this.#retry);
    for (const table of Object.values(this.#tables)) table.dispose();
  }

  #take(update: Update): void {
    if (this.#seq === undefined) {
      this.#held.push(update);
      return;
    }
    if (update.seq <= this.#seq) return;
    if (update.seq > this.#seq + 1) {
      this.#seq = undefined;
      this.#held = [update];
      this.#ask();
      return;
    }
    this.#seq = update.seq;
    for (const op of update.ops) this.#queue.push(op);
    if (this.#queue.length > this.#cursor) this.#flushSoon();
  }

  #flushSoon(): void {
    this.#cancelFlush ??= this.#schedule(() => this.#flush());
  }

  #flush(): void {
    this.#cancelFlush = undefined;
    const begun = this.#elapsed();
    batch(() => {
      while (this.#cursor < this.#queue.length) {
        const op = this.#queue[this.#cursor++];
        if (op !== undefined) this.#apply(op);
        if (this.#cursor % stride === 0 && this.#elapsed() - begun > this.#budget) break;
      }
    });
    if (this.#cursor < this.#queue.length) this.#flushSoon();
    else {
      this.#queue = [];
      this.#cursor = 0;
    }
  }

  #apply(op: Op): void {
    if (op.table === "messages") {
      for (const listener of this.#messageListeners) listener(op);
      return;
    }
    const table: Sink | undefined = this.#tables[op.table];
    if (table === undefined) return;
    if (op.op === "put") table.put(op.table === "contacts" ? this.#share(op.record) : op.record);
    else if (op.op === "patch") table.patch(op.id, op.fields);
    else table.remove(op.id);
  }

  #ask(): void {
    // Whatever is answered first is taken; the call may have been made before anybody listened.
    const askAgainIn = (delay: number): void => {
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.#ask(), delay);
    };
    askAgainIn(snapshotPatience);
    this.#client.request("app.snapshot", {}).then(
      (snapshot) => {
        if (this.#disposed || this.#seq !== undefined) return;
        clearTimeout(this.#retry);
        this.#takeSnapshot(snapshot);
      },
      () => {
        if (!this.#disposed && this.#seq === undefined) askAgainIn(snapshotRetry);
      },
    );
  }

  #takeSnapshot(snapshot: Snapshot): void {
    const again = this.#ready.peek();
    // What waits in the queue is older than the snapshot; messages are fetched again by whoever listens.
    this.#queue = [];
    this.#cursor = 0;
    batch(() => {
      for (const name of Object.keys(this.#tables) as (keyof Tables)[]) {
        const table: Sink = this.#tables[name];
        table.reset(name === "contacts" ? snapshot.tables.contacts.map(this.#share) : snapshot.tables[name]);
      }
      this.#ready.value = true;
    });
    this.#seq = snapshot.seq;
    const later = this.#held;
    this.#held = [];
    for (const update of later) this.#take(update);
    if (again) for (const listener of this.#resetListeners) listener();
  }
}
