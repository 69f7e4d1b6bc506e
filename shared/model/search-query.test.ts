import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dateOrder, parsePeriod } from "./search-dates.ts";
import {
  formatTerm,
  parseSearch,
  replaceTerm,
  type SearchFilterName,
  searchFilters,
  searchTimes,
} from "./search-query.ts";

const filters = Object.keys(searchFilters) as SearchFilterName[];
const said = (text: string) => parseSearch(text).terms.map(({ filter, value }) => [filter, value]);
const day = (year: number, month: number, date: number) => new Date(year, month - 1, date).getTime();
const now = new Date(2026, 10, 24, 15, 30).getTime(); // a Tuesday

describe("search query", () => {
  it("takes the filters out, in English and in French, and leaves the words", () => {
    expect(parseSearch('settlement from:juliet window before:2026-11-01 in:"Operations Room"')).toMatchObject({
      words: "settlement window",
    });
    expect(said('settlement from:juliet window before:2026-11-01 in:"Operations Room"')).toEqual([
      ["from", "juliet"],
      ["before", "2026-11-01"],
      ["in", "Operations Room"],
    ]);
    expect(said('de:juliette dans:"Salle 2" le:hier avant:2026 après:2025 Apres:2024 contient:fichier')).toEqual([
      ["from", "juliette"],
      ["in", "Salle 2"],
      ["on", "hier"],
      ["before", "2026"],
      ["after", "2025"],
      ["after", "2024"],
      ["has", "fichier"],
    ]);
  });

  it("takes nothing for a filter that is none", () => {
    for (const text of ["https://example.com", "meet at 12:30", "refrom:juliet", "note: from: afar", "x-from:y"].filter(
      (text) => !text.includes("from: "),
    ))
      expect(parseSearch(text)).toEqual({ words: text, terms: [] });
  });

  it("knows a filter that is still being typed", () => {
    expect(said("from:")).toEqual([["from", ""]]);
    expect(said('window from:"Juliet Ca')).toEqual([["from", "Juliet Ca"]]);
    expect(parseSearch("from: juliet")).toMatchObject({ words: "juliet", terms: [{ value: "" }] });
  });

  it("any text is a search: terms lie in order, and nothing of it is lost or counted twice", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: "grapheme" }),
            fc.constantFrom(" ", "from:", "de:", '"', "on:2026", "after:\u00a0"),
          ),
        ),
        (parts) => {
          const text = parts.join("");
          const { words, terms } = parseSearch(text);
          let rest = "";
          let end = 0;
          for (const term of terms) {
            expect(term.start).toBeGreaterThanOrEqual(end);
            expect(term.end).toBeLessThanOrEqual(text.length);
            rest += text.slice(end, term.start);
            end = term.end;
          }
          expect((rest + text.slice(end)).replace(/\s+/gu, "")).toBe(words.replace(/\s+/gu, ""));
        },
      ),
    );
  });

  it("reads what it writes, whatever the value, in every language", () => {
    const value = fc
      .string({ unit: "grapheme", minLength: 1 })
      .map((text) => text.replaceAll('"', "").trim())
      .filter((text) => text !== "");
    fc.assert(
      fc.property(fc.constantFrom(...filters), fc.nat(), value, (filter, index, text) => {
        const all = searchFilters[filter];
        expect(said(`a ${formatTerm(all[index % all.length] ?? filter, text)} b`)).toEqual([[filter, text]]);
      }),
    );
  });

  it("puts one filter in the place of another, or takes it away", () => {
    const text = "settlement from:jul window";
    const [term] = parseSearch(text).terms;
    if (!term) throw new Error("no term");
    expect(replaceTerm(text, term, formatTerm("from", "Juliet Capulet"))).toBe(
      'settlement from:"Juliet Capulet" window',
    );
    expect(replaceTerm(text, term, "")).toBe("settlement window");
  });

  it("dates together leave the time that all of them allow; what is no date is told", () => {
    const times = (text: string) => searchTimes(parseSearch(text).terms, now, "dmy");
    expect(times("on:2026-11-20")).toEqual({ from: day(2026, 11, 20), to: day(2026, 11, 21), wrong: [] });
    expect(times("before:2026-11-20")).toEqual({ from: undefined, to: day(2026, 11, 20), wrong: [] });
    expect(times("after:2026-11-20")).toEqual({ from: day(2026, 11, 21), to: undefined, wrong: [] });
    expect(times("after:2025 before:2026-03 after:2026-01-10")).toEqual({
      from: day(2026, 1, 11),
      to: day(2026, 3, 1),
      wrong: [],
    });
    expect(times("on:2026-02-30 before:soon").wrong.map(({ value }) => value)).toEqual(["2026-02-30", "soon"]);
    expect(times("on: words")).toEqual({ from: undefined, to: undefined, wrong: [] });
  });
});

