import { HallwayError } from "../../../shared/errors.ts";
import { KeyedQueue } from "../../../shared/keyed-queue.ts";
import type { AccountId } from "../../../shared/model/account.ts";
import type { Acknowledgement, ReceivedEvent, ReceiveStage } from "../delivery.ts";
import type { Heard } from "../heard.ts";

/** An acknowledgement that somebody waits for. */
export interface AwaitedAcknowledgement extends Acknowledgement {
  /** Whether it is stored; the network acknowledges it then, and no earlier. */
  readonly done: Promise<boolean>;
}

type Result = "stored" | "not stored" | "given up";

export interface AcknowledgementsParts {
  readonly heard: Pick<Heard, "stored" | "notStored">;
  /** False while what comes gets to memory only, not to the files of the history and the record. */
  readonly keeps: () => boolean;
}

/** Items whose storing may be waited for before the mark moves, of all accounts. */
const maxUnmarked = 50_000;

/**
 * Acknowledgements of what comes live. Each is given as soon as its item is stored; the mark in the server's archive
 * moves in the order in which they came, so that it never passes over one that is not stored yet.
 */
export class Acknowledgements {
  readonly #parts: AcknowledgementsParts;
  readonly #marks = new KeyedQueue<AccountId>({ maxLength: maxUnmarked });

  constructor(parts: AcknowledgementsParts) {
    this.#parts = parts;
  }

  /**
   * One for an item that came just now. Undefined: too many wait, and it is not taken; the mark moves no further in
   * this session, so that the archive brings it again with the next.
   */
  of(accountId: AccountId, event: ReceivedEvent): AwaitedAcknowledgement | undefined {
    const { heard, keeps } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<Result>();
    if (event.type === "message" || event.type === "change") {
      const { archiveId } = event.type === "message" ? event.message : event.change;
      if (this.#marks.isFull(accountId)) {
        heard.notStored(accountId);
        return undefined;
      }
      void this.#marks.run(accountId, async () => {
        if ((await promise) === "stored") heard.stored(accountId, [archiveId]);
        else heard.notStored(accountId);
      });
    }
    return {
      // The mark stays where it is by itself while they cannot be written (`Heard`).
      done: promise.then((result) => result !== "not stored" && (keeps() || event.type === "typing")),
      stored: () => resolve("stored"),
      failed: (error) => resolve(error instanceof HallwayError ? "not stored" : "given up"),
    };
  }

  /** Resolves when the marks follow all that was acknowledged. */
  async idle(): Promise<void> {
    await this.#marks.settled();
  }
}

/** Tells the network and its archive that all of this is stored, or that policy lets none of it be stored. */
export const acknowledge: ReceiveStage = (delivery, next) => {
  for (const acknowledgement of delivery.acknowledgements) acknowledgement.stored();
  return next(delivery);
};
