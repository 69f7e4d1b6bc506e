import { HallwayError } from "../../../../shared/errors.ts";
import type { NetworkEvent } from "../../events.ts";

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

const maxFailed = 500;

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
export class Deliveries {
  readonly #emit: (event: NetworkEvent) => void;
  readonly #failed = new Set<string>();
  readonly #unproven: Unproven[] = [];
  #suspects = new Set<string>();
  readonly #followers = new Map<string, () => void>();
  #proving = false;
  /** Grows with every session that is given up. */
  #era = 0;

  constructor(emit: (event: NetworkEvent) => void) {
    this.#emit = emit;
  }

  /** The message is sent (again). */
  begin({ id }: Underway): void {
    this.#failed.delete(id);
    this.#letFollow(id);
  }

  /** Without stream management: to be proved by the reply to a later request, which `ping` makes. */
  prove(message: Unproven, ping: () => Promise<unknown>): void {
    this.#unproven.push(message);
    this.#askForProof(ping);
  }

  /** Messages that are still to be proved. */
  get unproven(): readonly Unproven[] {
    return this.#unproven;
  }

  /** The server has these. */
  sent(messages: readonly (Underway | undefined)[]): void {
    this.#conclude(messages, "sent");
  }

  /** The session is gone, and with it these and what was not proved. `refused`: the server would not go on with it. */
  lost(messages: readonly (Underway | undefined)[], refused: boolean): void {
    this.#era += 1;
    this.#proving = false;
    const gone = [...this.#unproven.splice(0), ...messages].filter((message) => message !== undefined);
    this.#conclude(refused ? this.#suspect(gone) : gone, "waiting");
  }

  /** The stream is gone. Its session may go on; until then nothing follows anything, and nobody waits to be told so. */
  interrupted(): void {
    for (const id of [...this.#followers.keys()]) this.#letFollow(id);
  }

  /** The message came back: that is the last word, also when the server acknowledges it later. */
  failed(id: string): void {
    for (const oldest of this.#failed) if (this.#failed.size >= maxFailed) this.#failed.delete(oldest);
    this.#failed.add(id);
    this.#suspects.delete(id);
    this.#letFollow(id);
  }

  /**
   * Asked before it is sent. Resolves when the next message may follow this one: at once, or while there are suspects
   * when something became of it, or of the stream.
   */
  mayFollow(id: string): Promise<void> {
    if (this.#suspects.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#followers.set(id, resolve);
    });
  }

  #conclude(messages: readonly (Underway | undefined)[], state: "sent" | "waiting"): void {
    for (const message of messages) {
      if (!message) continue;
      // Suspects go first: with one that is none, those that are left were found to have arrived.
      if (state === "sent" && !this.#suspects.delete(message.id)) this.#suspects.clear();
      if (!this.#failed.delete(message.id)) this.#emit({ type: "delivery", id: message.id, peer: message.peer, state });
      this.#letFollow(message.id);
    }
  }

  #letFollow(id: string): void {
    this.#followers.get(id)?.();
    this.#followers.delete(id);
  }

  /** Suspects all of them, unless one was suspected before: that one fails. Answers the others. */
  #suspect(messages: readonly Underway[]): readonly Underway[] {
    // The server takes stanzas in order: it has had what stood before the one that it stopped at.
    const culprit = messages.find(({ id }) => this.#suspects.has(id));
    const others = messages.filter((message) => message !== culprit);
    this.#suspects = new Set(others.map(({ id }) => id));
    if (culprit) {
      const { id, peer } = culprit;
      this.failed(id);
      this.#emit({ type: "delivery", id, peer, state: "failed", error: { code: "too-large" } });
    }
    return others;
  }

  /**
   * The server handles stanzas in order (RFC 6120 section 10.1): its reply to a later request shows that it has what
   * came before.
   */
  #askForProof(ping: () => Promise<unknown>): void {
    const count = this.#unproven.length;
    if (this.#proving || count === 0) return;
    this.#proving = true;
    const during = this.#era;
    const done = (outcome: "sent" | "waiting"): void => {
      // With the session gone they have been given up, and others may be in their place.
      if (during !== this.#era) return;
      this.#proving = false;
      this.#conclude(this.#unproven.splice(0, count), outcome);
      this.#askForProof(ping);
    };
    ping().then(
      () => done("sent"),
      (error: unknown) => done(error instanceof HallwayError && error.code === "timed-out" ? "waiting" : "sent"),
    );
  }
}
