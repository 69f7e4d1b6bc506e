import { describe, expect, it } from "vitest";
import { altNames, isForHost, isForXmppDomain } from "./alt-names.ts";

describe("a certificate for a host", () => {
  it.each([
    ["DNS:web.test", "web.test", true],
    ["DNS:WEB.test.", "web.TEST", true],
    ["DNS:*.web.test", "a.web.test", true],
    ["DNS:*.web.test", "web.test", false],
    ["DNS:*.web.test", "a.b.web.test", false],
    ["DNS:*.test", "web.test", false],
    ["DNS:w*.web.test", "www.web.test", false],
    ["DNS:a.*.test", "a.b.test", false],
    ["DNS:127.0.0.1", "127.0.0.1", false],
    ["IP Address:127.0.0.1", "127.0.0.1", true],
    ["IP Address:0:0:0:0:0:0:0:1", "[::1]", true],
    ["IP Address:FE80:0:0:0:0:0:0:1", "fe80::1%eth0", true],
    ["IP Address:0:0:0:0:0:0:0:2", "::1", false],
    ["URI:https://web.test/", "web.test", false],
    ["othername:SRVName:_xmpp-client.web.test", "web.test", false],
    ['DNS:"a.test, DNS:web.test"', "web.test", false],
    // What the common name says never counts, so that nothing is left where there is no other name.
    [undefined, "web.test", false],
  ])("%s for %s: %s", (names, host, matches) => expect(isForHost(altNames(names), host)).toBe(matches));
});

describe("a certificate for an XMPP domain (RFC 6120 section 13.7.1.2.1)", () => {
  it.each([
    ["othername:SRVName:_xmpp-client.example.test", true],
    ["othername:SRVName:_XMPP-Client.Example.test", true],
    ["othername: SRVName:_xmpp-client.example.test", true],
    ["othername:SRVName:_xmpps-client.example.test", true],
    ["othername:SRVName:_xmpp-server.example.test", false],
    ["othername:SRVName:_xmpp-client.other.test", false],
    ["othername:SRVName:_xmpp-client.*.test", false],
    ["othername:XmppAddr:example.test", true],
    ["othername:XmppAddr:alice@example.test", false],
    ["othername:XmppAddr:other.test", false],
    ["othername:<unsupported>, DNS:example.test", true],
    ["DNS:web.test, othername:SRVName:_xmpp-client.example.test", true],
    ["URI:xmpp:example.test", false],
    ["othername:UPN:example.test", false],
  ])("%s: %s", (names, matches) => expect(isForXmppDomain(altNames(names), "example.test")).toBe(matches));

  it("knows a domain of other letters as it stands in an XMPP address", () => {
    expect(isForXmppDomain(altNames("othername:XmppAddr:bücher.test"), "xn--bcher-kva.test")).toBe(true);
  });
});
