/**
 * Times as a language writes them. Every instant is in milliseconds since the epoch, and is written in the time zone
 * that the computer has when it is asked for, which may be another one than before.
 */
export interface Times {
  /** Hour and minute as the language writes them: `9:41 AM`, `09:41`. */
  time(at: number): string;
  /** A day separator: today, yesterday, a weekday within a week, else the date. */
  day(at: number, now: number): string;
  /** For lists: the time today, `Yesterday`, the weekday within a week, else the short date. */
  moment(at: number, now: number): string;
  /** Date and time in full, for tooltips and screen readers. */
  full(at: number): string;
  /** A length of time in its largest whole unit: `12 min`, `3 h`, `2 days`. */
  duration(milliseconds: number): string;
  /** A past instant in words: `12 minutes ago`, `yesterday`. */
  ago(at: number, now: number): string;
}

const minute = 60_000;
const hour = 60 * minute;

export function createTimes(locale: string): Times {
  const format = (options: Intl.DateTimeFormatOptions): ((at: number) => string) => {
    // A formatter keeps the zone that it was made in, while Date follows the computer: so the zone is left to Date.
    const formatter = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
    return (at) => {
      const local = localAsUtc(at);
      return Number.isFinite(local) && Math.abs(local) <= 8.64e15 ? formatter.format(local) : "";
    };
  };
  const halves = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12 === true;
  const time = format({ hour: halves ? "numeric" : "2-digit", minute: "2-digit" });
  const weekday = format({ weekday: "long" });
  const shortWeekday = format({ weekday: "short" });
  const date = format({ weekday: "long", day: "numeric", month: "long" });
  const dateWithYear = format({ day: "numeric", month: "long", year: "numeric" });
  const shortDate = format({ day: "numeric", month: "short" });
  const shortDateWithYear = format({ day: "2-digit", month: "2-digit", year: "2-digit" });
  const full = format({ dateStyle: "full", timeStyle: "short" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const unit = (name: "minute" | "hour" | "day"): ((value: number) => string) => {
    const formatter = new Intl.NumberFormat(locale, {
      style: "unit",
      unit: name,
      unitDisplay: name === "day" ? "long" : "short",
    });
    return (value) => formatter.format(value);
  };
  const minutes = unit("minute");
  const hours = unit("hour");
  const days = unit("day");
  const capital = (text: string): string => text.slice(0, 1).toLocaleUpperCase(locale) + text.slice(1);

  return {
    time,
    full,
    day(at, now) {
      const apart = daysBetween(at, now);
      if (apart === 0 || apart === 1) return capital(relative.format(-apart, "day"));
      if (apart > 1 && apart < 7) return capital(weekday(at));
      return capital(sameYear(at, now) ? date(at) : dateWithYear(at));
    },
    moment(at, now) {
      const apart = daysBetween(at, now);
      if (apart === 0) return time(at);
      if (apart === 1) return capital(relative.format(-1, "day"));
      if (apart > 1 && apart < 7) return capital(shortWeekday(at));
      return sameYear(at, now) ? shortDate(at) : shortDateWithYear(at);
    },
    duration(milliseconds) {
      const length = Math.max(0, milliseconds);
      if (length < hour) return minutes(Math.max(1, Math.floor(length / minute)));
      if (length < 24 * hour) return hours(Math.floor(length / hour));
      return days(Math.floor(length / (24 * hour)));
    },
    ago(at, now) {
      const apart = daysBetween(at, now);
      if (apart >= 7) return sameYear(at, now) ? shortDate(at) : shortDateWithYear(at);
      if (apart >= 1) return relative.format(-apart, "day");
      const length = Math.max(0, now - at);
      return length < hour
        ? relative.format(-Math.floor(length / minute), "minute")
        : relative.format(-Math.floor(length / hour), "hour");
    },
  };
}

/** The instant at which a clock in UTC shows what the local clock shows at `at`; NaN where that is no time. */
function localAsUtc(at: number): number {
  return at - new Date(at).getTimezoneOffset() * minute;
}

/** Whole calendar days from `at` to `now`, local time; negative when `at` lies in the future. */
function daysBetween(at: number, now: number): number {
  const midnight = (instant: number): number => {
    const day = new Date(instant);
    return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
  };
  return Math.round((midnight(now) - midnight(at)) / (24 * hour));
}

function sameYear(at: number, now: number): boolean {
  return new Date(at).getFullYear() === new Date(now).getFullYear();
}
