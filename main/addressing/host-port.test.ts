import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalIp, parseHostPort, urlHost } from "./host-port.ts";

describe("a host as people and servers write it", () => {
  it.each<[string, string, number | undefined]>([
    ["Chat.Example.test", "chat.example.test", undefined],
    ["chat.example.test.:5223", "chat.example.test", 5223],
    ["bücher.test", "bücher.test", undefined],
    ["192.0.2.1", "192.0.2.1", undefined],
    ["192.0.2.1:5222", "192.0.2.1", 5222],
    ["2001:DB8::1", "2001:db8::1", undefined],
    ["2001:db8:0:0:0:0:0:1", "2001:db8::1", undefined],
    ["[2001:db8::1]", "2001:db8::1", undefined],
    [" [2001:db8::1]:9222 ", "2001:db8::1", 9222],
    ["::1", "::1", undefined],
    ["::ffff:192.0.2.1", "::ffff:c000:201", undefined],
    ["fe80::1%eth0", "fe80::1%eth0", undefined],
    ["[fe80::1%eth0]:5222", "fe80::1%eth0", 5222],
    ["[fe80::1%25eth0]", "fe80::1%eth0", undefined],
    ["fe80::1%25", "fe80::1%25", undefined],
  ])("%s", (text, host, port) => expect(parseHostPort(text)).toEqual({ host, port }));

  it.each([
    "",
    " ",
    ":5222",
    "a:0",
    "a:65536",
    "a:b",
    "[::1",
    "::1]",
    "[a.test]",
    "[192.0.2.1]",
    "[::1]x",
    "a b",
    "a/b",
    "user@a",
    "fe80::1%",
    "fe80::1%a b",
    "1:2:3",
    ".",
    ".:5222",
    `${"a".repeat(301)}`,
    `fe80::1%${"z".repeat(33)}`,
  ])("%j is none", (text) => expect(parseHostPort(text)).toBeUndefined());

  it("is read the same again, and reads anything", () => {
    fc.assert(fc.property(fc.ipV6(), (ip) => parseHostPort(parseHostPort(ip)?.host ?? "")?.host === canonicalIp(ip)));
    fc.assert(
      fc.property(fc.string(), (text) => {
        const found = parseHostPort(text);
        return found === undefined || parseHostPort(found.host)?.host === found.host;
      }),
    );
  });
});

it("is as long as 300 characters, and its zone 32", () => {
  expect(parseHostPort("a".repeat(300))?.host).toHaveLength(300);
  expect(parseHostPort(`fe80::1%${"z".repeat(32)}`)?.host).toHaveLength(40);
});

it.each([
  ["2001:DB8:0::1", "2001:db8::1"],
  ["[::1]", "::1"],
  ["fe80::1%eth0", "fe80::1"],
  ["192.0.2.1", "192.0.2.1"],
  ["[192.0.2.1]", "192.0.2.1"],
  ["example.test", "example.test"],
  ["", ""],
])("%j is %j where addresses are compared", (text, canonical) => {
  expect(canonicalIp(text)).toBe(canonical);
});

it("stands in a URL in brackets and without its zone", () => {
  expect([urlHost("a.test"), urlHost("::1"), urlHost("fe80::1%eth0")]).toEqual(["a.test", "[::1]", "[fe80::1]"]);
});
