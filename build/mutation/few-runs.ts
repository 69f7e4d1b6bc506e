import { createRequire } from "node:module";

/** Runs of a property under mutation, at most: what a mutant breaks, it nearly always breaks in the first few. */
const mostRuns = 25;

const real: typeof import("fast-check") = createRequire(import.meta.url)("fast-check");

type Assert = typeof real.assert;

const assert = ((property: Parameters<Assert>[0], parameters?: Parameters<Assert>[1]) =>
  real.assert(property, { ...parameters, numRuns: Math.min(parameters?.numRuns ?? mostRuns, mostRuns) })) as Assert;

/** fast-check, as tests import it, with fewer runs. */
export default { ...real.default, assert };
