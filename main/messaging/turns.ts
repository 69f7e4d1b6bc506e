/**
 * Runs work of one key after all earlier work of the same key, whatever became of that; keys do not wait for each
 * other.
 */
export type Turns<Key> = <T>(key: Key, work: () => Promise<T>) => Promise<T>;

/**
 * Turns keep order where a later step may be faster than an earlier one: two messages that are typed quickly leave as
 * they were typed.
 */
export function createTurns<Key>(): Turns<Key> {
  const last = new Map<Key, Promise<unknown>>();
  return (key, work) => {
    const done = (last.get(key) ?? Promise.resolve()).then(work);
    const settled = done
      .catch(() => undefined)
      .then(() => {
        if (last.get(key) === settled) last.delete(key);
      });
    last.set(key, settled);
    return done;
  };
}
