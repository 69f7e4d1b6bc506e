import xml from "@xmpp/xml";
import { expect, it } from "vitest";
import { parseElement } from "../testing/session.ts";
import { childIn, childOf, elementsOf, firstChild, localizedText, textOf } from "./element.ts";

it("finds a child behind text and behind others, by name and namespace", () => {
  const element = parseElement("<m xmlns='a'>text<x xmlns='b'/>more<y xmlns='c'>1</y><x xmlns='c'/><z>2</z></m>");
  expect(childIn(element, "c")?.name).toBe("y");
  expect(childIn(element, "d")).toBeUndefined();
  expect(childOf(element, "x", "c")?.getNS()).toBe("c");
  expect(childOf(element, "x")?.getNS()).toBe("b");
  expect([childOf(element, "z", "b"), childOf(element, "w")]).toEqual([undefined, undefined]);
  expect(firstChild(element)?.getNS()).toBe("b");
  expect(elementsOf(element).map(({ name }) => name)).toEqual(["x", "y", "x", "z"]);
  expect([textOf(element, "z"), textOf(element, "y")]).toEqual(["2", undefined]);
  const bare = xml("m", {}, "only text");
  expect([childIn(bare, "a"), childOf(bare, "m"), firstChild(bare), elementsOf(bare)]).toEqual([
    undefined,
    undefined,
    undefined,
    [],
  ]);
});

it("reads the text in the language of its reader, and no text of another name or namespace", () => {
  const read = (inside: string, language: string) =>
    localizedText(parseElement(`<m xmlns='a' xml:lang='de'>${inside}</m>`), "body", () => language);
  const three = "<body>eins</body><body xml:lang='fr'>un</body><body xml:lang='en'>one</body>";
  expect(["de", "fr", "en", "it"].map((language) => read(three, language))).toEqual(["eins", "un", "one", "eins"]);
  const others = "<subject xml:lang='fr'>sujet</subject><body xmlns='b' xml:lang='fr'>ailleurs</body>";
  expect(read(`text${others}<body>eins</body>`, "fr")).toBe("eins");
  expect(read(others, "fr")).toBeUndefined();
});
