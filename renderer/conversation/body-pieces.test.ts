import fc from "fast-check";
import { expect, it } from "vitest";
import { parseQuery } from "../../shared/search/query.ts";
import { bodyPieces } from "./body-pieces.ts";

const marked = (body: string, text: string): string[] =>
  bodyPieces(body, { links: true, query: parseQuery(text) }).flatMap(({ runs }) =>
    runs.filter(({ match }) => match).map((run) => run.text),
  );

it("marks what was searched for, as the history finds it", () => {
  expect(marked("⚠️Server down, server up", "serv")).toEqual(["Server", "server"]);
  expect(marked("明日の会議は", "会議")).toEqual(["会議"]);
  expect(marked("Große Straße", "strasse")).toEqual(["Straße"]);
  expect(marked("nothing here", "server")).toEqual([]);
  expect(marked("nothing here", "")).toEqual([]);
});

it("marks within a link, and across its end", () => {
  expect(bodyPieces("see https://plan.example/x now", { links: true, query: parseQuery("plan now") })).toEqual([
    { runs: [{ text: "see ", match: false }] },
    {
      url: "https://plan.example/x",
      runs: [
        { text: "https://", match: false },
        { text: "plan", match: true },
        { text: ".example/x", match: false },
      ],
    },
    {
      runs: [
        { text: " ", match: false },
        { text: "now", match: true },
      ],
    },
  ]);
  expect(marked("https://a.example-b.example/x👍🏽x", "👍")).toEqual(["👍🏽"]);
});

it("keeps every character, and marks so many places", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.string({ unit: "grapheme", maxLength: 5 }),
      fc.boolean(),
      (body, text, links) => {
        const pieces = bodyPieces(`${body}www.a.example ${body}`, { links, query: parseQuery(text) });
        expect(pieces.flatMap(({ runs }) => runs.map((run) => run.text)).join("")).toBe(`${body}www.a.example ${body}`);
      },
    ),
    { numRuns: 300 },
  );
  expect(marked("word ".repeat(500), "word").length).toBe(200);
});
