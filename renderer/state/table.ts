import { type ReadonlySignal, type Signal, signal } from "@preact/signals";

/**
 * Records of one kind, a signal each, so that a change re-renders only who shows that record.
 *
 * Two further signals say that something about the whole changed: `version` at once, when a record came, went or
 * changed one of the table's `shape` fields (those that lists are ordered and grouped by); `pulse` lazily, at most
 * every 400 ms, when anything else changed (for counters).
 */
export interface Table<R extends { readonly id: string }> {
  readonly version: ReadonlySignal<number>;
  readonly pulse: ReadonlySignal<number>;
  readonly size: number;
  /** The record, followed: whoever reads it inside an effect or a component hears of its coming, change and going. */
  get(id: R["id"]): R | undefined;
  /** The record now, not followed. */
  peek(id: R["id"]): R | undefined;
  /** All records now, followed by `version` only. */
  all(): R[];
}

/** A table and the ways to change it; only the replica holds these. */
export interface WritableTable<R extends { readonly id: string }> extends Table<R> {
  put(record: R): void;
  patch(id: string, fields: Readonly<Record<string, unknown>>): void;
  remove(id: string): void;
  /** Replaces everything, keeping the signals of records that stay. */
  reset(records: readonly R[]): void;
  dispose(): void;
}

const pulseDelay = 400;
/**
 * Value of a signal that the table has let go of. A computed signal that nobody follows for a while still depends on
 * the old signal: it must see a change there, to look the record up again.
 */
const dropped = Symbol("dropped");

export function createTable<R extends { readonly id: string }>(shape: readonly (keyof R)[]): WritableTable<R> {
  const signals = new Map<string, Signal<R | typeof dropped | undefined>>();
  /** Records that somebody follows: their signals outlive them, so that a row that waits for one hears of its coming. */
  const watched = new Set<string>();
  const present = new Set<string>();
  const version = signal(0);
  const pulse = signal(0);
  let pulseTimer: ReturnType<typeof setTimeout> | undefined;

  const slot = (id: string): Signal<R | typeof dropped | undefined> => {
    const known = signals.get(id);
    if (known !== undefined) return known;
    const made = signal<R | typeof dropped | undefined>(undefined, {
      watched: () => void watched.add(id),
      unwatched() {
        watched.delete(id);
        if (present.has(id)) return;
        signals.delete(id);
        made.value = dropped;
      },
    });
    signals.set(id, made);
    return made;
  };
  const bumpPulse = (): void => {
    pulseTimer ??= setTimeout(() => {
      pulseTimer = undefined;
      pulse.value++;
    }, pulseDelay);
  };
  const set = (record: R): void => {
    const target = slot(record.id);
    const before = recordOf(target.peek());
    target.value = record;
    present.add(record.id);
    if (before === undefined || shape.some((field) => !same(before[field], record[field]))) version.value++;
    else bumpPulse();
  };
  const remove = (id: string): void => {
    if (!present.delete(id)) return;
    slot(id).value = undefined;
    if (!watched.has(id)) signals.delete(id);
    version.value++;
  };

  return {
    version,
    pulse,
    get size() {
      return present.size;
    },
    get: (id) => recordOf(slot(id).value),
    peek: (id) => recordOf(signals.get(id)?.peek()),
    all() {
      version.value;
      const records: R[] = [];
      for (const id of present) {
        const record = recordOf(signals.get(id)?.peek());
        if (record !== undefined) records.push(record);
      }
      return records;
    },
    put: set,
    patch(id, fields) {
      const before = recordOf(signals.get(id)?.peek());
      if (before === undefined) return;
      const next: Record<string, unknown> = { ...before };
      for (const [field, value] of Object.entries(fields)) {
        if (field === "id" || field === "__proto__") continue;
        if (value === null) delete next[field];
        else next[field] = value;
      }
      set(next as unknown as R);
    },
    remove,
    reset(records) {
      const kept = new Set(records.map(({ id }) => id));
      for (const id of [...present]) if (!kept.has(id)) remove(id);
      for (const record of records) set(record);
    },
    dispose: () => clearTimeout(pulseTimer),
  };
}

function recordOf<R>(value: R | typeof dropped | undefined): R | undefined {
  return value === dropped ? undefined : value;
}

/** Equal as far as a list's order is concerned: records hold strings, numbers, flat objects and lists of strings. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  return (
    typeof a === "object" &&
    typeof b === "object" &&
    a !== null &&
    b !== null &&
    JSON.stringify(a) === JSON.stringify(b)
  );
}
