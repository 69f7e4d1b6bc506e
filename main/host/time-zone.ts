import { readlinkSync } from "node:fs";

/** How often is looked, in milliseconds. */
const interval = 15_000;

/** Name of the time zone that the computer is set to, as far as a link says it (Linux, macOS). */
export function systemTimeZone(): string | undefined {
  try {
    return /zoneinfo(?:\.default)?\/(.+)$/.exec(readlinkSync("/etc/localtime"))?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Follows the computer's time zone, which Node asks for once only: setting `TZ` makes it forget what it knows. Where
 * whoever started Hallway set `TZ`, that stays. Returns the disposer.
 */
export function followTimeZone(
  env: { TZ?: string | undefined } = process.env,
  read: () => string | undefined = systemTimeZone,
  every = interval,
): () => void {
  if (env.TZ !== undefined) return () => undefined;
  let known = read();
  const timer = setInterval(() => {
    const zone = read();
    if (zone === undefined || zone === known) return;
    known = zone;
    env.TZ = zone;
  }, every);
  timer.unref();
  return () => clearInterval(timer);
}
