import { expect, it } from "vitest";
import { inLanguage } from "./languages.ts";

const pick = (language: string, ...tags: readonly (string | undefined)[]) => {
  const renderings = tags.map((own, at) => ({ own, inherited: undefined, at }));
  return inLanguage(renderings, language)?.at;
};

it.each([
  ["the person's language", "fr", ["de", "fr", undefined], 1],
  ["it in any case", "fr-CA", ["de", "FR-ca"], 1],
  ["the plain language for a region", "fr-CA", ["en", "fr"], 1],
  ["a region for the plain language", "fr", ["en", "fr-CA"], 1],
  ["another region before another language", "fr-CA", [undefined, "fr-FR"], 1],
  ["the nearest of several", "fr-CA", ["fr-FR", "fr", "fr-CA"], 2],
  ["the first of equals", "fr", ["en", "fr", "fr"], 1],
  ["what has no language before a foreign one", "fr", ["de", undefined, "en"], 1],
  ["what has an empty language likewise", "fr", ["de", "", "en"], 1],
  ["the first where all are foreign", "fr", ["de", "cs"], 0],
  ["no language that only begins alike", "fr", ["frr", undefined], 1],
  ["the only one, whatever it is", "fr", ["de"], 0],
] as const)("takes %s", (_, language, tags, at) => {
  expect(pick(language, ...tags)).toBe(at);
});

it("takes nothing of nothing", () => {
  expect(pick("fr")).toBeUndefined();
});

it("goes by what a text stands in, after what says it of itself", () => {
  const inherits = { own: undefined, inherited: "fr" };
  const says = { own: "fr", inherited: "en" };
  expect(inLanguage([{ own: "en", inherited: "fr" }, inherits], "fr")).toBe(inherits);
  expect(inLanguage([inherits, says], "fr")).toBe(says);
});
