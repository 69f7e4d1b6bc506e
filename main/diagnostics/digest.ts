/**
 * Sums up what happens often: the first time of each kind is told at once, the others once an interval, with their
 * number. What is still to be told when nothing more happens is told by the next thing of any kind.
 */
export class Digest<About> {
  readonly #tell: (about: About, count: number) => void;
  readonly #every: number;
  readonly #now: () => number;
  readonly #kinds = new Map<string, { since: number; count: number; about: About }>();

  /**
   * `every`: the interval, in milliseconds; `tell`: `count` is 1 for a first time, else how many there were since it
   * was told last.
   */
  constructor(parts: {
    readonly tell: (about: About, count: number) => void;
    readonly every: number;
    readonly now: () => number;
  }) {
    this.#tell = parts.tell;
    this.#every = parts.every;
    this.#now = parts.now;
  }

  add(kind: string, about: About): void {
    this.#expire();
    const known = this.#kinds.get(kind);
    if (known) {
      known.count += 1;
      known.about = about;
      return;
    }
    if (this.#kinds.size >= mostKinds) return;
    this.#kinds.set(kind, { since: this.#now(), count: 0, about });
    this.#tell(about, 1);
  }

  #expire(): void {
    for (const [kind, { since, count, about }] of this.#kinds) {
      if (this.#now() - since < this.#every) continue;
      this.#kinds.delete(kind);
      if (count > 0) this.#tell(about, count);
    }
  }
}

/** More kinds within one interval are not told: whoever makes them up must not fill the log. */
const mostKinds = 200;
