/** A list of listeners of one kind of event; `add` answers the disposer. */
export interface Listeners<T> {
  add(listener: (event: T) => void): () => void;
  emit(event: T): void;
}

export function createListeners<T>(): Listeners<T> {
  const all = new Set<(event: T) => void>();
  return {
    add(listener) {
      // A wrapper of its own, so that the same function added twice is told twice and removed once.
      const own = (event: T): void => listener(event);
      all.add(own);
      return () => all.delete(own);
    },
    emit(event) {
      for (const listener of [...all]) listener(event);
    },
  };
}
