import type { Emit, NetworkEvent, Stored } from "../events.ts";
import type { Log } from "../log.ts";

/** The way of events out of a connection, until it is closed, with what of them is still being stored. */
export class EventSink {
  readonly #emit: Emit;
  readonly #log: Log;
  #storing = new Storing();
  #closed = false;

  constructor(emit: Emit, log: Log) {
    this.#emit = emit;
    this.#log = log;
  }

  /** As `Stored`. What cannot be taken in costs that event, not the stream that brought it. */
  emit(event: NetworkEvent): Stored {
    if (this.#closed) return undefined;
    try {
      const stored = this.#emit(event) ?? undefined;
      this.track(stored);
      return stored;
    } catch (error) {
      this.#log.warn("an event could not be taken in", { type: event.type, error });
      return undefined;
    }
  }

  /** Nothing that came is had before this is stored, too. */
  track(stored: Stored): void {
    if (stored) this.#storing.add(stored);
  }

  /** Resolves when all that came so far is stored; false: something of it could not be. */
  settled(): Promise<boolean> {
    return this.#storing.settled();
  }

  /** A new session has begun: what the last one brought and could not be stored, the server brings again. */
  renew(): void {
    this.#storing = new Storing();
  }

  close(): void {
    this.#closed = true;
  }
}

/** Everything that came in one session, as far as it is being stored. */
export class Storing {
  #all = Promise.resolve(true);
  #last: Promise<boolean> | undefined;

  /** Resolves to false where it could not be stored. */
  add(stored: Promise<boolean>): void {
    // Messages that are stored in one go share a promise.
    if (stored === this.#last) return;
    this.#last = stored;
    const before = this.#all;
    // Whatever came before, it is not stored then: during a failure no chain grows.
    this.#all = stored.then(
      (done) => done && before,
      () => false,
    );
  }

  /** Resolves when all that came so far is stored; false: something of it could not be. */
  settled(): Promise<boolean> {
    return this.#all;
  }
}
