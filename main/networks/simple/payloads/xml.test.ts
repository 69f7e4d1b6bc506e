import { describe, expect, it } from "vitest";
import { child, childrenNamed, escapeXml, parseXml, XmlError, xmlDeclaration } from "./xml.ts";

const limits = { length: 60, depth: 3, elements: 4 };

describe("a small document", () => {
  it.each([
    ["of its greatest length", `<a>${"x".repeat(53)}</a>`, "x"],
    ["as deep as may be", "<a><b><c/></b></a>", "<d/>"],
    ["of as many elements as may be", "<a><b/><b/><b/></a>", "<b/>"],
  ])("is read %s, and not with one more", (_, text, more) => {
    expect(parseXml(text, limits).name).toBe("a");
    const over = text.includes("<c/>") ? text.replace("<c/>", `<c>${more}</c>`) : text.replace("</a>", `${more}</a>`);
    expect(() => parseXml(over, { ...limits, elements: text.includes("<c/>") ? 9 : 4 })).toThrow(XmlError);
  });

  it("says of each element its namespace, its own attributes, its language and its own text, CDATA too", () => {
    const attributes = 'xmlns="urn:a" xmlns:x="urn:x" k="1" x:k="2" xml:lang="fr"';
    const root = parseXml(`${xmlDeclaration}<!-- c --><a ${attributes}>on<x:b>in</x:b><![CDATA[<e>]]></a>`);
    expect(root).toMatchObject({ name: "a", namespace: "urn:a", language: "fr", text: "on<e>" });
    expect(root.attributes.get("k")).toBe("1");
    expect(root.children).toMatchObject([{ name: "b", namespace: "urn:x", language: undefined, text: "in" }]);
  });

  it("gives children of a name, of any namespace or of that one alone", () => {
    const root = parseXml('<a xmlns:x="urn:x"><x:b k="1"/><b k="2"/><c/></a>');
    const keys = (namespace?: string) =>
      childrenNamed(root, "b", namespace).map(({ attributes }) => attributes.get("k"));
    expect([keys(), keys(""), keys("urn:x"), keys("urn:y")]).toEqual([["1", "2"], ["2"], ["1"], []]);
    const first = (name: string, namespace?: string) => child(root, name, namespace)?.attributes.get("k");
    expect([first("b"), first("b", ""), first("b", "urn:y"), first("d")]).toEqual(["1", "2", undefined, undefined]);
  });

  it("is never broken by what is written into it", () => {
    expect(escapeXml(`&<>"'\r\n\t`)).toBe("&amp;&lt;&gt;&quot;&apos;&#13;\n\t");
    expect(escapeXml("\0\u0008\u000b\u000c\u000e\u001f\ufffe\uffff")).toBe("\ufffd".repeat(8));
    expect(escapeXml("a\ud800b")).toBe("a\ufffdb");
  });
});
