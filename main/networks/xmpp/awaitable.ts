import { HallwayError } from "../../../shared/errors.ts";

/** A value, or the promise of one: what is there at once costs no turn of the loop. */
export type Awaitable<T> = T | Promise<T>;

/** The work that follows a value: at once where the value is there, else when it comes. */
export function after<T, R>(value: Awaitable<T>, then: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(then) : then(value);
}

/** Visits the items one after another; each waits for the promise of the one before it. */
export function inSequence<T>(items: Iterable<T>, visit: (item: T) => Awaitable<void>): Awaitable<void> {
  return visitRest(items[Symbol.iterator](), visit);
}

function visitRest<T>(rest: Iterator<T>, visit: (item: T) => Awaitable<void>): Awaitable<void> {
  for (let next = rest.next(); !next.done; next = rest.next()) {
    const done = visit(next.value);
    if (done instanceof Promise) return done.then(() => visitRest(rest, visit));
  }
}

/** The work, with a limit in milliseconds for what is not there at once. Error: `timed-out`. */
export function within<T>(ms: number, work: Awaitable<T>): Awaitable<T> {
  if (!(work instanceof Promise)) return work;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new HallwayError("timed-out")), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
