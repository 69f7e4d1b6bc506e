/** Farthest moment that four digits can write as a year, in milliseconds. */
const lastMoment = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * A moment that every format can write: what is no moment, or before 1970 or after the year 9999, becomes the nearest
 * that is.
 */
function writable(at: number): number {
  return at > 0 ? Math.min(Math.floor(at), lastMoment) : 0;
}

const day = 24 * 3600 * 1000;
/** Dates by their day, of the last ones that were asked for. */
const dates = new Map<number, string>();
const mostDates = 4000;

const two = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, "0"));
const pad = (value: number): string => two[value] ?? String(value);

/** `2026-11-24` in UTC. */
export function dateOf(at: number): string {
  const number = Math.floor(writable(at) / day);
  let date = dates.get(number);
  if (date === undefined) {
    date = new Date(number * day).toISOString().slice(0, 10);
    if (dates.size >= mostDates) dates.clear();
    dates.set(number, date);
  }
  return date;
}

/** `23:30:07` in UTC. */
export function clockOf(at: number): string {
  const seconds = Math.floor((writable(at) % day) / 1000);
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}

/** `2026-11-24T23:30:07.125Z` (RFC 3339), in UTC. */
export function instantOf(at: number): string {
  return `${dateOf(at)}T${clockOf(at)}.${String(writable(at) % 1000).padStart(3, "0")}Z`;
}

/** `Tue, 24 Nov 2026 23:30:07 +0000` (RFC 5322 section 3.3). */
export function mailDateOf(at: number): string {
  return new Date(writable(at)).toUTCString().replace("GMT", "+0000");
}

/** Whole seconds since the epoch. */
export function secondsOf(at: number): number {
  return Math.floor(writable(at) / 1000);
}
