/** A list of listeners of one kind of event; `add` answers the disposer. */
export class Listeners<T> {
  readonly #all = new Set<(event: T) => void>();

  add(listener: (event: T) => void): () => void {
    // A wrapper of its own, so that the same function added twice is told twice and removed once.
    const own = (event: T): void => listener(event);
    this.#all.add(own);
    return () => this.#all.delete(own);
  }

  emit(event: T): void {
    for (const listener of [...this.#all]) listener(event);
  }
}
