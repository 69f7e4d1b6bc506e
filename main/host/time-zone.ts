/** Takes the name of the time zone that the computer is set to now. */
export type TimeZoneListener = (zone: string) => void;

/**
 * Has this process follow the computer's time zone. Node asks for it once; the window's browser is told of changes by
 * every system, so the window says them here. Setting `TZ` makes Node forget what it knows, on Windows too. Where
 * whoever started Hallway set `TZ`, that stays.
 */
export function createTimeZone(env: { TZ?: string | undefined } = process.env): TimeZoneListener {
  if (env.TZ !== undefined) return () => undefined;
  return (zone) => {
    if (isTimeZone(zone) && zone !== Intl.DateTimeFormat().resolvedOptions().timeZone) env.TZ = zone;
  };
}

/** Whether it is a zone of the IANA database; anything else would be read as a rule or a path of its own (POSIX). */
function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return /^[a-z]/i.test(zone);
  } catch {
    return false;
  }
}
