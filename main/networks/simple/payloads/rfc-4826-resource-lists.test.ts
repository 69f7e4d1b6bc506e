import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseResourceLists, writeResourceList } from "./rfc-4826-resource-lists.ts";
import { XmlError } from "./xml.ts";

const foreign = `\ufeff<?xml version="1.0"?>
<!-- mine -->
<rl:resource-lists xmlns:rl="urn:ietf:params:xml:ns:resource-lists" xmlns:x="urn:x" x:keep="me">
  <rl:list name="a1" x:sort="3"><rl:display-name>Work &amp; Play</rl:display-name>
    <rl:entry uri="sip:bob@x.test"><rl:display-name>Bob</rl:display-name><x:photo>…</x:photo></rl:entry>
    <rl:external anchor="http://x.test/"/>
    <rl:list name="inner"><rl:entry uri="sip:deep@x.test"/></rl:list>
  </rl:list>
  <rl:list name="Empty" />
</rl:resource-lists>
`;

describe("resource lists (RFC 4826)", () => {
  it("reads lists as groups and leaves out what is deeper", () => {
    expect(parseResourceLists(foreign)).toEqual([{ uri: "sip:bob@x.test", name: "Bob", groups: ["Work & Play"] }]);
  });

  it("adds, changes and takes out one contact and leaves all else to the letter", () => {
    const added = writeResourceList(foreign, "sip:carol@x.test", {
      name: "Carol <C>",
      groups: ["Work & Play", "Empty", "New"],
    });
    expect(parseResourceLists(added)).toContainEqual({
      uri: "sip:carol@x.test",
      name: "Carol <C>",
      groups: ["Work & Play", "Empty", "New"],
    });
    expect(added).toContain("<x:photo>…</x:photo>");
    expect(added).toContain('<rl:list name="inner"><rl:entry uri="sip:deep@x.test"/></rl:list>');
    const changed = writeResourceList(added, "sip:carol@x.test", { name: undefined, groups: [] });
    expect(parseResourceLists(changed)).toContainEqual({ uri: "sip:carol@x.test", name: undefined, groups: [] });
    const removed = writeResourceList(
      writeResourceList(foreign, "sip:dan@x.test", { name: "Dan", groups: ["Work & Play"] }),
      "sip:dan@x.test",
      undefined,
    );
    expect(removed).toBe(foreign.replace("\ufeff", ""));
  });

  it("changes of an entry only what was edited", () => {
    const entry = (name: string) =>
      `<r:entry uri="sip:a@x.test" k="1">${name}<note xmlns="urn:example">kept</note></r:entry>`;
    const lists = (first: string, second: string) =>
      `<r:resource-lists xmlns:r="urn:ietf:params:xml:ns:resource-lists"><r:list name=" Work ">${first}</r:list><r:list name="Home">${second}</r:list></r:resource-lists>`;
    const named = entry('<r:display-name xml:lang="fr"> Ann </r:display-name>');
    const display = (name: string) =>
      `<display-name xmlns="urn:ietf:params:xml:ns:resource-lists">${name}</display-name>`;
    const before = lists(named, "");
    const write = (text: string, name: string | undefined, ...groups: string[]) =>
      writeResourceList(text, "sip:a@x.test", { name, groups });
    expect(write(before, "Ann", "Work")).toBe(before);
    expect(write(before, "Bea", "Work")).toBe(lists(entry(display("Bea")), ""));
    expect(write(before, undefined, "Work")).toBe(lists(entry(""), ""));
    const invisible = lists(entry("<r:display-name>\u200B\u2060</r:display-name>"), "");
    expect(write(invisible, undefined, "Work")).toBe(invisible);
    expect(write(invisible, "Bea", "Work")).toBe(lists(entry(display("Bea")), ""));
    const long = lists(entry(`<r:display-name>${"x".repeat(1_100)}</r:display-name>`), "");
    expect(write(long, "x".repeat(1_023), "Work")).toBe(long);
    expect(write(lists(entry(""), ""), undefined, "Work")).toBe(lists(entry(""), ""));
    expect(write(lists(entry(""), ""), "Bea", "Work")).toBe(lists(entry(display("Bea")), ""));
    expect(write(lists('<r:entry uri="sip:a@x.test"/>', ""), "Bea", "Work")).toBe(
      lists(`<r:entry uri="sip:a@x.test">${display("Bea")}</r:entry>`, ""),
    );
    const both = write(before, "Ann", "Work", "Home");
    expect(both).toContain(named);
    expect(parseResourceLists(both)).toEqual([{ uri: "sip:a@x.test", name: "Ann", groups: ["Work", "Home"] }]);
    expect(parseResourceLists(write(both, "Ann", "Home"))).toEqual([
      { uri: "sip:a@x.test", name: "Ann", groups: ["Home"] },
    ]);
  });

  it("begins a document, and refuses what is none", () => {
    expect(parseResourceLists(writeResourceList(undefined, "sip:a@x.test", { name: "A", groups: [] }))).toEqual([
      { uri: "sip:a@x.test", name: "A", groups: [] },
    ]);
    for (const text of ["", "<x/>", "<!DOCTYPE a><a/>", "<resource-lists/>"])
      expect(() => writeResourceList(text, "sip:a@x.test", undefined)).toThrow(XmlError);
  });

  it("holds whatever names and groups people think of", () => {
    const word = fc
      .string({ unit: "grapheme" })
      .map((s) =>
        s
          .toWellFormed()
          .replace(/[\p{Cc}\ufffe\uffff]/gu, "")
          .trim(),
      )
      .filter((s) => s !== "");
    const contact = fc.record({
      uri: fc.stringMatching(/^sip:[a-z<&"']{1,5}@x$/),
      name: fc.option(word, { nil: undefined }),
      groups: fc.uniqueArray(word, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(contact, { maxLength: 8 }), fc.constantFrom(undefined, foreign), (contacts, before) => {
        const text = contacts.reduce<string | undefined>((now, c) => writeResourceList(now, c.uri, c), before);
        const last = new Map(contacts.map((c) => [c.uri, c]));
        const read = new Map(parseResourceLists(text ?? foreign).map((c) => [c.uri, c]));
        for (const [uri, c] of last)
          expect({ ...read.get(uri), groups: [...(read.get(uri)?.groups ?? [])].sort() }).toEqual({
            ...c,
            groups: [...c.groups].sort(),
          });
      }),
    );
  });
});
