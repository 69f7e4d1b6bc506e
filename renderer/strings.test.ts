import { describe, expect, it } from "vitest";

declare global {
  interface ImportMeta {
    /** Vite: the files that match, as text. */
    glob(
      pattern: string,
      options: { readonly query: "?raw"; readonly import: "default"; readonly eager: true },
    ): Readonly<Record<string, string>>;
  }
}

/**
 * Words between tags, and words in attributes that a person sees or hears. Expressions between braces are not looked
 * at.
 */
function literals(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
  const texts = [...code.matchAll(/(?<![=\s])>([^<>{}=;()]*\p{L}{2}[^<>{}=;()]*)<\/?[a-zA-Z]/gu)].map(
    (match) => match[1] ?? "",
  );
  const attributes = [
    ...code.matchAll(
      /\b(?:aria-label|aria-description|aria-roledescription|title|placeholder|alt|label|text)=(?:"([^"]*\p{L}[^"]*)"|\{"([^"]*\p{L}[^"]*)"\})/gu,
    ),
  ].map((match) => match[1] ?? match[2] ?? "");
  return [...texts, ...attributes].map((text) => text.trim());
}

const sources = import.meta.glob("./**/*.tsx", { query: "?raw", import: "default", eager: true });

describe("words on the screen", () => {
  it("are found where they are planted", () => {
    expect(literals("<p>Hello there</p>")).toEqual(["Hello there"]);
    expect(literals('<b class="x">\n  Hello\n</b>')).toEqual(["Hello"]);
    expect(literals('<button aria-label="Close" title={"Shut"} />')).toEqual(["Close", "Shut"]);
    expect(literals('<p class="x">{t("app.name")}</p>')).toEqual([]);
    expect(literals("const f = (a: Map<string, number>) => a < b;")).toEqual([]);
  });

  it("all come from the catalogues", () => {
    expect(Object.keys(sources).length).toBeGreaterThan(30);
    const found = Object.entries(sources)
      .filter(([path]) => !path.endsWith(".test.tsx"))
      .flatMap(([path, source]) => literals(source).map((text) => `${path}: ${text}`));
    expect(found).toEqual([]);
  });

  it("never become markup", () => {
    for (const [path, source] of Object.entries(sources))
      expect(source, path).not.toMatch(/dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML/);
  });
});
