/** Answers that were worked out before, by their question. When there are too many, all are forgotten. */
export class Memo<K, V> {
  readonly #max: number;
  readonly #known = new Map<K, V>();

  constructor(max: number) {
    this.#max = max;
  }

  /** The answer from before, or the one that `make` works out now. */
  get(key: K, make: (key: K) => V): V {
    const known = this.#known.get(key);
    // Undefined is an answer, too.
    if (known !== undefined || this.#known.has(key)) return known as V;
    const made = make(key);
    if (this.#known.size >= this.#max) this.#known.clear();
    this.#known.set(key, made);
    return made;
  }
}
