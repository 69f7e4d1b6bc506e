/** What came in one session and is being stored. */
export interface Storing {
  /** Resolves to false where it could not be stored. */
  add(stored: Promise<boolean>): void;
  /** Resolves when all that came so far is stored; false: something of it could not be. */
  settled(): Promise<boolean>;
}

export function createStoring(): Storing {
  let all = Promise.resolve(true);
  let last: Promise<boolean> | undefined;
  return {
    add: (stored) => {
      // Messages that are stored in one go share a promise.
      if (stored === last) return;
      last = stored;
      const before = all;
      all = stored.then(
        async (done) => (await before) && done,
        () => false,
      );
    },
    settled: () => all,
  };
}
