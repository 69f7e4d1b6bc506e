import { HallwayError } from "../../../shared/errors.ts";
import type { AccountId } from "../../../shared/model/account.ts";
import type { Acknowledgement, ReceivedEvent, ReceiveStage } from "../delivery.ts";
import type { Heard } from "../heard.ts";

/** An acknowledgement that somebody waits for. */
export interface AwaitedAcknowledgement extends Acknowledgement {
  /** Whether it is stored; the network acknowledges it then, and no earlier. */
  readonly done: Promise<boolean>;
}

/**
 * Acknowledgements of what comes live. Each is given as soon as its item is stored; the mark in the server's archive
 * moves in the order in which they came, so that it never passes over one that is not stored yet.
 */
export class Acknowledgements {
  readonly #heard: Pick<Heard, "stored" | "notStored">;
  readonly #marks = new Map<AccountId, Promise<void>>();

  constructor(heard: Pick<Heard, "stored" | "notStored">) {
    this.#heard = heard;
  }

  /** One for an item that came just now. */
  of(accountId: AccountId, event: ReceivedEvent): AwaitedAcknowledgement {
    const { promise, resolve } = Promise.withResolvers<"stored" | "not stored" | "given up">();
    if (event.type === "message" || event.type === "change") {
      const { archiveId } = event.type === "message" ? event.message : event.change;
      const before = this.#marks.get(accountId) ?? Promise.resolve();
      const marked = before
        .then(() => promise)
        .then((outcome) => {
          if (outcome === "stored") this.#heard.stored(accountId, [archiveId]);
          else this.#heard.notStored(accountId);
        });
      this.#marks.set(accountId, marked);
    }
    return {
      done: promise.then((outcome) => outcome !== "not stored"),
      stored: () => resolve("stored"),
      failed: (error) => resolve(error instanceof HallwayError ? "not stored" : "given up"),
    };
  }

  /** Resolves when the marks follow all that was acknowledged. */
  async idle(): Promise<void> {
    await Promise.all(this.#marks.values());
  }
}

/** Tells the network and its archive that all of this is stored, or that policy lets none of it be stored. */
export const acknowledge: ReceiveStage = (delivery, next) => {
  for (const acknowledgement of delivery.acknowledgements) acknowledgement.stored();
  return next(delivery);
};
