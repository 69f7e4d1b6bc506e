import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import { AddressSchema, isPersonal, isUri } from "../../shared/model/address.ts";
import { asciiDomain, canonicalAddress, canonicalDomain, parseAddress } from "./parse-address.ts";

describe("parseAddress", () => {
  it.each([
    ["alice@example.test", "alice@example.test", undefined],
    ["  alice@Example.TEST.  ", "alice@example.test", undefined],
    ["sip:alice@example.test", "alice@example.test", "simple"],
    ["SIPS:alice@example.test:5061;transport=tls", "alice@example.test", "simple"],
    ["sip:alice:secret@example.test?subject=x", "alice@example.test", "simple"],
    ["sip:a%6Cice@example.test", "alice@example.test", "simple"],
    ["sip:a?b@example.test", "a?b@example.test", "simple"],
    ["sip:alice@example.test?subject=x@y", "alice@example.test", "simple"],
    ["im:a%3Ab@example.test", "a%3Ab@example.test", undefined],
    ["a#b?c@example.test", "a#b?c@example.test", undefined],
    ["(alice@example.test", "(alice@example.test", undefined],
    ["'alice@example.test'.", "alice@example.test", undefined],
    ["sip:alice@[2001:DB8:0:0::1]", "alice@[2001:db8::1]", "simple"],
    ["sip:a%2Fb@example.test", "a%2Fb@example.test", "simple"],
    ["sip:Alice@example.test", "Alice@example.test", "simple"],
    ["sip:bob*example.test@gateway.example.test", "bob*example.test@gateway.example.test", "simple"],
    ["sip:alice@[2001:DB8::1]:5061", "alice@[2001:db8::1]", "simple"],
    ["xmpp:Alice@example.test/phone?message", "alice@example.test", "xmpp"],
    ["xmpp://me@server.test/alice@example.test", "alice@example.test", "xmpp"],
    ["im:alice@example.test", "alice@example.test", undefined],
    ["pres:alice@example.test", "alice@example.test", undefined],
    ["Alice <alice@example.test>", "alice@example.test", undefined],
    ['"Alice, A." <sip:alice@example.test;lr>;tag=1', "alice@example.test", "simple"],
    ["<alice@example.test>", "alice@example.test", undefined],
    ["alice@example.test, ", "alice@example.test", undefined],
    ["(alice@example.test)", "alice@example.test", undefined],
    ["alice@BÜCHER.example", "alice@bücher.example", undefined],
    ["alice@xn--bcher-kva.example", "alice@bücher.example", undefined],
    ["tel:+1 (555) 010-0", "tel:+15550100", "simple"],
    ["Anna <TEL:+1‑555‑0100;ext=7>", "tel:+15550100;ext=7", "simple"],
    ["sip:Gateway.example.test:5060;transport=tcp", "gateway.example.test", "simple"],
    ["sips:[2001:DB8::1]:5061", "[2001:db8::1]", "simple"],
    ["xmpp:Example.test/resource", "example.test", "xmpp"],
    ["tel:+1  555 \u2013 0100", "tel:+15550100", "simple"],
    ["alice@example.test?a=b\nc", "alice@example.test", undefined],
    ["alice@example.test>", "alice@example.test", undefined],
    ["a > <alice@example.test>", "alice@example.test", undefined],
    ["<alice@example.test", "alice@example.test", undefined],
    ["xmpp:alice@example.test/[phone]", "alice@example.test", "xmpp"],
    ["alice@example.test;a=[b]", "alice@example.test", undefined],
    ["sip:gateway.example.test?subject=x/y", "gateway.example.test", "simple"],
    ["xmpp:example.test#a", "example.test", "xmpp"],
  ])("%s", (text, address, protocol) => {
    expect(parseAddress(text)).toEqual(protocol === undefined ? { address } : { address, protocol });
  });

  it.each([
    "",
    "alice",
    "@example.test",
    "alice@",
    "al ice@example.test",
    "alice@exa mple@x",
    "a@b@c",
    "mailto:alice@example.test",
    "alice@example..test",
    `${"a".repeat(1100)}@x.test`,
    "x".repeat(9000),
    "alice@-\u0000x",
    "im:sip:@🐎",
    "im:sip:bob@example.test",
    "alice@example.test!x",
    "alice@[::1::2]",
    "example.test",
    "im:example.test",
    "tel:alice",
    "tel:",
    "+15550100",
    "urn:service:sos",
  ])("refuses %j", (text) => {
    expect(() => parseAddress(text)).toThrowError(expect.objectContaining({ code: "invalid-address" }));
  });

  it.each(["\uFB01ona", "𝐛ob", "bo\u212A", "al\u200Bice", "alice\uFE0F", "b\u00B2", "🐎"])(
    "refuses %j on XMPP rather than take it for somebody else",
    (local) => {
      for (const text of [`xmpp:${local}@example.test`, `${local}@example.test`])
        expect(() => parseAddress(text, "xmpp")).toThrowError(expect.objectContaining({ code: "invalid-address" }));
    },
  );

  it("takes no word for a scheme that is none", () => {
    expect(() => parseAddress("constructor:alice@example.test")).toThrowError(
      expect.objectContaining({ code: "invalid-address" }),
    );
    expect(() => parseAddress("tostring:alice@example.test")).toThrowError(
      expect.objectContaining({ code: "invalid-address" }),
    );
  });

  it("reads what a person types the same way as the wire has it", () => {
    for (const text of [
      "Ｊürgen@MÜNCHEN.example",
      "ju\u0308rgen@xn--mnchen-3ya.example.",
      "xmpp:JÜRGEN@münchen.example/desk",
    ])
      expect(parseAddress(text, "xmpp").address).toBe("jürgen@münchen.example");
    expect(parseAddress("\u1100\u1161@example.test", "xmpp").address).toBe("가@example.test");
    for (const domain of ["نامه\u200Cای.test", "xn--mgba3gch31f060k.test"])
      expect(parseAddress(`نامه\u200Cای@${domain}`, "xmpp").address).toBe("نامه\u200Cای@نامه\u200Cای.test");
    for (const text of ["al\u200Cice@example.test", "alice@exa\u200Cmple.test", "alice\u200B@example.test"])
      expect(() => parseAddress(text, "xmpp")).toThrowError(expect.objectContaining({ code: "invalid-address" }));
  });

  it("takes the network it is meant for when no scheme says otherwise", () => {
    expect(parseAddress("Alice@example.test", "xmpp")).toEqual({ address: "alice@example.test", protocol: "xmpp" });
    expect(parseAddress("im:Alice@example.test", "simple")).toEqual({
      address: "Alice@example.test",
      protocol: "simple",
    });
    expect(parseAddress("sip:Alice@example.test", "xmpp")).toEqual({
      address: "Alice@example.test",
      protocol: "simple",
    });
  });

  it("answers with an address of the model or with invalid-address, whatever it is given, and is stable", () => {
    const pieces = fc.constantFrom(
      "sip:",
      "tel:",
      "+15",
      "xmpp:",
      "im:",
      "alice",
      "@",
      "example.test",
      "<",
      ">",
      ";",
      "%40",
      "%",
      "[",
      "]",
      ":",
      "/",
      "?",
      " ",
      '"',
      "ü",
      "🐎",
      "\u202e",
      "。",
      "xn--",
      ".",
      "im:sip:",
      "#",
      "'",
      "(",
      ")",
      "!",
      "%3A",
      "%3F",
      "%23",
      "\u0345",
      "İ",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "grapheme" }),
          fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join("")),
        ),
        (text) => {
          let parsed: ReturnType<typeof parseAddress>;
          try {
            parsed = parseAddress(text);
          } catch (error) {
            expect(error).toBeInstanceOf(HallwayError);
            return;
          }
          expect(v.is(AddressSchema, parsed.address)).toBe(true);
          const host = isPersonal(parsed.address) || isUri(parsed.address) ? "" : "sip:";
          expect(parseAddress(host + parsed.address, parsed.protocol).address).toBe(parsed.address);
          if (host !== "") return;
          // The network that it is meant for may be known only later.
          if (parsed.protocol === undefined)
            expect(parseAddress(parsed.address, "simple").address).toBe(parsed.address);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

describe("canonical parts", () => {
  it.each(['a"b', "a/b", "a:b", "a<b", "a>b", "a@b", "a b", "a\u0007", ""])(
    "are none on any network with the name %j",
    (local) => {
      for (const protocol of ["xmpp", "simple", undefined] as const)
        expect(() => canonicalAddress(local, "x.test", protocol)).toThrowError(
          expect.objectContaining({ code: "invalid-address" }),
        );
    },
  );

  it.each(["a&b", "a'b"])("leave %j to SIP, which XMPP has not", (local) => {
    expect(canonicalAddress(local, "x.test", "simple")).toBe(`${local}@x.test`);
    expect(() => canonicalAddress(local, "x.test", "xmpp")).toThrowError(
      expect.objectContaining({ code: "invalid-address" }),
    );
  });

  it("are as long as RFC 7622 has them and no longer", () => {
    const local = (length: number, letter = "a"): string => letter.repeat(length);
    expect(canonicalAddress(local(1023), "x.test", "simple")).toHaveLength(1030);
    expect(() => canonicalAddress(local(1024), "x.test", "simple")).toThrow(HallwayError);
    expect(canonicalAddress(local(511, "ü"), "x.test", "simple")).toHaveLength(518);
    expect(() => canonicalAddress(local(512, "ü"), "x.test", "simple")).toThrow(HallwayError);
    const label = "a".repeat(63);
    expect(canonicalDomain(`${label}.${label}.${label}.${"a".repeat(61)}`)).toHaveLength(253);
    expect(() => canonicalDomain(`${label}.${label}.${label}.${"a".repeat(62)}`)).toThrow(HallwayError);
    expect(() => canonicalDomain(`${label}a.test`)).toThrow(HallwayError);
  });

  it.each([
    "",
    ".",
    "a..b",
    "[::g]",
    "[::1",
    "[::1]evil.test",
    "[::1]/x",
    "evil.test[::1]",
    "a/b",
    "a\\b",
    "a'b",
    "a(b",
    "a,b",
    "a;b",
    "a#b",
    "a%b",
    "a?b",
    "a\u0000",
    ":5222",
  ])("are none with the domain %j", (domain) => {
    expect(() => canonicalDomain(domain)).toThrowError(expect.objectContaining({ code: "invalid-address" }));
  });

  it("drop a port and one final dot of either writing, and nothing else", () => {
    expect([
      canonicalDomain("x.test:5222"),
      canonicalDomain("x.test."),
      canonicalDomain("x.test。"),
      canonicalDomain("[::1]:5061"),
    ]).toEqual(["x.test", "x.test", "x.test", "[::1]"]);
    for (const domain of ["x.test:123456", "x.test:", "x.test..", "x.test:a"])
      expect(() => canonicalDomain(domain)).toThrow(HallwayError);
    expect([asciiDomain("[::1]"), asciiDomain("a b"), asciiDomain("x.test")]).toEqual(["[::1]", undefined, "x.test"]);
  });

  it("lower-cases the local part on XMPP only", () => {
    expect(canonicalAddress("Al", "X.test", "xmpp")).toBe("al@x.test");
    expect(canonicalAddress("Al", "X.test", "simple")).toBe("Al@x.test");
  });

  it("goes from Unicode to A-labels and back", () => {
    expect(asciiDomain("bücher.example")).toBe("xn--bcher-kva.example");
    expect(canonicalDomain("XN--BCHER-KVA.example")).toBe("bücher.example");
  });
});
