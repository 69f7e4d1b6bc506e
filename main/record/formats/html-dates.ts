import type { FormatContext } from "./format.ts";
import { escapeHtml } from "./html-page.ts";
import { clockOf, dateOf } from "./moments.ts";

/** Moments as the pages show them, in the person's time zone and language. */
export class HtmlDates {
  readonly #utcOffset: FormatContext["utcOffset"];
  readonly #full: Intl.DateTimeFormat;
  readonly #medium: Intl.DateTimeFormat;

  constructor({ words, utcOffset }: FormatContext) {
    this.#utcOffset = utcOffset;
    this.#full = new Intl.DateTimeFormat(words.locale, { dateStyle: "full", timeZone: "UTC" });
    this.#medium = new Intl.DateTimeFormat(words.locale, { dateStyle: "medium", timeZone: "UTC" });
  }

  /** `2026-03-29`: the local day. */
  day(at: number): string {
    return dateOf(this.#local(at));
  }

  clock(at: number): string {
    return clockOf(this.#local(at));
  }

  /** In words, with the day of the week. */
  full(at: number): string {
    return this.#shown(this.#full, at);
  }

  medium(at: number): string {
    return this.#shown(this.#medium, at);
  }

  #local(at: number): number {
    return at + this.#utcOffset(at) * 60_000;
  }

  /** The same bounds as everywhere: a moment that is none is shown as 1970. */
  #shown(format: Intl.DateTimeFormat, at: number): string {
    return escapeHtml(format.format(Date.parse(`${this.day(at)}T00:00:00Z`)));
  }
}
