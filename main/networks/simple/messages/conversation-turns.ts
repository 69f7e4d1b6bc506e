import type { Address } from "../../../../shared/model/address.ts";

interface Turn {
  tail: Promise<unknown>;
  length: number;
}

/** One task after the other for each person, in the order in which they came; nobody waits for somebody else. */
export class ConversationTurns {
  #turns = new Map<Address, Turn>();

  /** Tasks of somebody that have not ended. */
  length(peer: Address): number {
    return this.#turns.get(peer)?.length ?? 0;
  }

  /** Runs a task when all earlier ones of this person have ended, however they ended. */
  run<T>(peer: Address, task: () => Promise<T>): Promise<T> {
    const turns = this.#turns;
    const turn = turns.get(peer) ?? { tail: Promise.resolve(), length: 0 };
    turns.set(peer, turn);
    turn.length += 1;
    const done = turn.tail.then(task).finally(() => {
      turn.length -= 1;
      if (turn.length === 0) turns.delete(peer);
    });
    turn.tail = done.catch(() => undefined);
    return done;
  }

  /** Begins anew: tasks from here on wait for none of before. */
  clear(): void {
    this.#turns = new Map();
  }
}
