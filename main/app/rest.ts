/** So many operations on the live state are a burst: a long contact list, a catch-up. */
const burst = 1_000;
/** How long there is none before it counts as over, in milliseconds. */
const quiet = 5_000;

/** Gives the system back what a burst took. */
export interface Rest {
  /** There were so many operations on the live state, whether or not the window is told of them. */
  note(operations: number): void;
  close(): void;
}

/**
 * Collection of garbage after a burst. Most of what a burst leaves is garbage, and V8 keeps it as long as nothing else
 * wants the room: of a list of 10,000 contacts that was read and shown, four fifths. So once it is quiet after a burst,
 * `collect` is called, and not again before the next one.
 */
export function createRest(collect: () => void): Rest {
  let noted = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    note(operations) {
      noted += operations;
      if (noted < burst) return;
      // One timer a burst, set back by each of its operations: there are thousands of them.
      if (timer !== undefined) {
        timer.refresh();
        return;
      }
      timer = setTimeout(() => {
        noted = 0;
        timer = undefined;
        collect();
      }, quiet);
      timer.unref();
    },
    close: () => clearTimeout(timer),
  };
}
