/** Lines that say the same of the same account, in one interval. */
export const linesAnInterval = 20;
/** Length of the interval, in milliseconds. */
export const interval = 60_000;
/** Kinds of lines that are counted apart; what is beyond them is counted together. */
const mostKinds = 500;

/**
 * Limits how often the log says the same, so that whoever causes a line a thousand times drives nothing else out of it.
 */
export class LineLimit {
  readonly #now: () => number;
  readonly #kinds = new Map<string, { since: number; count: number; leftOut: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a line of this kind: whether it may be written now, and how many were left out before it. */
  admit(wanted: string): { readonly allowed: boolean; readonly leftOut: number } {
    const kinds = this.#kinds;
    const kind = kinds.has(wanted) || kinds.size < mostKinds ? wanted : "";
    const at = this.#now();
    const known = kinds.get(kind);
    if (!known || at - known.since >= interval || at < known.since) {
      kinds.set(kind, { since: at, count: 1, leftOut: 0 });
      return { allowed: true, leftOut: known?.leftOut ?? 0 };
    }
    known.count += 1;
    if (known.count <= linesAnInterval) return { allowed: true, leftOut: 0 };
    known.leftOut += 1;
    return { allowed: false, leftOut: 0 };
  }
}
