import type { Op, Update } from "../../shared/ipc/updates.ts";

export interface Publisher {
  add(op: Op): void;
  /** Sends what waits now and answers the number of the last update, for a snapshot taken in the same tick. */
  flush(): number;
  /** Leaves a number out, so that whoever follows asks for a new snapshot. */
  skip(): void;
  close(): void;
}

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
export function createPublisher(
  send: (update: Update) => void,
  now: () => number = () => performance.now(),
): Publisher {
  let waiting = new Map<string, Op>();
  let seq = 0;
  let last = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  /** Sends the oldest of what waits. */
  function sendSome(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.size === 0) return;
    const ops: Op[] = [];
    for (const [key, op] of waiting) {
      ops.push(op);
      waiting.delete(key);
      if (ops.length === maxOps) break;
    }
    last = now();
    seq += 1;
    if (waiting.size > 0) timer = setTimeout(sendSome, 1);
    send({ seq, ops });
  }

  function flush(): number {
    while (waiting.size > 0) sendSome();
    return seq;
  }

  return {
    add(op) {
      const key = `${op.table}\n${op.id}`;
      waiting.set(key, fold(waiting.get(key), op));
      timer ??= setTimeout(sendSome, Math.max(0, minInterval - (now() - last)));
    },
    flush,
    skip() {
      flush();
      seq += 1;
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
      waiting = new Map();
    },
  };
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
