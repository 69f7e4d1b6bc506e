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
