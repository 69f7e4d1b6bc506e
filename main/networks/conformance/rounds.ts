import { createHash, randomInt } from "node:crypto";
import { expect, onTestFailed } from "vitest";

/** Rounds of a test that interrupts something at moments drawn at random. */
export interface Rounds {
  readonly count: number;
  /** Whole number from `min` to below `max`. */
  between(min: number, max: number): number;
}

/**
 * Rounds of the running test: `usual`, or as many as HALLWAY_TIMES in the environment says. HALLWAY_SEED draws the
 * moments of an earlier run again; the seed is printed where the test fails, and always with HALLWAY_TIMES.
 */
export function rounds(usual: number): Rounds {
  const times = fromEnvironment("HALLWAY_TIMES");
  const seed = fromEnvironment("HALLWAY_SEED") ?? randomInt(1_000_000);
  const { currentTestName } = expect.getState();
  const count = times ?? usual;
  const print = (): void => console.info(`${currentTestName}: ${count} rounds, HALLWAY_SEED=${seed}`);
  if (times === undefined) onTestFailed(print);
  else print();
  let drawn = 0;
  const draw = (): number => {
    drawn += 1;
    return createHash("sha256").update(`${seed} ${drawn}`).digest().readUInt32BE() / 2 ** 32;
  };
  return { count, between: (min, max) => min + Math.floor(draw() * (max - min)) };
}

/** Time that a test with so many rounds may take, in ms: `usually` for the usual number. */
export function timeFor(usual: number, usually: number): number {
  return Math.ceil((usually * Math.max(fromEnvironment("HALLWAY_TIMES") ?? usual, usual)) / usual);
}

/** Error: Error where it is no number. */
function fromEnvironment(name: string): number | undefined {
  const value = process.env[name];
  if (value === undefined || value === "") return undefined;
  if (!/^[0-9]{1,9}$/.test(value)) throw new Error(`${name} is no number: ${value}`);
  return Number(value);
}
