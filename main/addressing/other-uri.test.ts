import { describe, expect, it } from "vitest";
import { addressOfOtherUri } from "./other-uri.ts";

describe("a URI of another scheme", () => {
  it.each([
    ["tel:+1-555-(010).0", "tel:+15550100"],
    ["TEL:+15550100", "tel:+15550100"],
    ["tel:911", "tel:911"],
    ["tel:*21", "tel:*21"],
    ["tel:7042;phone-context=example.com;EXT=1;isub=2", "tel:7042;ext=1;isub=2;phone-context=example.com"],
    ["tel:+1555;cic=+16789;npdi", "tel:+1555"],
    ["tel:+1555;extra=1", "tel:+1555"],
    ["tel:alice", "tel:alice"],
    ["tel:+", "tel:+"],
    ["tel:5+5", "tel:5+5"],
    ["urn:Service:SOS", "urn:Service:SOS"],
    ["HTTPS://example.test/a", "https://example.test/a"],
    ["mailto:a@example.test", "mailto:a@example.test"],
  ])("%s", (text, address) => {
    expect(addressOfOtherUri(text)).toBe(address);
  });

  it.each([
    "sip:a@b.test",
    "SIPS:a@b.test",
    "im:a@b.test",
    "pres:a@b.test",
    "sip:gateway",
    "tel:",
    ":x",
    "a:x",
    "1a:x",
    "tel:+1 555",
    "tel:\u0660",
    "x",
    `urn:${"x".repeat(509)}`,
    "urn:a\nb",
  ])("is not %j", (text) => {
    expect(addressOfOtherUri(text)).toBeUndefined();
  });

  it("is taken up to 512 characters", () => {
    const longest = `urn:${"x".repeat(508)}`;
    expect(addressOfOtherUri(longest)).toBe(longest);
  });
});
