import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpimType, formatCpim } from "../../../cpim/message.ts";
import { formatIsComposing, isComposingType } from "../payloads/rfc-3994-is-composing.ts";
import { formatImdn, imdnType } from "../payloads/rfc-5438-imdn.ts";
import { type EnvelopeHead, envelope as envelopeBytes } from "./envelope.ts";
import { storedType } from "./stored-type.ts";

const envelope = (head: EnvelopeHead, type: string, content: string): string =>
  Buffer.from(envelopeBytes(head, type, Buffer.from(content))).toString();
const peer = "bob@example.test";
const own = "alice@example.test";
const ends = { peer, own };
const head = { from: peer, to: own, at: 0, id: "m1", disposition: "positive-delivery, display" };
const imdn = formatImdn(
  { messageId: "m1", dateTime: undefined, kind: "display", status: "displayed" },
  "sip:bob@example.test",
);
const composing = formatIsComposing({ state: "active", refresh: 60 });
const wrapped = envelope(head, "text/plain;charset=utf-8", "hello");
const named = (from: string, to: string, more = ""): string =>
  `From: ${from}\r\nTo: ${to}\r\n${more}DateTime: 2026-01-02T03:04:05Z\r\n\r\nContent-Type: text/plain\r\n\r\nhello`;

describe("storedType", () => {
  it.each([
    ["an envelope", wrapped, cpimType],
    [
      "an envelope by somebody else's program",
      named("Bob <im:bob@Example.test>", "Alice <sip:alice@example.test;gr=1>"),
      cpimType,
    ],
    ["a receipt in an envelope", envelope(head, imdnType, imdn), cpimType],
    ["typing in an envelope", envelope(head, isComposingType, composing), cpimType],
    ["a receipt", imdn, imdnType],
    ["typing", composing, isComposingType],
    ["typing that ended", formatIsComposing({ state: "idle", refresh: 60 }), isComposingType],
  ])("knows %s", (_, text, type) => {
    expect(storedType(text, ends)).toBe(type);
  });

  it.each([
    ["words", "hello"],
    ["nothing", ""],
    ["an envelope of somebody else", named("<sip:mallory@example.test>", "<sip:alice@example.test>")],
    ["an envelope to somebody else", named("<sip:bob@example.test>", "<sip:carol@example.test>")],
    [
      "an envelope from two people",
      named("<sip:bob@example.test>", "<sip:alice@example.test>", "From: <sip:bob@example.test>\r\n"),
    ],
    ["an envelope from nobody", `To: <sip:alice@example.test>\r\n\r\nContent-Type: text/plain\r\n\r\nhello`],
    ["an envelope with an address that is no URI", named("bob@example.test", "alice@example.test")],
    ["an envelope with a picture", envelope(head, "image/png", "x")],
    ["an envelope in another charset", envelope(head, "text/plain;charset=iso-8859-1", "x")],
    ["an envelope in an envelope", envelope(head, cpimType, wrapped)],
    ["an envelope with a receipt that is none", envelope(head, imdnType, "<imdn/>")],
    ["an envelope with typing that is a receipt", envelope(head, isComposingType, imdn)],
    ["words before an envelope", `Look what I got:\r\n${wrapped}`],
    ["a letter", "From: Bob\nTo: you\n\nSubject: lunch\n\nAt noon?"],
    ["words before a receipt", `like this: ${imdn}`],
    ["words after a receipt", `${imdn} is what it sends`],
    ["words in a receipt", imdn.replace("<message-id>", "look <message-id>")],
    ["a receipt of somebody else", imdn.replace("sip:bob@", "sip:mallory@")],
    ["a receipt of nobody", imdn.replace(/<recipient-uri>.*<\/recipient-uri>/, "")],
    ["a receipt without a status", imdn.replace("<displayed/>", "")],
    ["half a receipt", imdn.slice(0, -4)],
    ["typing with something else in it", composing.replace("<state>", "<b>bold</b><state>")],
    ["typing without a state", composing.replace("active", "dancing")],
    ["some XML", "<b>bold</b>"],
    ["a DOCTYPE", `<!DOCTYPE a>${imdn}`],
  ])("leaves %s as they are", (_, text) => {
    expect(storedType(text, ends)).toBe("text/plain");
  });

  it("knows every envelope of ours, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (body) => {
        expect(storedType(envelope(head, "text/plain;charset=utf-8", body), ends)).toBe(cpimType);
      }),
    );
  });

  it("leaves text as it is, whatever it resembles, and never throws", () => {
    const piece = fc.constantFrom(
      "From: <sip:bob@example.test>",
      "To: <sip:mallory@example.test>",
      "NS: imdn <urn:ietf:params:imdn>",
      "\r\n",
      "\r\n\r\n",
      "Content-Type: text/plain",
      "<imdn xmlns='urn:ietf:params:xml:ns:imdn'>",
      "<message-id>1</message-id>",
      "</imdn>",
      "<isComposing xmlns='urn:ietf:params:xml:ns:im-iscomposing'>",
      "</isComposing>",
      "<?xml version='1.0'?>",
      "<!--",
      "&",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: "binary" })), { maxLength: 20 }), (parts) => {
        expect(storedType(parts.join(""), ends)).toBe("text/plain");
      }),
      { numRuns: 2_000 },
    );
  });

  it("leaves everything of other people as it is", () => {
    const address = fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.test$/).filter((a) => a !== peer);
    fc.assert(
      fc.property(address, fc.constantFrom(wrapped, imdn, envelope(head, imdnType, imdn)), (other, text) => {
        expect(storedType(text, { peer: other, own })).toBe("text/plain");
      }),
    );
  });

  it("reads what another program wrote into the envelope, and no header that was never written", () => {
    const bytes = formatCpim({
      headers: [{ namespace: "urn:x", name: "From", value: "<sip:bob@example.test>" }],
      contentType: "text/plain",
      content: Buffer.from("x"),
    });
    expect(storedType(Buffer.from(bytes).toString(), ends)).toBe("text/plain");
  });
});
