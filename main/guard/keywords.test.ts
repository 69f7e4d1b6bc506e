import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { executions } from "../../shared/executions.test-helper.ts";
import { type Finder, inspected } from "./inspected-text.ts";
import { createKeywordFinders } from "./keywords.ts";

function finder(keywords: readonly string[]): Finder {
  const [find] = createKeywordFinders([keywords]);
  if (!find) throw new Error("no finder");
  return find;
}

const found = (keywords: readonly string[], body: string): string[] =>
  finder(keywords)(inspected(body)).map(({ start, end }) => body.slice(start, end));

describe("keywords", () => {
  it("finds whole words and phrases, whatever their case, accents, blanks and disguise", () => {
    const keywords = ["Bluebird", "Projet Été", "C++", "R&D"];
    for (const word of [
      "Bluebird",
      "BLUEBIRD",
      "bluebírd",
      "blue\u200bbird",
      "blue\ufeffbird",
      "ｂｌｕｅｂｉｒｄ",
      "projet ete",
      "Projet\n  été",
      "PROJET\u00a0ÉTÉ",
      "c++",
      "r&d",
    ])
      expect(found(keywords, `We (${word}) go`), word).toEqual([word]);
    expect(found(["straße", "œuvre"], "STRASSE, oeuvre")).toEqual(["STRASSE", "oeuvre"]);
  });

  it("leaves longer words alone, except in scripts that write no blanks", () => {
    for (const text of ["bluebirds", "ablue bluebird2", "xbluebird", "blue bird", ""])
      expect(found(["bluebird"], text), text).toEqual([]);
    expect(found(["機密"], "これは機密です")).toEqual(["機密"]);
    expect(found(["кот"], "скот")).toEqual([]);
  });

  it("finds words that are spelled letter by letter, whole ones only", () => {
    const keywords = ["confidential", "Projet Été", "bird"];
    for (const word of [
      "c o n f i d e n t i a l",
      "C  O  N  F  I  D  E  N  T  I  A  L",
      "c.o.n.f.i.d.e.n.t.i.a.l",
      "c-o-n-f-i-d-e-n-t-i-a-l",
      "c\u00a0o\u2003n\u200b f i d e n t i á l",
      "p r o j e t   é t é",
      "b i\nr d",
    ])
      for (const text of [word, `This (${word}), say`, `This is a ${word}`])
        expect(found(keywords, text)).toEqual([word]);
  });

  it("takes no list, initials or part of a longer spelled word for a spelled one", () => {
    for (const text of [
      "a b c",
      "A, B, C, D",
      "b i r d s",
      "b i r d1",
      "black b i r",
      "J. B. Bird-like names",
      "b i r  dear",
      "ab i r d",
    ])
      expect(found(["confidential", "abc", "ird"], text), text).toEqual([]);
    expect(found(["bird"], "b i r d s, sb i r d, b i r d1, b1 i r d")).toEqual([]);
    expect(found(["abc"], "a b c; a.b.c; A/B/C")).toEqual([]);
  });

  it("reads a text of nothing but single letters in linear time", () => {
    const work = (times: number): number => {
      const find = finder(["confidential"]);
      const text = inspected("a b ".repeat(times));
      return executions(() => expect(find(text)).toEqual([]));
    };
    work(10);
    expect(work(10_000) / work(1_000)).toBeLessThan(12);
  });

  it("joins words that overlap, and finds one inside another", () => {
    expect(found(["new york", "york city", "york"], "In New York City now")).toEqual(["New York City"]);
    expect(found(["he", "she", "his", "hers"], "ushers; she; he hers")).toEqual(["she", "he", "hers"]);
  });

  it("finds a phrase whose beginning is the end of a part that another repeats", () => {
    const finders = createKeywordFinders([["one two one two three"], ["two three"]]);
    const text = inspected("one two one two three");
    expect(finders.map((find) => find(text).length)).toEqual([1, 1]);
    const broken = inspected("one two one two four, two three");
    expect(finders.map((find) => find(broken).length)).toEqual([0, 1]);
  });

  it("finds what a plain search finds", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        fc.array(word, { maxLength: 20 }),
        (keywords, words) => {
          const body = words.join(" ");
          expect(found(keywords, body)).toEqual(words.filter((one) => keywords.includes(one)));
        },
      ),
    );
  });

  it("keeps lists apart, also where they share words", () => {
    const finders = createKeywordFinders([["bluebird", "kestrel"], ["kestrel"], []]);
    const text = inspected("Kestrel");
    expect(finders.map((find) => find(text).length)).toEqual([1, 1, 0]);
    expect(finders.map((find) => find(inspected("bluebird")).length)).toEqual([1, 0, 0]);
  });

  it("finds a phrase however many blanks it was written with, in the list and in the text", () => {
    for (const keyword of ["new york", "new   york", " new \n\t york "])
      expect(found([keyword], "in new  york now"), keyword).toEqual(["new  york"]);
    expect(found(["new york"], "in newyork now")).toEqual([]);
  });

  it("ignores a keyword of nothing", () => {
    expect(found([" ", "\u200b"], "anything at all")).toEqual([]);
  });

  it("looks for ten thousand words in a long text with one pass over it", () => {
    const work = (words: number, times: number): number => {
      const find = finder(Array.from({ length: words }, (_, i) => `word${i}`));
      const text = inspected("word1 word12 wordless ".repeat(times));
      // What it needs for disguises is made with the first text that has one.
      find(inspected("word1"));
      return executions(() => expect(find(text)).toHaveLength(2 * times));
    };
    work(100, 10);
    expect(work(10_000, 2_900) / work(10_000, 290)).toBeLessThan(12);
    expect(work(10_000, 290) / work(100, 290)).toBeLessThan(2);
  });
});
