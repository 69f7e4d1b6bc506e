import { parseParameters, type SipMessage } from "./message.ts";

/** Seconds of a Retry-After header (RFC 3261 section 20.33), at most a day; undefined when there is none. */
export function retryAfter(message: SipMessage): number | undefined {
  const seconds = Number.parseInt(parseParameters(message.headers.get("retry-after") ?? "").value, 10);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 86_400) : undefined;
}

/** Seconds of Min-Expires after a 423 (RFC 3261 section 20.23); undefined when there is none or it makes no sense. */
export function minExpires(message: SipMessage): number | undefined {
  const seconds = Number.parseInt(message.headers.get("min-expires") ?? "", 10);
  return Number.isFinite(seconds) && seconds > 0 && seconds <= 604_800 ? seconds : undefined;
}

/**
 * Seconds of Flow-Timer in the response to a REGISTER (RFC 5626 section 10); undefined when there is none or it makes
 * no sense.
 */
export function flowTimer(message: SipMessage): number | undefined {
  const seconds = Number.parseInt(message.headers.get("flow-timer") ?? "", 10);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 86_400) : undefined;
}

/**
 * When to refresh what was granted for so many seconds, in milliseconds: early enough to try again, and not all at
 * once.
 */
export function refreshDelay(seconds: number, random: () => number = Math.random): number {
  const early = seconds >= 120 ? seconds * (0.75 + 0.15 * random()) : Math.max(seconds - 5, seconds * 0.5);
  return Math.min(Math.max(early, 1), 604_800) * 1000;
}
