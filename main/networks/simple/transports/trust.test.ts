import { describe, expect, it } from "vitest";
import { nameMatches } from "./trust.ts";

describe("nameMatches (RFC 5922 section 7)", () => {
  it.each([
    ["DNS:example.test, DNS:other.test", "example.test", true],
    ["DNS:EXAMPLE.test", "example.test", true],
    ["DNS:sip.example.test", "example.test", false],
    ["DNS:*.example.test", "sip.example.test", false],
    ["URI:sip:example.test, DNS:other.test", "example.test", true],
    // a sip URI is there: DNS names do not count
    ["URI:sip:other.test, DNS:example.test", "example.test", false],
    // an address of a person is no domain
    ["URI:sip:alice@example.test", "example.test", false],
    ["URI:http://example.test/, DNS:example.test", "example.test", true],
    ["IP Address:127.0.0.1", "127.0.0.1", true],
    ["IP Address:0:0:0:0:0:0:0:1", "[::1]", true],
    ["DNS:127.0.0.1", "127.0.0.1", false],
    // a value that only looks like several
    ['DNS:"a.test, DNS:example.test"', "example.test", false],
    [undefined, "example.test", false],
    ["", "example.test", false],
  ])("%s for %s: %s", (names, wanted, matches) => {
    expect(nameMatches(names, wanted)).toBe(matches);
  });
});
