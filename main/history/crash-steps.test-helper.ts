import type { MessageState } from "../../shared/model/message.ts";

/** One thing that a history is asked to do, by the process that crash.test.ts kills. */
export type Step =
  | { readonly do: "append"; readonly id: string; readonly direction: "in" | "out"; readonly at: number }
  | { readonly do: "correct" | "retract"; readonly id: string; readonly at: number }
  | { readonly do: "state"; readonly id: string; readonly state: MessageState };

/** The steps of a round, without end. */
export function* stepsOf(round: number): Generator<Step> {
  for (let n = 0, at = round * 1_000_000; ; n++, at += 10) {
    const theirs = `theirs-${round}-${n}`;
    const own = `own-${round}-${n}`;
    yield { do: "append", id: theirs, direction: "in", at };
    yield { do: "append", id: own, direction: "out", at: at + 1 };
    if (n % 2 === 0) yield { do: "state", id: own, state: "failed" };
    if (n % 2 === 0) yield { do: "state", id: own, state: "waiting" };
    yield { do: "correct", id: theirs, at: at + 2 };
    yield { do: "state", id: own, state: "sent" };
    yield { do: "correct", id: theirs, at: at + 3 };
    yield { do: "state", id: own, state: "read" };
    if (n % 3 !== 0) yield { do: "retract", id: theirs, at: at + 4 };
  }
}

export function textOf(id: string, at: number): string {
  return `What ${id} says at ${at} ${"x".repeat(at % 3000)}`;
}

/** State that the record must hold of a message. */
export interface Expected {
  readonly body: string;
  readonly versions: readonly string[];
  readonly states: readonly string[];
  readonly retracted: boolean;
}

/** Outcome of the steps, by message. */
export function outcome(steps: readonly Step[]): Map<string, Expected> {
  const result = new Map<string, Expected>();
  for (const step of steps) {
    const now = result.get(step.id) ?? { body: "", versions: [], states: [], retracted: false };
    if (step.do === "append")
      result.set(step.id, {
        ...now,
        body: textOf(step.id, step.at),
        states: step.direction === "out" ? ["waiting"] : [],
      });
    else if (step.do === "state") result.set(step.id, { ...now, states: [...now.states, step.state] });
    else {
      const body = step.do === "retract" ? "" : textOf(step.id, step.at);
      result.set(step.id, { ...now, body, versions: [...now.versions, now.body], retracted: step.do === "retract" });
    }
  }
  return result;
}
