import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalAddress, parseAddress } from "../../../addressing/parse-address.ts";
import { addressOfUri, parseSipUri, senderOfUri, uriOfAddress } from "./uri.ts";

describe("a URI", () => {
  it.each([
    ["sip:alice@example.test", "alice@example.test"],
    ["sips:alice@EXAMPLE.test:5061;transport=tls?x=y", "alice@example.test"],
    ["sip:b%40c@x.test;user=phone", "b%40c@x.test"],
    ["sip:+1-555;ext=2@x.test;user=phone", "+1-555;ext=2@x.test"],
    ["sip:jos%C3%A9@x.test", "josé@x.test"],
    ["sip:%2B1555@x.test", "+1555@x.test"],
    ["sip:b@[2001:db8::1]:5060", "b@[2001:db8::1]"],
    ["sip:b@xn--bcher-kva.example", "b@bücher.example"],
    ["im:alice@example.test", "alice@example.test"],
    ["sip:sip%3Aceo@example.test", "sip%3Aceo@example.test"],
    ["sip:example.test", "example.test"],
    ["sips:Gateway.example.test:5061;transport=tls", "gateway.example.test"],
    ["sip:[2001:db8::1]", "[2001:db8::1]"],
    ["tel:+123", "tel:+123"],
    ["TEL:+1-555-(01)00;npdi;ext=2", "tel:+15550100;ext=2"],
    ["tel:1001;phone-context=Example.test", "tel:1001;phone-context=example.test"],
    ["tel:*100#", "tel:*100#"],
    ["tel:%2B1555", "tel:%2B1555"],
    ["mailto:ceo@example.test", "mailto:ceo@example.test"],
    ["urn:service:sos", "urn:service:sos"],
    ["xmpp:ceo@example.test", "xmpp:ceo@example.test"],
    ["im:example.test", undefined],
    ["pres:example.test", undefined],
    ["sip:gateway.example.test.", undefined],
    ["sip::secret@example.test", undefined],
    ["tel:", undefined],
    ["nobody", undefined],
    ["urn:a b", undefined],
    [`urn:${"x".repeat(600)}`, undefined],
    ["sip:@x", undefined],
    ["sip:a b@x", undefined],
    ["sip:a%zz@x", undefined],
    ["sip:a%E9@x", undefined],
  ])("%s stands for %s", (uri, address) => {
    expect(addressOfUri(uri)).toBe(address);
  });

  it.each([
    "sip:ceo@example.test.",
    "sip:ceo@example.test.:5061",
    "sips:ceo@example.test.",
    "im:ceo@example.test.",
    "pres:ceo@example.test.",
    "sip:ceo@example..test",
    "sip:ceo@\uff45xample.test",
    "sip:ceo@example\u3002test",
    "sip:ceo@exam\u00adple.test",
    "sip:ceo@example%2etest",
    "sip:ceo@2130706433",
    "sip:ceo@0x7f.1",
    "sip:ceo@127.1",
    "sip:ceo@[0:0:0:0:0:0:0:1]",
    "sip:ceo@[::ffff:127.0.0.1]",
    "sip:%63eo@example.test",
    "sip:c%65%6F@example.test",
    "sip:jose%CC%81@example.test",
    "sip:jos\u00e9@example.test",
    "sip:ce\u043e@example.test",
  ])("written as no server writes it is nobody: %s", (uri) => {
    expect(addressOfUri(uri)).toBeUndefined();
  });

  it.each([
    ["sip:ceo@example.test", "ceo@example.test"],
    ["sip:ceo@example.test:5060", "ceo@example.test"],
    ["sips:ceo@example.test:5061", "ceo@example.test"],
    ["sip:ceo@example.test:5080", "ceo@example.test"],
    ["sip:ceo@example.test;transport=tcp", "ceo@example.test"],
    ["sip:ceo;x@example.test", "ceo;x@example.test"],
    ["sip:ceo@evil.example.test", "ceo@evil.example.test"],
    ["sip:ceo@xn--example-.test", "ceo@xn--example-.test"],
    ["sip:gateway.example.test", "gateway.example.test"],
    ["sip:gateway.example.test:5060", "gateway.example.test"],
    ["sip:gateway.example.test:9999", undefined],
    ["sip:gateway.example.test?From=x", undefined],
    ["tel:+1-555-0100", "tel:+15550100"],
    ["sip:anonymous@anonymous.invalid", "anonymous@anonymous.invalid"],
    ["im:ceo@example.test", "ceo@example.test"],
    ["sip:+15550100@gateway.example.test;user=phone", "+15550100@gateway.example.test"],
    ["sip:ceo@example.test:9999", undefined],
    ["sip:ceo:secret@example.test", undefined],
    ["sip:ceo:@example.test", undefined],
    ["sip:ceo@example.test?From=x", undefined],
    ["sip:ceo@example.test@evil.test", undefined],
  ])("in From %s is %s", (uri, address) => {
    expect(senderOfUri(uri, 5080)).toBe(address);
  });

  it.each(["example.test", "bücher.example", "[2001:db8::1]", "tel:+15550100;ext=2", "mailto:a@b.test"])(
    "of %s reads back as what it is",
    (address) => {
      expect(addressOfUri(uriOfAddress(address))).toBe(address);
    },
  );

  it("survives the way to the wire and back, and reads alike when a person types it", () => {
    const local = fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(..."sip:im@'(\"%/?#;,)a.é🐎\u200d \u202e"), minLength: 1, maxLength: 8 }),
    );
    fc.assert(
      fc.property(local, (text) => {
        const escaped = encodeURIComponent(text.toWellFormed().normalize("NFC"));
        const address = addressOfUri(`sip:${escaped}@example.test`);
        expect(address).toBeDefined();
        if (address === undefined) return;
        expect(addressOfUri(uriOfAddress(address))).toBe(address);
        expect(parseSipUri(uriOfAddress(address))).toBeDefined();
        expect(parseAddress(address, "simple").address).toBe(address);
        expect(parseAddress(uriOfAddress(address)).address).toBe(address);
      }),
      { numRuns: 2000 },
    );
  });

  it("is read in the same way whichever letter stands in it", () => {
    for (let code = 0; code < 0x20000; code += 1) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const letter = String.fromCodePoint(code);
      const address = addressOfUri(`sip:${encodeURIComponent(`${letter}a`.normalize("NFC"))}@example.test`);
      if (address === undefined) throw new Error(`U+${code.toString(16)} cannot be written`);
      if (parseAddress(address, "simple").address !== address || addressOfUri(uriOfAddress(address)) !== address)
        throw new Error(`U+${code.toString(16)}: ${address}`);
    }
    expect(() => canonicalAddress("sip:x", "example.test")).toThrow();
  });
});
