import { HallwayError } from "../../../shared/errors.ts";
import type { NetworkEvent } from "../network.ts";

/** An own message on its way. */
export interface Underway {
  readonly id: string;
  readonly peer: string;
}

/**
 * What becomes of own messages as far as the own server tells: `sent` when it has them, `waiting` when they were lost
 * with their session (the account then compares with the archive and sends again what is missing).
 */
export interface Deliveries {
  /** The message is sent (again). */
  begin(message: Underway): void;
  /** Without stream management: to be proved by a later reply. */
  prove(message: Underway): void;
  /** The server has these. */
  sent(messages: readonly (Underway | undefined)[]): void;
  /** These went down with their session. */
  lost(messages: readonly (Underway | undefined)[]): void;
  /** The session is gone: what was not proved is lost. */
  reset(): void;
  /** The message came back: that is the last word, also when the server acknowledges it later. */
  failed(id: string): void;
}

const maxFailed = 500;

export function createDeliveries(emit: (event: NetworkEvent) => void, ping: () => Promise<unknown>): Deliveries {
  const failed = new Set<string>();
  const unproven: Underway[] = [];
  let proving = false;
  /** Grows with every session that is given up. */
  let era = 0;

  function conclude(messages: readonly (Underway | undefined)[], state: "sent" | "waiting"): void {
    for (const message of messages) if (message && !failed.delete(message.id)) emit({ type: "delivery", id: message.id, peer: message.peer, state });
  }

  /** The server handles stanzas in order (RFC 6120 section 10.1): its reply to a later request shows that it has what came before. */
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
    begin: (message) => {
      failed.delete(message.id);
    },
    prove: (message) => {
      unproven.push(message);
      askForProof();
    },
    sent: (messages) => conclude(messages, "sent"),
    lost: (messages) => conclude(messages, "waiting"),
    reset: () => {
      era += 1;
      proving = false;
      conclude(unproven.splice(0), "waiting");
    },
    failed: (id) => {
      for (const oldest of failed) if (failed.size >= maxFailed) failed.delete(oldest);
      failed.add(id);
    },
  };
}
