import fc from "fast-check";
import { afterEach, expect, it, vi } from "vitest";
import { createWords } from "./words.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

it("are written in the time zone of now, also by words that were made in another", () => {
  vi.stubEnv("TZ", "Europe/Paris");
  const at = Date.parse("2026-11-22T23:30:00Z");
  const now = Date.parse("2026-11-23T12:00:00Z");
  for (const locale of ["en-GB", "fr"]) {
    vi.stubEnv("TZ", "Europe/Paris");
    const words = createWords(locale);
    const shown = () => [words.time(at), words.moment(at, now), words.day(at, now), words.full(at), words.ago(at, now)];
    const inParis = shown();
    expect(inParis[0]).toBe("00:30");
    vi.stubEnv("TZ", "America/New_York");
    const inNewYork = shown();
    expect(inNewYork[0]).toBe("18:30");
    for (const [index, text] of inNewYork.entries()) expect(text, locale).not.toBe(inParis[index]);
    vi.stubEnv("TZ", "Europe/Paris");
    expect(shown()).toEqual(inParis);
  }
});

it("are those that the language writes in that zone, in summer and winter, in every zone", () => {
  const zones = [
    "UTC",
    "Europe/Paris",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/New_York",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2040, 0) }),
      (zone, at) => {
        vi.stubEnv("TZ", zone);
        const expected = new Intl.DateTimeFormat("en-GB", {
          timeZone: zone,
          hour: "2-digit",
          minute: "2-digit",
        }).format(at);
        expect(createWords("en-GB").time(at)).toBe(expected);
      },
    ),
  );
});

it("are empty where there is no time", () => {
  const words = createWords("en");
  for (const at of [Number.NaN, Number.POSITIVE_INFINITY, 9e15])
    expect([words.time(at), words.full(at)]).toEqual(["", ""]);
});
