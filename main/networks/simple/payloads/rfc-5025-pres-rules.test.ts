import { describe, expect, it } from "vitest";
import { parsePresRules, writePresRules } from "./rfc-5025-pres-rules.ts";
import { XmlError } from "./xml.ts";

const policy = "urn:ietf:params:xml:ns:common-policy";
const rule = (id: string, uri: string) =>
  `<rule id="${id}"><conditions><identity><one id="${uri}"/></identity></conditions></rule>`;
const ruleset = (...rules: readonly string[]) => `<ruleset xmlns="${policy}">${rules.join("")}</ruleset>`;

describe("our own rules", () => {
  it("are those of their ids, and nothing that stands beside them", () => {
    const loose = "<conditions><identity><one id='sip:x@x.test'/></identity></conditions>";
    expect(parsePresRules(ruleset(rule("boss", "sip:boss@x.test"), loose))).toEqual({ allow: [], block: [] });
    expect(parsePresRules(ruleset("<identity><one id='sip:x@x.test'/></identity>"))).toEqual({ allow: [], block: [] });
    expect(
      parsePresRules(ruleset(rule("hallway-block", "sip:mallory@x.test"), rule("hallway-allow", "sip:bob@x.test"))),
    ).toEqual({ allow: ["sip:bob@x.test"], block: ["sip:mallory@x.test"] });
    expect(
      parsePresRules(ruleset('<rule id="hallway-allow"><identity><one id="sip:x@x.test"/></identity></rule>')),
    ).toEqual({
      allow: [],
      block: [],
    });
  });

  it("take the place of what they were, in whatever way it is written, and of nothing else", () => {
    const others = [
      rule("boss", "sip:boss@x.test"),
      rule("my-hallway-allow", "sip:a@x.test"),
      rule("hallway-allowed", "sip:b@x.test"),
    ];
    const written = writePresRules(
      ruleset(
        others[0] ?? "",
        rule("hallway-allow", "sip:old@x.test"),
        others[1] ?? "",
        "<rule id='hallway-block'/>",
        others[2] ?? "",
      ),
      { allow: ["sip:new@x.test"], block: [] },
    );
    expect(written.startsWith(`<ruleset xmlns="${policy}">${others.join("")}<cr:rule`)).toBe(true);
    expect(written).not.toContain("old@x.test");
    expect(parsePresRules(written)).toEqual({ allow: ["sip:new@x.test"], block: [] });
  });

  it("show everything to those who are allowed, and nothing to those who are blocked", () => {
    const of = (wanted: "allow" | "block") =>
      writePresRules(undefined, { allow: [], block: [], [wanted]: ["sip:bob@x.test"] });
    expect(of("allow")).toMatch(
      /<pr:sub-handling>allow<\/pr:sub-handling>.*<pr:all-services\/>.*<pr:provide-all-attributes\/>/,
    );
    expect(of("block")).toContain("<pr:sub-handling>block</pr:sub-handling>");
    expect(of("block")).not.toContain("transformations");
    expect(writePresRules(undefined, { allow: [], block: [] })).not.toContain("rule ");
  });

  it("are 10,000 each at most", () => {
    const uris = (count: number) => Array.from({ length: count }, (_, n) => `sip:${n}@x.test`);
    expect(parsePresRules(writePresRules(undefined, { allow: uris(10_000), block: [] })).allow).toHaveLength(10_000);
    expect(() => writePresRules(undefined, { allow: [], block: uris(10_001) })).toThrow(XmlError);
  });

  it("are not written where what stands there would say something else than they", () => {
    // The text of a comment is no rule, but ends like one.
    const odd = ruleset("<!-- </ruleset> -->").replace("</ruleset> -->", "</ruleset> --");
    expect(() => writePresRules(`${odd}`, { allow: ["sip:bob@x.test"], block: [] })).toThrow(XmlError);
    expect(() => writePresRules(`${ruleset()}<!-- </x> -->`, { allow: ["sip:bob@x.test"], block: [] })).toThrow(
      XmlError,
    );
  });
});
