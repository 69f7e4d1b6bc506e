/** Lines that say the same of the same account, in one interval. */
export const linesAnInterval = 20;
/** Length of the interval, in milliseconds. */
export const interval = 60_000;
/** Kinds of lines that are counted apart; what is beyond them is counted together. */
const mostKinds = 500;

/** Answers whether another line of this kind may be written now, and how many were left out before it. */
export type LineLimit = (kind: string) => { readonly allowed: boolean; readonly leftOut: number };

/**
 * Limits how often the log says the same, so that whoever causes a line a thousand times drives nothing else out of it.
 */
export function createLineLimit(now: () => number): LineLimit {
  const kinds = new Map<string, { since: number; count: number; leftOut: number }>();
  return (wanted) => {
    const kind = kinds.has(wanted) || kinds.size < mostKinds ? wanted : "";
    const at = now();
    const known = kinds.get(kind);
    if (!known || at - known.since >= interval || at < known.since) {
      kinds.set(kind, { since: at, count: 1, leftOut: 0 });
      return { allowed: true, leftOut: known?.leftOut ?? 0 };
    }
    known.count += 1;
    if (known.count <= linesAnInterval) return { allowed: true, leftOut: 0 };
    known.leftOut += 1;
    return { allowed: false, leftOut: 0 };
  };
}
