/** A stretch of time in milliseconds since the epoch, in the zone of this computer: `from` is in it, `to` is not. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

export type DateOrder = "dmy" | "mdy" | "ymd";

/** In which order a language's region writes a date in figures, by its BCP 47 tag. */
export function dateOrder(locale: string): DateOrder {
  const order = new Intl.DateTimeFormat(locale, { day: "numeric", month: "numeric", year: "numeric" })
    .formatToParts(0)
    .flatMap(({ type }) => (type === "day" || type === "month" || type === "year" ? type.charAt(0) : []))
    .join("");
  return order === "mdy" || order === "ymd" ? order : "dmy";
}

/** Days by name, in every language of Hallway, folded: days back from today, or the day of the week (0 is Sunday). */
const named: Readonly<Record<string, { readonly back: number } | { readonly weekday: number }>> = {
  today: { back: 0 },
  yesterday: { back: 1 },
  "aujourd'hui": { back: 0 },
  hier: { back: 1 },
  sunday: { weekday: 0 },
  monday: { weekday: 1 },
  tuesday: { weekday: 2 },
  wednesday: { weekday: 3 },
  thursday: { weekday: 4 },
  friday: { weekday: 5 },
  saturday: { weekday: 6 },
  dimanche: { weekday: 0 },
  lundi: { weekday: 1 },
  mardi: { weekday: 2 },
  mercredi: { weekday: 3 },
  jeudi: { weekday: 4 },
  vendredi: { weekday: 5 },
  samedi: { weekday: 6 },
};

const oldest = 1970;
const newest = 9999;

/**
 * Period that a person writes: `2026-11-20`, `2026-11`, `2026`, figures in the order of their region with or without
 * the year (`20/11/2026`, `20.11.`), `yesterday`, `monday` (the last one). Undefined: it is no date.
 */
export function parsePeriod(text: string, now: number, order: DateOrder): Period | undefined {
  const plain = text.trim().toLowerCase().replaceAll("’", "'");
  const name = Object.hasOwn(named, plain) ? named[plain] : undefined;
  if (name !== undefined) return namedDay(name, now);
  const iso = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(plain);
  if (iso) return period(Number(iso[1]), figure(iso[2]), figure(iso[3]));
  const figures = /^(\d{1,4})[/.-](\d{1,2})(?:[/.-](\d{1,4})?)?$/.exec(plain);
  if (!figures) return undefined;
  const [first, second, third] = [figures[1] ?? "", figures[2] ?? "", figures[3]];
  if (first.length > 2)
    return third === undefined || third.length > 2 || first.length < 4
      ? undefined
      : period(Number(first), Number(second), Number(third));
  if (third === undefined)
    return latest(
      order === "dmy" ? Number(second) : Number(first),
      order === "dmy" ? Number(first) : Number(second),
      now,
    );
  // Where the year comes first it has four figures; one that comes last follows the day and the month.
  const [day, month] = order === "mdy" ? [Number(second), Number(first)] : [Number(first), Number(second)];
  const year = third.length === 4 ? Number(third) : third.length === 2 ? 2000 + Number(third) : undefined;
  return year === undefined ? undefined : period(year, month, day);
}

function figure(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function namedDay(day: { readonly back: number } | { readonly weekday: number }, now: number): Period | undefined {
  const today = new Date(now);
  // Whoever says "Monday" on a Monday means the one a week ago, for today is "today".
  const back = "back" in day ? day.back : ((today.getDay() - day.weekday + 6) % 7) + 1;
  const date = new Date(today.getFullYear(), today.getMonth(), today.getDate() - back);
  return period(date.getFullYear(), date.getMonth() + 1, date.getDate());
}

/** The last such day that is not in the future. */
function latest(month: number, day: number, now: number): Period | undefined {
  const year = new Date(now).getFullYear();
  // At most eight years lie between two days of 29 February.
  for (let back = 0; back <= 8; back++) {
    const found = period(year - back, month, day);
    if (found && found.from <= now) return found;
  }
  return undefined;
}

function period(year: number, month: number | undefined, day: number | undefined): Period | undefined {
  if (year < oldest || year > newest) return undefined;
  if (month === undefined) return { from: new Date(year, 0, 1).getTime(), to: new Date(year + 1, 0, 1).getTime() };
  if (month < 1 || month > 12) return undefined;
  if (day === undefined)
    return { from: new Date(year, month - 1, 1).getTime(), to: new Date(year, month, 1).getTime() };
  const start = new Date(year, month - 1, day);
  // There is no 30 February: Date would make a day of March of it.
  if (day < 1 || start.getMonth() !== month - 1 || start.getDate() !== day) return undefined;
  return { from: start.getTime(), to: new Date(year, month - 1, day + 1).getTime() };
}
