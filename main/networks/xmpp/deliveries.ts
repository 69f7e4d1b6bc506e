import { HallwayError } from "../../../shared/errors.ts";
import type { NetworkEvent } from "../events.ts";

/** An own message on its way. */
export interface Underway {
  readonly id: string;
  readonly peer: string;
}

/** One that no acknowledgement will tell of. */
interface Unproven extends Underway {
  /** On the wire. */
  readonly bytes: number;
}

/**
 * Delivery status of own messages as far as the own server tells: `sent` when it has them, `waiting` when they were
 * lost with their session (the account then compares with the archive and sends again what is missing), `failed` when
 * the server will not have them.
 *
 * A server that does not want a message may refuse to go on with the stream, or drop it without a word
 * (`DroppedStreams`). What was not acknowledged then is suspected, and goes one by one the next time, so that the
 * second refusal shows which it is (RFC 3428 section 8 is the model):
 *
 *   [under way] --refused--> [suspected] --refused again--> failed
 *                                 \--acknowledged--> sent
 */
export interface Deliveries {
  /** The message is sent (again). */
  begin(message: Underway): void;
  /** Without stream management: to be proved by a later reply. */
  prove(message: Unproven): void;
  /** What is still to be proved. */
  unproven(): readonly Unproven[];
  /** The server has these. */
  sent(messages: readonly (Underway | undefined)[]): void;
  /** The session is gone, and with it these and what was not proved. `refused`: the server would not go on with it. */
  lost(messages: readonly (Underway | undefined)[], refused: boolean): void;
  /** The message came back: that is the last word, also when the server acknowledges it later. */
  failed(id: string): void;
  /**
   * Asked before it is sent. Resolves when the next message may follow this one: at once, or while there are suspects
   * when something became of it.
   */
  mayFollow(id: string): Promise<void>;
}

const maxFailed = 500;

export function createDeliveries(emit: (event: NetworkEvent) => void, ping: () => Promise<unknown>): Deliveries {
  const failed = new Set<string>();
  const unproven: Unproven[] = [];
  let suspects = new Set<string>();
  const followers = new Map<string, () => void>();
  let proving = false;
  /** Grows with every session that is given up. */
  let era = 0;

  function conclude(messages: readonly (Underway | undefined)[], state: "sent" | "waiting"): void {
    for (const message of messages) {
      if (!message) continue;
      // Suspects go first: with one that is none, those that are left were found to have arrived.
      if (state === "sent" && !suspects.delete(message.id)) suspects.clear();
      if (!failed.delete(message.id)) emit({ type: "delivery", id: message.id, peer: message.peer, state });
      letFollow(message.id);
    }
  }

  function letFollow(id: string): void {
    followers.get(id)?.();
    followers.delete(id);
  }

  /** Suspects all of them, unless one was suspected before: that one fails. Answers the others. */
  function suspect(messages: readonly Underway[]): readonly Underway[] {
    // The server takes stanzas in order: it has had what stood before the one that it stopped at.
    const culprit = messages.find(({ id }) => suspects.has(id));
    const others = messages.filter((message) => message !== culprit);
    suspects = new Set(others.map(({ id }) => id));
    if (culprit) {
      emit({ type: "delivery", id: culprit.id, peer: culprit.peer, state: "failed", error: { code: "too-large" } });
      letFollow(culprit.id);
    }
    return others;
  }

  /**
   * The server handles stanzas in order (RFC 6120 section 10.1): its reply to a later request shows that it has what
   * came before.
   */
  function askForProof(): void {
    const count = unproven.length;
    if (proving || count === 0) return;
    proving = true;
    const during = era;
    const done = (outcome: "sent" | "waiting") => {
      // With the session gone they have been given up, and others may be in their place.
      if (during !== era) return;
      proving = false;
      conclude(unproven.splice(0, count), outcome);
      askForProof();
    };
    ping().then(
      () => done("sent"),
      (error: unknown) => done(error instanceof HallwayError && error.code === "timed-out" ? "waiting" : "sent"),
    );
  }

  return {
    begin: ({ id }) => {
      failed.delete(id);
      letFollow(id);
    },
    prove: (message) => {
      unproven.push(message);
      askForProof();
    },
    unproven: () => unproven,
    sent: (messages) => conclude(messages, "sent"),
    lost: (messages, refused) => {
      era += 1;
      proving = false;
      const gone = [...unproven.splice(0), ...messages].filter((message) => message !== undefined);
      conclude(refused ? suspect(gone) : gone, "waiting");
    },
    failed: (id) => {
      for (const oldest of failed) if (failed.size >= maxFailed) failed.delete(oldest);
      failed.add(id);
      suspects.delete(id);
      letFollow(id);
    },
    mayFollow: (id) =>
      suspects.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            followers.set(id, resolve);
          }),
  };
}