describe("dates of a search", () => {
  it.each([
    ["2026-11-20", "dmy", day(2026, 11, 20), day(2026, 11, 21)],
    ["2026-1-5", "mdy", day(2026, 1, 5), day(2026, 1, 6)],
    ["2026-11", "dmy", day(2026, 11, 1), day(2026, 12, 1)],
    ["2026", "dmy", day(2026, 1, 1), day(2027, 1, 1)],
    ["20/11/2026", "dmy", day(2026, 11, 20), day(2026, 11, 21)],
    ["11/20/2026", "mdy", day(2026, 11, 20), day(2026, 11, 21)],
    ["2026/11/20", "ymd", day(2026, 11, 20), day(2026, 11, 21)],
    ["20.11.26", "dmy", day(2026, 11, 20), day(2026, 11, 21)],
    ["20.11.", "dmy", day(2026, 11, 20), day(2026, 11, 21)],
    ["11/20", "mdy", day(2026, 11, 20), day(2026, 11, 21)],
    ["25/12", "dmy", day(2025, 12, 25), day(2025, 12, 26)],
    ["29/2", "dmy", day(2024, 2, 29), day(2024, 3, 1)],
    ["today", "dmy", day(2026, 11, 24), day(2026, 11, 25)],
    ["Aujourd’hui", "dmy", day(2026, 11, 24), day(2026, 11, 25)],
    ["hier", "dmy", day(2026, 11, 23), day(2026, 11, 24)],
    ["monday", "dmy", day(2026, 11, 23), day(2026, 11, 24)],
    ["mardi", "dmy", day(2026, 11, 17), day(2026, 11, 18)],
    ["Wednesday", "dmy", day(2026, 11, 18), day(2026, 11, 19)],
  ] as const)("%s (%s)", (text, order, from, to) => {
    expect(parsePeriod(text, now, order)).toEqual({ from, to });
  });

  it.each([
    "",
    "soon",
    "2026-02-30",
    "2026-13",
    "31/4/2026",
    "0/1/2026",
    "1/0/2026",
    "1969",
    "20-11-202",
    "202-11-20",
    "constructor",
    "1/2/3/4",
  ])("“%s” is no date", (text) => expect(parsePeriod(text, now, "dmy")).toBeUndefined());

  it("follow the region", () => {
    expect([dateOrder("en-US"), dateOrder("en-GB"), dateOrder("fr-FR"), dateOrder("fr-CA")]).toEqual([
      "mdy",
      "dmy",
      "dmy",
      "ymd",
    ]);
  });

  it("any day of the calendar is that day, however it is written", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(1971, 0, 1), max: new Date(2099, 11, 31), noInvalidDate: true }), (date) => {
        const [y, m, d] = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
        const expected = { from: day(y, m, d), to: new Date(y, m - 1, d + 1).getTime() };
        for (const [text, order] of [
          [`${y}-${m}-${d}`, "dmy"],
          [`${d}/${m}/${y}`, "dmy"],
          [`${m}/${d}/${y}`, "mdy"],
          [`${y}/${m}/${d}`, "ymd"],
        ] as const)
          expect(parsePeriod(text, now, order)).toEqual(expected);
      }),
    );
  });

  it("any other text is no date or a period that ends after it begins", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789/-. today") }), (text) => {
        const found = parsePeriod(text, now, "dmy");
        if (found) expect(found.to).toBeGreaterThan(found.from);
      }),
    );
  });
});
