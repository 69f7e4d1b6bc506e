import xml, { type Element } from "@xmpp/xml";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import { lossOf, serialize } from "./element.ts";
import { createXmlParser } from "./parser.ts";
import { defaultLimits } from "./tree-builder.ts";

const head = "<?xml version='1.0'?><s:s xmlns='a' xmlns:s='b' version='1.0'>";

/** Feeds the pieces and answers what came out, ending with the code of an error if there was one. */
function parse(pieces: readonly string[], limits = defaultLimits): string[] {
  const out: string[] = [];
  const parser = createXmlParser(
    {
      opened: (root) => out.push(`open ${root.attrs["version"]}`),
      element: (e: Element) => out.push(e.toString()),
      ended: () => out.push("end"),
    },
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
    ["<p:m xmlns:p='c'><p:x></p:x ></p:m>", '<m xmlns:p="c" xmlns="c"><x xmlns="c"/></m>'],
    ["<é ü='ö'>漢</é>", '<é ü="ö">漢</é>'],
    ["<m><x\u1680>a</x\u1680 ><y\uFEFF></y\uFEFF></m>", "<m><x\u1680>a</x\u1680><y\uFEFF/></m>"],
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

  it.each([
    ["a prefix declared on the element", "<m><p:x xmlns:p='c'/></m>", '<m><x xmlns:p="c" xmlns="c"/></m>'],
    ["a prefix declared further out", "<m xmlns:p='c'><y><p:x/></y></m>", '<m xmlns:p="c"><y><x xmlns="c"/></y></m>'],
    ["a prefix of the stream", "<s:m><x/></s:m>", '<m xmlns="b"><x xmlns="a"/></m>'],
    [
      "what has no prefix inside of what has one",
      "<p:m xmlns:p='c'><x><y/></x></p:m>",
      '<m xmlns:p="c" xmlns="c"><x xmlns="a"><y/></x></m>',
    ],
    [
      "a default namespace declared beside a prefix",
      "<p:m xmlns:p='c' xmlns='d'><p:n><x/></p:n></p:m>",
      '<m xmlns:p="c" xmlns="c"><n xmlns="c"><x xmlns="d"/></n></m>',
    ],
    [
      "one prefix for two namespaces",
      "<p:m xmlns:p='c'><p:x xmlns:p='d'/></p:m>",
      '<m xmlns:p="c" xmlns="c"><x xmlns:p="d" xmlns="d"/></m>',
    ],
    ["attributes with a prefix, which keep it", "<m xmlns:p='c' p:a='1' a='2'/>", '<m xmlns:p="c" p:a="1" a="2"/>'],
  ])("names an element by its namespace and local name: %s", (_, text, read) => {
    expect(body(text)).toEqual([read]);
  });

  it("matches an end tag with its start tag as both are written", () => {
    expect(body("<p:m xmlns:p='c'></m>")).toEqual(["protocol-error"]);
    expect(body("<m xmlns:p='a'></p:m>")).toEqual(["protocol-error"]);
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

  it("an attribute that stands twice, be one of the two over a limit", () => {
    const long = "x".repeat(70_000);
    for (const twice of [`a='${long}' a=''`, `a='' a='${long}'`, "__proto__='' __proto__=''"])
      expect(body(`<m ${twice}/>`)).toEqual(["protocol-error"]);
  });

  it("an end tag that does not fit, in what is left out too", () => {
    expect(body(`<m>${"<x>".repeat(70)}</y>`)).toEqual(["protocol-error"]);
    expect(body("<m><p:x></m>")).toEqual(["protocol-error"]);
    expect(parse([head, `<m><${"x".repeat(300)}></m>`], small).slice(1)).toEqual(["protocol-error"]);
  });

  it.each(["version='1.0' <a", "version='1.0' > x", "version='1.0' &amp;"])(
    "a declaration with more in it: %s",
    (more) => {
      expect(parse([`<?xml ${more}?>`, head.slice(head.indexOf("<s:s"))])).toEqual(["protocol-error"]);
    },
  );

  it("a stream header that is over a limit", () => {
    expect(parse([`<s:s xmlns:s='b' a='${"x".repeat(300)}'>`], small)).toEqual(["too-large"]);
    expect(parse(["<s:s>"])).toEqual(["protocol-error"]);
  });
});

const small = { ...defaultLimits, stanza: 1000, depth: 10, tag: 200, value: 50, attributes: 4 };

/** Result of a stanza and of the one after it, whole and by units. */
function lossy(stanza: string, limits = small): string[] {
  const read = (pieces: Iterable<string>) => {
    const out: string[] = [];
    const element = (e: Element) => out.push(`${lossOf(e) ?? "whole"} ${e}`);
    const parser = createXmlParser({ opened: () => undefined, element, ended: () => undefined }, limits);
    for (const piece of pieces) parser.write(piece);
    expect(out.pop()).toBe("whole <next/>");
    return out;
  };
  const text = `${head}${stanza}<next/>`;
  const whole = read([text]);
  expect(read(text)).toEqual(whole);
  return whole;
}

describe("what is over a limit is left out, and the stream goes on", () => {
  const long = "x".repeat(60);
  it.each([
    [
      "an attribute's value",
      `<m from='b'><body>hi</body><i src='${long}' a='1'/></m>`,
      'trimmed <m from="b"><body>hi</body><i a="1"/></m>',
    ],
    [
      "attributes",
      "<m><i a='' b='' c='' d='' e='' f='' xmlns='n'/></m>",
      'trimmed <m><i a="" b="" c="" d="" xmlns="n"/></m>',
    ],
    ["a tag", `<m><body>hi</body><i src='${"x>".repeat(150)}'>in</i>after</m>`, "trimmed <m><body>hi</body>after</m>"],
    ["an empty tag", `<m><i src="${"'".repeat(300)}" /><body>hi</body></m>`, "trimmed <m><body>hi</body></m>"],
    ["a name", `<m><${"x".repeat(300)}><y/></${"x".repeat(300)}><body>hi</body></m>`, "trimmed <m><body>hi</body></m>"],
    [
      "depth",
      `<m>${"<x>".repeat(12)}deep${"</x>".repeat(12)}<body>hi</body></m>`,
      `trimmed <m>${"<x>".repeat(7)}<x/>${"</x>".repeat(7)}<body>hi</body></m>`,
    ],
    ["a prefix that is not declared", "<m><p:x><y/>no</p:x><body>hi</body></m>", "trimmed <m><body>hi</body></m>"],
    ["two colons", "<m><a:b:c/><:d/><e:/><body>hi</body></m>", "trimmed <m><body>hi</body></m>"],
    ["the prefix xmlns", "<m><xmlns:x/><body>hi</body></m>", "trimmed <m><body>hi</body></m>"],
    [
      "a prefix whose declaration was over a limit",
      `<m xmlns:p='${long}'><p:x/><body>hi</body></m>`,
      "trimmed <m><body>hi</body></m>",
    ],
    [
      "text",
      `<m><body>${"y".repeat(1200)}</body><x/></m>`,
      `cut <m><body>${"y".repeat(1000 - "<m><body>".length)}</body></m>`,
    ],
    ["text in bytes", `<m><body>${"é".repeat(600)}</body></m>`, /^cut <m><body>é{495}<\/body><\/m>$/],
    ["references", `<m><body>${"&apos;".repeat(300)}</body></m>`, /^cut <m><body>'+<\/body><\/m>$/],
    ["CDATA", `<m><body><![CDATA[${"z".repeat(1200)}]]></body></m>`, /^cut <m><body>z{900,}<\/body><\/m>$/],
    ["children", `<m><body>hi</body>${"<x/>".repeat(400)}</m>`, /^cut <m><body>hi<\/body>(<x\/>)+<\/m>$/],
    ["the stanza's own tag", `<m from='b' a='${"x".repeat(300)}'><body>hi</body></m>`, "headless <m/>"],
    ["the stanza's own prefix", "<p:m from='b'><body>hi</body></p:m>", "headless <p:m/>"],
  ])("%s", (_, stanza, read) => {
    const [out] = lossy(stanza);
    if (typeof read === "string") expect(out).toBe(read);
    else expect(out).toMatch(read);
  });

  it("never who it is from, whom it is for, or what it is", () => {
    const many = Array.from({ length: 300 }, (_, i) => `a${i}=''`).join(" ");
    expect(lossy(`<m ${many} from='mallory@x' to='y' id='${"i".repeat(70_000)}' type='t'/>`, defaultLimits)[0]).toMatch(
      /from="mallory@x" to="y" id="i{70000}" type="t"/,
    );
  });

  it("a stanza that is over every limit at once costs no memory of its own", () => {
    const pieces = function* () {
      yield `${head}<m><body>hi</body>`;
      for (let i = 0; i < 2000; i += 1) yield "<x>".repeat(100);
      for (let i = 0; i < 2000; i += 1) yield "</x>".repeat(100);
      yield `<y a='${"x".repeat(1000)}`;
      for (let i = 0; i < 200; i += 1) yield "x".repeat(10_000);
      yield "'/></m>";
    };
    expect(parse([...pieces(), "<next/>"]).slice(1)).toEqual([
      expect.stringMatching(/^<m><body>hi<\/body>/),
      "<next/>",
    ]);
  });

  it("names that objects have of their own are names like others", () => {
    expect(body("<m __proto__='x' constructor='y' toString='z'/>")).toEqual([
      '<m __proto__="x" constructor="y" toString="z"/>',
    ]);
    expect(body("<__proto__><constructor/></__proto__>")).toEqual(["<__proto__><constructor/></__proto__>"]);
  });

  it("references of any length are references", () => {
    expect(body(`<m>&#x${"0".repeat(40)}41;&#${"0".repeat(40)}66;</m>`)).toEqual(["<m>AB</m>"]);
    expect(parse([head, "<m>&#x0000", "00000000041;</m>"]).slice(1)).toEqual(["<m>A</m>"]);
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

describe("the limits of a stanza", () => {
  const losses = (...stanzas: readonly string[]): readonly (string | undefined)[] => {
    const found: (string | undefined)[] = [];
    const parser = createXmlParser({
      opened: () => undefined,
      element: (e) => found.push(lossOf(e)),
      ended: () => undefined,
    });
    parser.write(head);
    for (const stanza of stanzas) parser.write(stanza);
    return found;
  };
  const next = "<next/>";

  it("are a million bytes", () => {
    const stanza = (length: number): string => `<m>${"x".repeat(length - 7)}</m>`;
    expect(losses(stanza(1_048_576), next)).toEqual([undefined, undefined]);
    expect(losses(stanza(1_048_577), next)).toEqual(["cut", undefined]);
  });

  it("are 64 levels, the stream counting as one", () => {
    const stanza = (levels: number): string => "<m>".repeat(levels) + "</m>".repeat(levels);
    expect(losses(stanza(63), next)).toEqual([undefined, undefined]);
    expect(losses(stanza(64), next)).toEqual(["trimmed", undefined]);
  });

  it("are 256 attributes of 65,536 characters", () => {
    const stanza = (attributes: number): string =>
      `<m ${Array.from({ length: attributes }, (_, n) => `a${n}='1'`).join(" ")}/>`;
    expect(losses(stanza(256), stanza(257), next)).toEqual([undefined, "trimmed", undefined]);
    const value = (length: number): string => `<m a='${"v".repeat(length)}'/>`;
    expect(losses(value(65_536), value(65_537), next)).toEqual([undefined, "trimmed", undefined]);
  });

  it("are counted to the end, however deep what is skipped is", () => {
    for (const levels of [10_000, 10_001, 30_000]) {
      const inner = "<x>".repeat(levels) + "</x>".repeat(levels);
      expect(losses(`${"<m>".repeat(63)}${inner}${"</m>".repeat(63)}`, next)).toEqual(["trimmed", undefined]);
    }
    // Names are compared as far as they are remembered.
    const wrong = (levels: number) => parse([head, "<m>".repeat(63), "<x>".repeat(levels), "</y>"]).at(-1);
    expect([wrong(10_000), wrong(10_001)]).toEqual(["protocol-error", undefined].map((code) => code ?? `open 1.0`));
  });
});
