import type { Element } from "@xmpp/xml";
import xml from "@xmpp/xml";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import { serialize } from "./element.ts";
import { createXmlParser, defaultLimits } from "./parser.ts";

const head = "<?xml version='1.0'?><s:s xmlns='a' xmlns:s='b' version='1.0'>";

/** Feeds the pieces and answers what came out, ending with the code of an error if there was one. */
function parse(pieces: readonly string[], limits = defaultLimits): string[] {
  const out: string[] = [];
  const parser = createXmlParser(
    { opened: (root) => out.push(`open ${root.attrs["version"]}`), element: (e: Element) => out.push(e.toString()), ended: () => out.push("end") },
    limits,
  );
  try {
    for (const piece of pieces) parser.write(piece);
  } catch (error) {
    if (!(error instanceof HallwayError)) throw error;
    out.push(error.code);
  }
  return out;
}
const body = (text: string) => parse([head, text]).slice(1);

describe("what is XML", () => {
  it.each([
    ["<m a='1' b=\"2\"><x/>t</m>", '<m a="1" b="2"><x/>t</m>'],
    ["<m\n a = '1' \n/>", '<m a="1"/>'],
    ["<m a='x > y'>a > b</m>", '<m a="x &gt; y">a &gt; b</m>'],
    ["<m>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F389;</m>", "<m>&lt;&amp;&gt;\"'A🎉</m>"],
    ["<m><![CDATA[<b>&amp;]]]></m>", "<m>&lt;b&gt;&amp;amp;]</m>"],
    ["<m>a\r\nb\rc&#13;d</m>", "<m>a\nb\nc\rd</m>"],
    ["<m a='1\n2\t3'/>", '<m a="1 2 3"/>'],
    ["<p:m xmlns:p='c'><p:x></p:x ></p:m>", '<p:m xmlns:p="c"><p:x/></p:m>'],
    ["<é ü='ö'>漢</é>", '<é ü="ö">漢</é>'],
    [" \n <m/> ", "<m/>"],
  ])("%s", (text, read) => {
    expect(body(text)).toEqual([read]);
  });

  it("finds namespaces through the stream", () => {
    const found: Element[] = [];
    const parser = createXmlParser({ opened: () => undefined, element: (e) => found.push(e), ended: () => undefined });
    parser.write(`${head}<m/><s:f/>`);
    expect(found.map((e) => e.getNS())).toEqual(["a", "b"]);
  });

  it("tells the end", () => {
    expect(parse([head, "<m/>", "</s:s>", "\n"])).toEqual(["open 1.0", "<m/>", "end"]);
    expect(parse([head, "</s:s>", "<m/>"])).toEqual(["open 1.0", "end", "protocol-error"]);
  });
});

