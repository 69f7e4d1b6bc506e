import { useEffect, useState } from "preact/hooks";

/** Value that a control shows, and the functions that choose one and take a choice back. */
export interface Chosen<T> {
  readonly shown: T;
  choose(next: T): void;
  takeBack(): void;
}

/** Shows a choice at once, until main publishes what came of it: a control that waits for the answer would flicker. */
export function useChosen<T extends string | boolean | undefined>(value: T): Chosen<T> {
  const [choice, setChoice] = useState<{ readonly from: T; readonly to: T } | undefined>(undefined);
  // Once main has said anything, the choice is over; else it would be shown again when a policy takes it back.
  useEffect(() => setChoice(undefined), [value]);
  return {
    shown: choice !== undefined && choice.from === value ? choice.to : value,
    choose: (to) => setChoice({ from: value, to }),
    takeBack: () => setChoice(undefined),
  };
}
