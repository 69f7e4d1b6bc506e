import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { Op, RecordOf, Snapshot, TableName, Update } from "../../shared/ipc/updates.ts";
import { createSharing } from "../../shared/model/sharing.ts";
import type { Client } from "../ipc/client.ts";
import { createTable, type Table, type WritableTable } from "./table.ts";

/** An operation on table `messages`: those go to whoever shows the conversation, and are not kept here. */
export type MessageOp = Extract<Op, { readonly table: "messages" } | { readonly op: "remove" }>;

/** Signals of everything main has published. The replica holds no truth: everything comes from `client`. */
export interface Replica {
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
  /** Returns a disposer. */
  onMessage(listener: (op: MessageOp) => void): () => void;
  /** Updates were missed and a new snapshot was taken in: what was paged may be out of date. Returns a disposer. */
  onReset(listener: () => void): () => void;
  /** Asks for the first snapshot and begins to follow. */
  start(): void;
  dispose(): void;
}

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

/**
 * Follows main. Operations are queued and taken in frame by frame, at most `budget` milliseconds of them in each, so
 * that a burst of thousands never holds up a frame.
 *
 *   waiting --snapshot--> following --gap in seq--> waiting (updates are held back until the snapshot is there)
 */
export function createReplica({ client, schedule, elapsed, budget = 6 }: ReplicaOptions): Replica {
  const tables: { readonly [T in Exclude<TableName, "messages">]: WritableTable<RecordOf<T>> } = {
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
  const share = createSharing();
  const ready = signal(false);
  const messageListeners = new Set<(op: MessageOp) => void>();
  const resetListeners = new Set<() => void>();
  let seq: number | undefined;
  let held: Update[] = [];
  let queue: Op[] = [];
  let cursor = 0;
  let cancelFlush: (() => void) | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let stopListening: (() => void) | undefined;
  let disposed = false;

  const apply = (op: Op): void => {
    if (op.table === "messages") {
      for (const listener of messageListeners) listener(op);
      return;
    }
    const table: Sink | undefined = tables[op.table];
    if (table === undefined) return;
    if (op.op === "put") table.put(op.table === "contacts" ? share(op.record) : op.record);
    else if (op.op === "patch") table.patch(op.id, op.fields);
    else table.remove(op.id);
  };

  const flush = (): void => {
    cancelFlush = undefined;
    const begun = elapsed();
    batch(() => {
      while (cursor < queue.length) {
        const op = queue[cursor++];
        if (op !== undefined) apply(op);
        if (cursor % stride === 0 && elapsed() - begun > budget) break;
      }
    });
    if (cursor < queue.length) {
      cancelFlush = schedule(flush);
    } else {
      queue = [];
      cursor = 0;
    }
  };

  const take = (update: Update): void => {
    if (seq === undefined) {
      held.push(update);
      return;
    }
    if (update.seq <= seq) return;
    if (update.seq > seq + 1) {
      seq = undefined;
      held = [update];
      ask();
      return;
    }
    seq = update.seq;
    for (const op of update.ops) queue.push(op);
    if (queue.length > cursor) cancelFlush ??= schedule(flush);
  };

  const takeSnapshot = (snapshot: Snapshot): void => {
    const again = ready.peek();
    // What waits in the queue is older than the snapshot; messages are fetched again by whoever listens.
    queue = [];
    cursor = 0;
    batch(() => {
      for (const name of Object.keys(tables) as (keyof typeof tables)[]) {
        const table: Sink = tables[name];
        table.reset(name === "contacts" ? snapshot.tables.contacts.map(share) : snapshot.tables[name]);
      }
      ready.value = true;
    });
    seq = snapshot.seq;
    const later = held;
    held = [];
    for (const update of later) take(update);
    if (again) for (const listener of resetListeners) listener();
  };

  const ask = (): void => {
    // Whatever is answered first is taken; the call may have been made before anybody listened.
    const askAgainIn = (delay: number): void => {
      clearTimeout(retry);
      retry = setTimeout(ask, delay);
    };
    askAgainIn(snapshotPatience);
    client.request("app.snapshot", {}).then(
      (snapshot) => {
        if (disposed || seq !== undefined) return;
        clearTimeout(retry);
        takeSnapshot(snapshot);
      },
      () => {
        if (!disposed && seq === undefined) askAgainIn(snapshotRetry);
      },
    );
  };

  const subscribe = <T>(listeners: Set<T>, listener: T): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  return {
    ready,
    ...tables,
    onMessage: (listener) => subscribe(messageListeners, listener),
    onReset: (listener) => subscribe(resetListeners, listener),
    start() {
      stopListening = client.onUpdate(take);
      ask();
    },
    dispose() {
      disposed = true;
      stopListening?.();
      cancelFlush?.();
      clearTimeout(retry);
      for (const table of Object.values(tables)) table.dispose();
    },
  };
}

/** One run per frame while the window is drawn, and still four a second while it is hidden, when no frames come. */
export function scheduleFrame(work: () => void): () => void {
  let done = false;
  const run = (): void => {
    if (done) return;
    cancel();
    work();
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, 250);
  const cancel = (): void => {
    done = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return cancel;
}