describe("what is refused", () => {
  it.each(
    [
      "<m></n>",
      "</m>",
      "<m/></m>",
      "<m a='1' a='2'/>",
      "<m a=1/>",
      "<m a/>",
      "<m a='<'/>",
      "<1/>",
      "<m a='1'b='2'/>",
      "< m/>",
      "<m / >",
      "<>",
      "</>",
      "<m>&nbsp;</m>",
      "<m>&</m>",
      "<m>& x;</m>",
      "<m>&#0;</m>",
      "<m>&#x1F;</m>",
      "<m>&#xD800;</m>",
      "<m>&#xFFFE;</m>",
      "<m>&#x110000;</m>",
      "<m>&#;</m>",
      "<m>\u0000</m>",
      "<m>\u0001</m>",
      "<m>\uFFFF</m>",
      "<m a='\u0002'/>",
      "<!DOCTYPE a>",
      "<!-- c -->",
      "<?pi?>",
      "<m><!-- c --></m>",
      "<m><?pi?></m>",
      "<![CDATA[x]]>",
      "<!ENTITY x 'y'>",
      "<?xml version='1.0'?>",
      "<p:m/>",
      "<p:q:m/>",
      "<xmlns:m/>",
      "<m __proto__='x'/>",
      "stray",
      "&amp;",
      "<m>&amp",
    ].filter((t) => t !== "<m>&amp"),
  )("%s", (text) => {
    expect(body(text).at(-1)).toBe("protocol-error");
  });

  it("a long reference before it ends", () => {
    expect(body("<m>&aaaaaaaaaaaaaaaaaaaaaa")).toEqual(["protocol-error"]);
  });

  it("more depth, length or attributes than allowed, before it is complete", () => {
    expect(body(`<m>${"<x>".repeat(62)}${"</x>".repeat(62)}</m>`)).toHaveLength(1);
    expect(body("<x>".repeat(64))).toEqual(["too-large"]);
    const small = { stanza: 1000, depth: 10, tag: 200 };
    expect(parse([head, `<m>${"x".repeat(900)}</m>`, `<m>${"x".repeat(900)}</m>`], small)).toHaveLength(3);
    expect(parse([head, `<m>${"x".repeat(1001)}`], small).at(-1)).toBe("too-large");
    expect(parse([head, "<m>", ...Array.from({ length: 300 }, () => "<x/>")], small).at(-1)).toBe("too-large");
    expect(parse([head, `<m a='${"x".repeat(300)}`], small).at(-1)).toBe("too-large");
    expect(parse([head, `<m a='${"x".repeat(300)}'/>`], small).at(-1)).toBe("too-large");
    expect(parse([head, "<m><![CDATA[", "x".repeat(1001)], small).at(-1)).toBe("too-large");
    expect(body(`<m ${Array.from({ length: 300 }, (_, i) => `a${i}=''`).join(" ")}/>`)).toEqual(["protocol-error"]);
    expect(parse([`<?xml ${"x".repeat(300)}`])).toEqual(["protocol-error"]);
  });
});

const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,6}$/);
const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((t) => t.replace(/\r/g, ""));
const tree: fc.Arbitrary<Element> = fc.letrec<{ node: Element }>((tie) => ({
  node: fc
    .tuple(
      name,
      fc.dictionary(
        name,
        text.map((t) => t.replace(/[\t\n]/g, "")),
        { maxKeys: 3 },
      ),
      fc.array(
        fc.oneof(
          { depthSize: "small" },
          text.filter((t) => t !== ""),
          tie("node"),
        ),
        { maxLength: 3 },
      ),
    )
    .map(([n, attrs, children]) => xml(n, { ...attrs }, ...children)),
})).node;

/** Text nodes side by side are one. */
const plain = (e: Element) => serialize(e);

describe("for any input", () => {
  it("what was written is read again, however it is cut", () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 4 }), fc.array(fc.nat(400), { maxLength: 12 }), (trees, cuts) => {
        const whole = `${head}${trees.map(plain).join("")}</s:s>`;
        const at = [0, ...cuts.map((c) => c % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((end, i) => whole.slice(at[i], end));
        expect(parse(pieces)).toEqual(["open 1.0", ...trees.map(plain), "end"]);
      }),
      { numRuns: 300 },
    );
  });

  it("noise ends in elements or in a code, the same whether it comes whole or by units", () => {
    const noise = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            "<",
            ">",
            "/",
            "=",
            "'",
            '"',
            "&",
            ";",
            "!",
            "?",
            "-",
            "[CDATA[",
            "]]>",
            "<a>",
            "</a>",
            "<a b='c'/>",
            "&#",
            "x",
            " ",
            "\r",
            "\n",
            "xml",
            "<?xml ",
            "&amp;",
          ),
          fc.string({ maxLength: 3 }),
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(noise, (input) => {
        const whole = parse([head, input]);
        const units = parse([head, ...input]);
        const failed = (out: readonly string[]) => out.at(-1) === "protocol-error" || out.at(-1) === "too-large";
        // By units a mistake may be seen later, never earlier; what was read before it is the same.
        const read = (out: readonly string[]) => (failed(out) ? out.slice(0, -1) : out);
        expect(read(units)).toEqual(read(whole));
      }),
      { numRuns: 2000 },
    );
  });
});
