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
  return new SignalTable(shape);
}

class SignalTable<R extends { readonly id: string }> implements WritableTable<R> {
  readonly version = signal(0);
  readonly pulse = signal(0);
  readonly #shape: readonly (keyof R)[];
  readonly #signals = new Map<string, Signal<R | typeof dropped | undefined>>();
  /** Records that somebody follows: their signals outlive them, so that a row that waits for one hears of its coming. */
  readonly #watched = new Set<string>();
  readonly #present = new Set<string>();
  #pulseTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(shape: readonly (keyof R)[]) {
    this.#shape = shape;
  }

  get size(): number {
    return this.#present.size;
  }

  get(id: R["id"]): R | undefined {
    return recordOf(this.#slot(id).value);
  }

  peek(id: R["id"]): R | undefined {
    return recordOf(this.#signals.get(id)?.peek());
  }

  all(): R[] {
    this.version.value;
    const records: R[] = [];
    for (const id of this.#present) {
      const record = recordOf(this.#signals.get(id)?.peek());
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  put(record: R): void {
    const target = this.#slot(record.id);
    const before = recordOf(target.peek());
    target.value = record;
    this.#present.add(record.id);
    if (before === undefined || this.#shape.some((field) => !same(before[field], record[field]))) this.version.value++;
    else this.#bumpPulse();
  }

  patch(id: string, fields: Readonly<Record<string, unknown>>): void {
    const before = recordOf(this.#signals.get(id)?.peek());
    if (before === undefined) return;
    const next: Record<string, unknown> = { ...before };
    for (const [field, value] of Object.entries(fields)) {
      if (field === "id" || field === "__proto__") continue;
      if (value === null) delete next[field];
      else next[field] = value;
    }
    this.put(next as unknown as R);
  }

  remove(id: string): void {
    if (!this.#present.delete(id)) return;
    this.#slot(id).value = undefined;
    if (!this.#watched.has(id)) this.#signals.delete(id);
    this.version.value++;
  }

  reset(records: readonly R[]): void {
    const kept = new Set(records.map(({ id }) => id));
    for (const id of [...this.#present]) if (!kept.has(id)) this.remove(id);
    for (const record of records) this.put(record);
  }

  dispose(): void {
    clearTimeout(this.#pulseTimer);
  }

  #slot(id: string): Signal<R | typeof dropped | undefined> {
    const known = this.#signals.get(id);
    if (known !== undefined) return known;
    const made = signal<R | typeof dropped | undefined>(undefined, {
      watched: () => void this.#watched.add(id),
      unwatched: () => {
        this.#watched.delete(id);
        if (this.#present.has(id)) return;
        this.#signals.delete(id);
        made.value = dropped;
      },
    });
    this.#signals.set(id, made);
    return made;
  }

  #bumpPulse(): void {
    this.#pulseTimer ??= setTimeout(() => {
      this.#pulseTimer = undefined;
      this.pulse.value++;
    }, pulseDelay);
  }
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
