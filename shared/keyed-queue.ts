import { HallwayError } from "./errors.ts";

/** Bounds of a queue. */
export interface KeyedQueueLimits {
  /** Pieces of work under way or waiting, at most, of all keys. */
  readonly maxLength: number;
  /** The same for each key. Without one, only `maxLength` holds. */
  readonly maxPerKey?: number;
}

/** Work of one key. */
interface Line {
  /** Resolves when all work so far has ended, however it ended. */
  tail: Promise<void>;
  length: number;
}

/** Lines since the queue was last cleared. */
interface Generation {
  readonly lines: Map<unknown, Line>;
  length: number;
}

/**
 * Work that is done one piece after another for each key, in the order in which it was handed in, however long a piece
 * takes and however it ends. Keys do not wait for each other. Work of a key for which nothing is under way begins at
 * once, and ends at once unless it returns a promise. A key without work takes no memory.
 */
export class KeyedQueue<Key> {
  readonly #limits: KeyedQueueLimits;
  #current: Generation = { lines: new Map(), length: 0 };

  constructor(limits: KeyedQueueLimits) {
    this.#limits = limits;
  }

  /** Pieces of work under way or waiting. */
  get length(): number {
    return this.#current.length;
  }

  /** Pieces of work of one key under way or waiting. */
  lengthOf(key: Key): number {
    return this.#current.lines.get(key)?.length ?? 0;
  }

  /** Whether work of this key would be refused now. */
  isFull(key: Key): boolean {
    const { maxLength, maxPerKey = maxLength } = this.#limits;
    return this.length >= maxLength || this.lengthOf(key) >= maxPerKey;
  }

  /**
   * Does the work after all earlier work of its key, and ends as the work ends. Throws at once, without doing it:
   * `rate-limited` where the queue is full.
   */
  run<T>(key: Key, work: () => Promise<T>): Promise<T>;
  run<T>(key: Key, work: () => T | Promise<T>): T | Promise<T>;
  run<T>(key: Key, work: () => T | Promise<T>): T | Promise<T> {
    if (this.isFull(key)) throw new HallwayError("rate-limited");
    const line = this.#current.lines.get(key);
    return line ? this.#wait(line, this.#enter(key, line), work) : this.#begin(key, work);
  }

  /** Resolves when everything handed in so far has ended. */
  async settled(): Promise<void> {
    await Promise.all([...this.#current.lines.values()].map(({ tail }) => tail));
  }

  /** Forgets all lines: work from here on waits for none of before, which still runs in its order. */
  clear(): void {
    this.#current = { lines: new Map(), length: 0 };
  }

  /** Counts a piece of work; the function returned takes it off the count. */
  #enter(key: Key, line: Line): () => void {
    const generation = this.#current;
    line.length += 1;
    generation.length += 1;
    return () => {
      line.length -= 1;
      generation.length -= 1;
      if (line.length === 0) generation.lines.delete(key);
    };
  }

  #wait<T>(line: Line, leave: () => void, work: () => T | Promise<T>): Promise<T> {
    const done = line.tail.then(work);
    line.tail = done.then(leave, leave);
    return done;
  }

  /** Work that the first piece itself hands in under the same key waits for its end. */
  #begin<T>(key: Key, work: () => T | Promise<T>): T | Promise<T> {
    const ended = Promise.withResolvers<void>();
    const line: Line = { tail: ended.promise, length: 0 };
    this.#current.lines.set(key, line);
    const leave = this.#enter(key, line);
    const end = (): void => {
      leave();
      ended.resolve();
    };
    let isOver = true;
    try {
      const done = work();
      if (!(done instanceof Promise)) return done;
      isOver = false;
      done.then(end, end);
      return done;
    } finally {
      if (isOver) end();
    }
  }
}
