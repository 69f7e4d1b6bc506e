import type { Op, Update } from "../../shared/ipc/updates.ts";

/**
 * Shortest time between two updates, in milliseconds: about every second frame, so that a burst is one repaint, not a
 * thousand.
 */
const minInterval = 30;
/**
 * Operations in one update: more go in further updates with a turn of the loop between them, so that a list of 10,000
 * blocks neither side.
 */
const maxOps = 1_000;

/**
 * Collects operations and sends them as one numbered update: at the end of the tick when it has been quiet, at most
 * every 30 ms in a burst. Operations on one record are folded into one, so that 10,000 presence changes of 100 contacts
 * are 100 operations.
 */
export class Publisher {
  readonly #send: (update: Update) => void;
  /** Milliseconds, of a clock that is never set. */
  readonly #now: () => number;
  readonly #waiting = new Map<string, Op>();
  #seq = 0;
  #last = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (update: Update) => void, now: () => number = () => performance.now()) {
    this.#send = send;
    this.#now = now;
  }

  add(op: Op): void {
    const key = `${op.table}\n${op.id}`;
    this.#waiting.set(key, fold(this.#waiting.get(key), op));
    this.#timer ??= setTimeout(() => this.#sendSome(), Math.max(0, minInterval - (this.#now() - this.#last)));
  }

  /** Sends what waits now and answers the number of the last update, for a snapshot taken in the same tick. */
  flush(): number {
    while (this.#waiting.size > 0) this.#sendSome();
    return this.#seq;
  }

  /** Leaves a number out, so that the window asks for a new snapshot. */
  skip(): void {
    this.flush();
    this.#seq += 1;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.clear();
  }

  /** Sends the oldest of what waits. */
  #sendSome(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const ops: Op[] = [];
    for (const [key, op] of this.#waiting) {
      ops.push(op);
      this.#waiting.delete(key);
      if (ops.length === maxOps) break;
    }
    this.#last = this.#now();
    this.#seq += 1;
    if (this.#waiting.size > 0) this.#timer = setTimeout(() => this.#sendSome(), 1);
    this.#send({ seq: this.#seq, ops });
  }
}

/** Single operation with the effect of two on one record. */
export function fold(first: Op | undefined, second: Op): Op {
  if (!first || second.op !== "patch" || first.op === "remove" || first.op === "forget") return second;
  if (first.op === "patch") return { ...second, fields: { ...first.fields, ...second.fields } } as Op;
  const record: Record<string, unknown> = { ...first.record };
  for (const [name, value] of Object.entries(second.fields)) {
    if (value === null) delete record[name];
    else record[name] = value;
  }
  return { ...first, record } as Op;
}
