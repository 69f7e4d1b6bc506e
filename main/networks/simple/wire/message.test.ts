import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readHead } from "./head.ts";
import {
  branchOf,
  parseMessage,
  parseNameAddress,
  parseParameters,
  quote,
  type SipMessage,
  SipSyntaxError,
  splitList,
  tagOf,
  unquote,
} from "./message.ts";
import { writeReply } from "./reply.ts";
import { addressOfUri } from "./uri.ts";

const head = (...lines: string[]) => Buffer.from(lines.join("\r\n"));
const mandatory = [
  "v: SIP/2.0/TCP h:1;branch=z9hG4bK1;rport",
  'f: "B, <b>" <sip:b@x>;tag=1',
  "t: <sip:a@y>",
  "i: abc",
  "CSeq: 1 MESSAGE",
];
const none = new Uint8Array();

describe("parseMessage", () => {
  it("reads a request with compact names and folded lines", () => {
    const message = parseMessage(
      head("MESSAGE sip:a@y SIP/2.0", ...mandatory, "Subject: one", "\ttwo", "c: text/plain"),
      none,
    );
    expect(message).toMatchObject({
      kind: "request",
      method: "MESSAGE",
      uri: "sip:a@y",
      callId: "abc",
      cseq: { number: 1, method: "MESSAGE" },
    });
    expect(message.headers.get("subject")).toBe("one two");
    expect(message.headers.get("content-type")).toBe("text/plain");
    expect(tagOf(message.headers, "from")).toBe("1");
    expect(tagOf(message.headers, "to")).toBeUndefined();
    expect(branchOf(message.headers)).toBe("z9hG4bK1");
  });

  it.each([
    ["a", "accept-contact"],
    ["b", "referred-by"],
    ["c", "content-type"],
    ["e", "content-encoding"],
    ["k", "supported"],
    ["l", "content-length"],
    ["m", "contact"],
    ["o", "event"],
    ["r", "refer-to"],
    ["s", "subject"],
    ["u", "allow-events"],
  ])("takes the compact name %s for %s alone", (compact, full) => {
    const names = (line: string): readonly string[] => [
      ...readHead(head("MESSAGE sip:a@y SIP/2.0", ...mandatory, line)).fields.keys(),
    ];
    const others = ["via", "from", "to", "call-id", "cseq"];
    expect(names(`${compact}: 1`)).toEqual([...others, full]);
    expect(names(`${full}: 1`)).toEqual([...others, full]);
    expect(names(`${compact}${compact}: 1`)).toEqual([...others, compact + compact]);
  });

  it("reads a response in spite of a Contact that makes no sense", () => {
    expect(parseMessage(head("SIP/2.0 200 OK", ...mandatory, "Contact: ;;;<<<"), none)).toMatchObject({
      kind: "response",
      status: 200,
      reason: "OK",
    });
  });

  it("reads the version in small letters, too", () => {
    expect(parseMessage(head("MESSAGE sip:a@y sip/2.0", ...mandatory), none)).toMatchObject({
      kind: "request",
      uri: "sip:a@y",
      flaw: undefined,
    });
    expect(parseMessage(head("Sip/2.0 200 fine\u2028", ...mandatory), none)).toMatchObject({
      kind: "response",
      status: 200,
    });
  });

  it.each([
    ["no first line", head("", ...mandatory), 400],
    ["another version", head("MESSAGE sip:a SIP/3.0", ...mandatory), 505],
    ["a first line of four words", head("MESSAGE sip:a b SIP/2.0", ...mandatory), 400],
    ["no From", head("MESSAGE sip:a SIP/2.0", ...mandatory.filter((line) => !line.startsWith("f:"))), 400],
    [
      "an empty Call-ID",
      head("MESSAGE sip:a SIP/2.0", ...mandatory.filter((line) => !line.startsWith("i:")), "Call-ID:"),
      400,
    ],
    ["From twice", head("MESSAGE sip:a SIP/2.0", ...mandatory, "From: <sip:c@x>"), 400],
    ["two types", head("MESSAGE sip:a SIP/2.0", ...mandatory, "c: text/plain", "Content-Type: text/html"), 400],
    ["a CSeq for another method", head("NOTIFY sip:a SIP/2.0", ...mandatory), 400],
    ["a CSeq that is no number", head("MESSAGE sip:a SIP/2.0", ...mandatory.slice(0, -1), "CSeq: x MESSAGE"), 400],
    ["a bare LF", head("MESSAGE sip:a SIP/2.0", ...mandatory, "Subject: x\nFrom: <sip:c@x>"), 400],
    ["a bare CR", head("MESSAGE sip:a SIP/2.0", ...mandatory, "Subject: x\rFrom: <sip:c@x>"), 400],
    ["a NUL", head("MESSAGE sip:a SIP/2.0", ...mandatory, "Subject: x\0"), 400],
    ["a DEL in its first line", head("MESSAGE sip:a\u007f SIP/2.0", ...mandatory), 400],
    ["a bare LF where no header is", head("MESSAGE sip:a SIP/2.0", ...mandatory, "no colon\nFrom <sip:c@x>"), 400],
    [
      "a bare LF in a continuation",
      head("MESSAGE sip:a SIP/2.0", ...mandatory, "Subject: x", " y\nFrom: <sip:c@x>"),
      400,
    ],
    ["too many lines", head("MESSAGE sip:a SIP/2.0", ...Array.from({ length: 300 }, () => "A: b"), ...mandatory), 513],
    ["too long a head", head("MESSAGE sip:a SIP/2.0", `A: ${"b".repeat(65_536)}`, ...mandatory), 513],
  ])("marks a request with %s", (_, bytes, status) => {
    const message = parseMessage(bytes, Buffer.from("text"));
    expect(message.flaw?.status).toBe(status);
    expect(message.body).toHaveLength(0);
    expect(branchOf(message.headers)).toBe("z9hG4bK1");
  });

  it.each([
    ["a line without colon", head("nonsense")],
    ["a line that begins with a colon", head(": x")],
    ["a blank in a name", head("X Odd: 1")],
    ["a name of other letters", Buffer.from("Sübject: x")],
    ["a continuation of what is no header", head("nonsense", " From: <sip:c@x>")],
    ["a Latin-1 value", Buffer.from("Subject: caf\xe9", "latin1")],
    ["an empty value", head("Subject:")],
    ["a header twice", head("Subject: a", "s: b")],
    ["a Contact that makes no sense", head("m: ;;;<<<")],
    ["a long value", head(`A: ${"b".repeat(60_000)}`)],
  ])("leaves out what nobody needs: %s", (_, line) => {
    const bytes = (first: string) => Buffer.concat([head(first, ...mandatory), Buffer.from("\r\n"), line]);
    const request = parseMessage(bytes("MESSAGE sip:a@y SIP/2.0"), Buffer.from("text"));
    expect([request.flaw, request.callId, Buffer.from(request.body).toString()]).toEqual([undefined, "abc", "text"]);
    expect(request.headers.all("from")).toHaveLength(1);
    expect(parseMessage(bytes("SIP/2.0 200 OK"), none)).toMatchObject({
      kind: "response",
      status: 200,
      flaw: undefined,
    });
  });

  it("does not take a continuation of the first line for a header", () => {
    expect(
      parseMessage(head("MESSAGE sip:a@y SIP/2.0", " From: <sip:c@x>", ...mandatory), none).headers.all("from"),
    ).toEqual(['"B, <b>" <sip:b@x>;tag=1']);
  });

  it.each([
    ["a bare LF in a value", "Contact: <sip:a@y>\nX: y", 200],
    ["too many lines", Array.from({ length: 300 }, () => "A: b").join("\r\n"), 200],
    ["From twice", "From: <sip:c@x>", 200],
  ])("takes a response with %s for what its status says, and nothing more", (_, line, status) => {
    const response = parseMessage(head("SIP/2.0 200 OK", line, ...mandatory), none);
    expect(response).toMatchObject({ kind: "response", status });
    expect(response.headers.get("contact")).toBeUndefined();
    expect(branchOf(response.headers)).toBe("z9hG4bK1");
  });

  it.each([
    ["a request without Via", head("MESSAGE sip:a SIP/2.0", ...mandatory.slice(1))],
    ["a response without Via", head("SIP/2.0 200 OK", ...mandatory.slice(1))],
    [
      "a response with a bare LF in its Via",
      head("SIP/2.0 200 OK", "Via: SIP/2.0/TCP h\n;branch=z9hG4bK2", ...mandatory.slice(1)),
    ],
    ["a response with two CSeqs", head("SIP/2.0 200 OK", ...mandatory, "CSeq: 2 MESSAGE")],
    ["a response of another version", head("SIP/3.0 200 OK", ...mandatory)],
  ])("drops what cannot be answered: %s", (_, bytes) => {
    expect(() => parseMessage(bytes, none)).toThrow(SipSyntaxError);
  });

  it("reads names in Latin-1, and hands their bytes back", () => {
    const bytes = Buffer.concat([
      head("MESSAGE sip:a@y SIP/2.0", ...mandatory.filter((line) => !line.startsWith("f:"))),
      Buffer.from('\r\nFrom: "Jos\xe9" <sip:b@x>;tag=1', "latin1"),
    ]);
    const request = parseMessage(bytes, none);
    expect(parseNameAddress(request.headers.get("from") ?? "")).toMatchObject({ display: "José", uri: "sip:b@x" });
    if (request.kind === "request")
      expect(
        writeReply(request, { status: 200 }).includes(Buffer.from('From: "Jos\xe9" <sip:b@x>;tag=1\r\n', "latin1")),
      ).toBe(true);
  });

  it("is never repeated with a control character, wherever it stood", () => {
    const control = fc.constantFrom(
      ...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).filter((c) => c !== "\t"),
      "\u007f",
    );
    const base = head("OPTIONS sip:a@y SIP/2.0", ...mandatory.slice(0, -1), "CSeq: 1 OPTIONS").toString();
    fc.assert(
      fc.property(fc.nat(base.length), control, (at, c) => {
        let message: SipMessage;
        try {
          message = parseMessage(Buffer.from(base.slice(0, at) + c + base.slice(at)), none);
        } catch {
          return;
        }
        // A control may make of CR LF two lines of which one is no header; it is marked all the same.
        expect(message.flaw).toBeDefined();
        if (message.kind === "request")
          expect(writeReply(message, { status: 400 }).toString("latin1").replaceAll("\r\n", "")).not.toMatch(
            /[\0-\x08\n-\x1f\x7f]/,
          );
      }),
    );
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
    expect(parseNameAddress('"A \\"x\\"" <sip:a@b;lr>;tag=1')).toEqual({
      display: 'A "x"',
      uri: "sip:a@b;lr",
      params: new Map([["tag", "1"]]),
    });
    expect(parseNameAddress("sip:a@b;tag=1")).toEqual({
      display: undefined,
      uri: "sip:a@b",
      params: new Map([["tag", "1"]]),
    });
    expect(parseNameAddress('"<sip:evil@x>" <sip:good@y>').uri).toBe("sip:good@y");
  });

  it("quote and unquote are each other's opposite", () => {
    fc.assert(
      fc.property(
        fc.string().map((s) => s.replace(/[\u0000-\u001f\u007f]/g, "")),
        (s) => {
          expect(unquote(quote(s))).toBe(s);
        },
      ),
    );
  });
});
