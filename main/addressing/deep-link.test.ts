import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import { readDeepLink } from "./deep-link.ts";
import { maxLinkLength } from "./link-schemes.ts";

describe("a link that the desktop hands over", () => {
  it.each<[string, string, string | undefined]>([
    ["xmpp:alice@example.test", "xmpp:alice@example.test", undefined],
    ["XMPP:Alice@Example.TEST", "xmpp:alice@example.test", undefined],
    ["xmpp:alice@example.test?message", "xmpp:alice@example.test", undefined],
    ["xmpp:alice@example.test?message;subject=Hi;body=Hello%20there", "xmpp:alice@example.test", "Hello there"],
    ["xmpp:alice@example.test/phone?chat;BODY=Hi", "xmpp:alice@example.test", "Hi"],
    ["xmpp://me@own.test/alice@example.test?message;body=x", "xmpp:alice@example.test", "x"],
    ["xmpp:alice@example.test?message;body=a&b=c", "xmpp:alice@example.test", "a&b=c"],
    ["xmpp:alice@example.test#body=x", "xmpp:alice@example.test", undefined],
    ["sip:alice@example.test", "sip:alice@example.test", undefined],
    ["sips:alice@example.test:5061;transport=tls", "sip:alice@example.test", undefined],
    ["sip:alice@example.test;method=MESSAGE?subject=x&body=Hello%0D%0AThere", "sip:alice@example.test", "Hello\nThere"],
    ["sip:a?b@example.test?body=x", "sip:a?b@example.test", "x"],
    ["im:alice@example.test", "alice@example.test", undefined],
    ["im:alice@example.test?body=Hi", "alice@example.test", "Hi"],
    ["pres:alice@example.test", "alice@example.test", undefined],
    ["im:alice@example.test?body=%07a%1B%5B2J%00b", "alice@example.test", "a[2Jb"],
    ["im:alice@example.test?body=%C3%28", "alice@example.test", undefined],
    ["im:alice@example.test?body=%20%0A", "alice@example.test", undefined],
    ["im:alice@example.test?body=a&body=b", "alice@example.test", "a"],
    ["im:alice@example.test?nobody=a", "alice@example.test", undefined],
  ])("%s", (link, address, text) => {
    expect(readDeepLink(link)).toEqual(text === undefined ? { address } : { address, text });
  });

  it.each([
    "",
    "xmpp:",
    "im:",
    "sip:@example.test",
    "im:alice",
    "http://example.test/",
    "tel:+15550100",
    "alice@example.test",
    " xmpp:alice@example.test",
    "xmpp:alice@example.test ",
    "xmpp:alice@example.test?message;body=a b",
    "xmpp:alice@example.test\n--inspect",
    'xmpp:alice@example.test" --no-sandbox "',
    "im:alice@exämple.test",
    "im:<alice@example.test>",
    "im:alice@example.test\u0000",
    "im:alice\\@example.test",
    "im:alice@example.test?body=`id`",
    `im:alice@example.test?body=${"x".repeat(maxLinkLength)}`,
  ])("is not %j", (link) => {
    expect(() => readDeepLink(link)).toThrowError(expect.objectContaining({ code: "invalid-address" }));
  });

  it.each([
    "join",
    "invite;jid=x@y",
    "subscribe",
    "roster;name=x",
    "remove",
    "unsubscribe",
    "unregister",
    "command;node=x;action=execute",
    "pubsub;action=subscribe",
    "sendfile",
    "disco",
    "MESSAGES",
  ])("does nothing but a chat: xmpp:a@example.test?%s", (query) => {
    expect(() => readDeepLink(`xmpp:a@example.test?${query}`)).toThrowError(
      expect.objectContaining({ code: "unsupported" }),
    );
  });

  it("fills in 1,000 characters at most, and is read up to its longest", () => {
    const long = `im:a@example.test?body=${"x".repeat(1_001)}`;
    expect(readDeepLink(long).text).toBe("x".repeat(1_000));
    const longest = `im:a@example.test?b=${"x".repeat(maxLinkLength - 20)}`;
    expect([longest.length, readDeepLink(longest).address]).toEqual([maxLinkLength, "a@example.test"]);
    expect(() => readDeepLink(`${longest}x`)).toThrow();
  });

  it("is an address that can be read again, or a clear error, whatever it is given", () => {
    const pieces = fc.constantFrom(
      "xmpp:",
      "sip:",
      "im:",
      "a",
      "@",
      "b.test",
      "?",
      ";",
      "body=",
      "%41",
      "%",
      "&",
      "#",
      "/",
      ":",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        try {
          const { address } = readDeepLink(parts.join(""));
          const again = /^(?:xmpp|sip):/.test(address) ? address : `im:${address}`;
          expect(readDeepLink(again.replaceAll("%", "%25")).address.length).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof HallwayError)) throw error;
        }
      }),
    );
  });
});
