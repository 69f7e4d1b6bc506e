import { seeded } from "../random.ts";

/** Choices of one part of the soak: the same in every run with the same seed. */
export interface Dice {
  /** 0 to below 1. */
  roll(): number;
  between(least: number, most: number): number;
  pick<T>(things: readonly [T, ...T[]] | readonly T[]): T;
}

export function createDice(seed: number): Dice {
  const roll = seeded(seed);
  return {
    roll,
    between: (least, most) => least + roll() * (most - least),
    pick<T>(things: readonly T[]): T {
      if (things.length === 0) throw new Error("there is nothing to choose from");
      // One of the things may be undefined itself: a policy that is taken away.
      return things[Math.floor(roll() * things.length)] as T;
    },
  };
}
