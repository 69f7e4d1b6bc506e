import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { branchOf, parseMessage, parseNameAddress, parseParameters, quote, SipSyntaxError, splitList, tagOf, unquote } from "./message.ts";
import { addressOfUri, parseSipUri, uriOfAddress } from "./uri.ts";

const head = (...lines: string[]) => Buffer.from(lines.join("\r\n"));
const mandatory = ["v: SIP/2.0/TCP h:1;branch=z9hG4bK1;rport", 'f: "B, <b>" <sip:b@x>;tag=1', "t: <sip:a@y>", "i: abc", "CSeq: 1 MESSAGE"];
const none = new Uint8Array();

describe("parseMessage", () => {
  it("reads a request with compact names and folded lines", () => {
    const message = parseMessage(head("MESSAGE sip:a@y SIP/2.0", ...mandatory, "Subject: one", "\ttwo", "c: text/plain"), none);
    expect(message).toMatchObject({ kind: "request", method: "MESSAGE", uri: "sip:a@y", callId: "abc", cseq: { number: 1, method: "MESSAGE" } });
    expect(message.headers.get("subject")).toBe("one two");
    expect(message.headers.get("content-type")).toBe("text/plain");
    expect(tagOf(message.headers, "from")).toBe("1");
    expect(tagOf(message.headers, "to")).toBeUndefined();
    expect(branchOf(message.headers)).toBe("z9hG4bK1");
  });

  it("reads a response in spite of a Contact that makes no sense", () => {
    expect(parseMessage(head("SIP/2.0 200 OK", ...mandatory, "Contact: ;;;<<<"), none)).toMatchObject({ kind: "response", status: 200, reason: "OK" });
  });

  it.each([
    ["no first line", head("", ...mandatory)],
    ["another version", head("MESSAGE sip:a SIP/3.0", ...mandatory)],
    ["no Via", head("MESSAGE sip:a SIP/2.0", ...mandatory.slice(1))],
    ["From twice", head("MESSAGE sip:a SIP/2.0", ...mandatory, "From: <sip:c@x>")],
    ["a CSeq for another method", head("NOTIFY sip:a SIP/2.0", ...mandatory)],
    ["a line without colon", head("MESSAGE sip:a SIP/2.0", ...mandatory, "nonsense")],
    ["a continuation of nothing", head("MESSAGE sip:a SIP/2.0", " x", ...mandatory)],
    ["too many lines", head("MESSAGE sip:a SIP/2.0", ...mandatory, ...Array.from({ length: 300 }, () => "A: b"))],
    ["bytes that are not UTF-8", Buffer.concat([head("MESSAGE sip:a SIP/2.0", ...mandatory), Buffer.from("\r\nSubject: "), Buffer.from([0xff, 0xfe])])],
  ])("refuses %s", (_, bytes) => {
    expect(() => parseMessage(bytes, none)).toThrow(SipSyntaxError);
  });

  it("throws nothing else on mutated messages", () => {
    const base = head("MESSAGE sip:a@y SIP/2.0", ...mandatory, "Content-Type: text/plain").toString("latin1");
    const mutation = fc.tuple(
      fc.nat(base.length),
      fc.nat(8),
      fc.oneof(fc.constantFrom(";", "<", ">", '"', ":", "\r\n", ",", "@", "%", "[", "\\", "\r\n "), fc.string()),
    );
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
        let text = base;
        for (const [at, length, put] of mutations) text = text.slice(0, at) + put + text.slice(at + length);
        try {
          const { headers } = parseMessage(Buffer.from(text, "latin1"), none);
          for (const name of ["via", "from", "to", "contact"])
            headers
              .list(name)
              .map(parseNameAddress)
              .map((a) => addressOfUri(a.uri));
        } catch (error) {
          expect(error).toBeInstanceOf(SipSyntaxError);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe("header values", () => {
  it("are split outside of quotes and brackets", () => {
    expect(splitList('"a, \\", b" <sip:x,y@z>, c;d="e,f" ,, g')).toEqual(['"a, \\", b" <sip:x,y@z>', 'c;d="e,f"', "g"]);
    expect(parseParameters('active;expires=60;Reason="a;b";flag')).toEqual({
      value: "active",
      params: new Map([
        ["expires", "60"],
        ["reason", "a;b"],
        ["flag", ""],
      ]),
    });
  });

  it("tell the parameters of a URI from those of the header", () => {
    expect(parseNameAddress('"A \\"x\\"" <sip:a@b;lr>;tag=1')).toEqual({ display: 'A "x"', uri: "sip:a@b;lr", params: new Map([["tag", "1"]]) });
    expect(parseNameAddress("sip:a@b;tag=1")).toEqual({ display: undefined, uri: "sip:a@b", params: new Map([["tag", "1"]]) });
    expect(parseNameAddress('"<sip:evil@x>" <sip:good@y>').uri).toBe("sip:good@y");
  });

  it("quote and unquote are each other's opposite", () => {
    fc.assert(
      fc.property(
        fc.string().map((s) => s.replace(/[\r\n]/g, "")),
        (s) => {
          expect(unquote(quote(s))).toBe(s);
        },
      ),
    );
  });
});

describe("URIs", () => {
  it.each([
    ["sip:alice@example.test", "alice@example.test"],
    ["sips:alice@EXAMPLE.test:5061;transport=tls?x=y", "alice@example.test"],
    ["sip:b%40c;x=1@x.test;user=phone", "b%40c@x.test"],
    ["sip:b@[2001:db8::1]:5060", "b@[2001:db8::1]"],
    ["im:alice@example.test", "alice@example.test"],
    ["sip:example.test", undefined],
    ["tel:+123", undefined],
    ["sip:@x", undefined],
    ["sip:a b@x", undefined],
  ])("%s stands for %s", (uri, address) => {
    expect(addressOfUri(uri)).toBe(address);
  });

  it("survive the way to the wire and back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), (local) => {
        const uri = `sip:${encodeURIComponent(local.toWellFormed())}@example.test`;
        const address = addressOfUri(uri);
        if (address === undefined) return;
        expect(addressOfUri(uriOfAddress(address))).toBe(address);
        expect(parseSipUri(uriOfAddress(address))).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });
});
