import { getEnvironmentData, isMainThread } from "node:worker_threads";

/** How often each mutant was run, by its number. */
export type Hits = Record<string, number>;

/** Under this name a thread finds the shared bytes, one for each mutant. */
export const hitsKey = "hallway-mutation-hits";
/** Mutants of one room, at most. */
export const mostMutants = 65_536;

/**
 * Loaded into a thread before its own code: marks every mutant that the thread runs, which instrumented code reports by
 * counting it up.
 */
const hits = isMainThread ? undefined : getEnvironmentData(hitsKey);
if (hits instanceof Uint8Array) {
  const marks = new Proxy<Hits>(
    {},
    {
      get: () => 0,
      set: (_, mutant) => {
        hits[Number(mutant)] = 1;
        return true;
      },
    },
  );
  Object.assign(globalThis, { __stryker__: { mutantCoverage: { static: marks, perTest: {} } } });
}
