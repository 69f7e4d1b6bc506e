/** Gives out `seq`, which grows with every message stored, in whichever store. */
export interface Sequence {
  next(): number;
  /** All that follow are above `seq`. */
  raise(seq: number): void;
}

export function createSequence(): Sequence {
  let last = 0;
  return {
    next() {
      last += 1;
      return last;
    },
    raise(seq) {
      last = Math.max(last, seq);
    },
  };
}
