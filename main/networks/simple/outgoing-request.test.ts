import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textBody, writeRequest } from "./outgoing-request.ts";
import { SipFramer } from "./transports/framer.ts";
import { parseMessage } from "./wire/message.ts";

const headers = ["Via: SIP/2.0/TCP h;branch=z9hG4bK1", "From: <sip:a@b>;tag=1", "To: <sip:c@d>", "Call-ID: x"];
const parts = { method: "MESSAGE", uri: "sip:c@d", headers: [...headers, "CSeq: 1 MESSAGE"] };

describe("a request", () => {
  it("carries any bytes unharmed from the writer through the framer to the reader, however they arrive", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.integer({ min: 1, max: 700 }), (content, step) => {
        const written = writeRequest({ ...parts, body: { type: "application/octet-stream", content } });
        const framer = new SipFramer();
        const bodies: Uint8Array[] = [];
        for (let at = 0; at < written.byteLength; at += step)
          for (const frame of framer.feed(written.subarray(at, at + step)))
            if (frame.type === "message") bodies.push(parseMessage(frame.head, frame.body).body);
        expect(bodies.map((body) => Buffer.from(body).toString("hex"))).toEqual([Buffer.from(content).toString("hex")]);
      }),
    );
  });

  it("counts bytes, not characters, and writes no type for nothing", () => {
    const text = writeRequest({ ...parts, body: textBody("text/plain", "é🐎") }).toString();
    expect(text).toMatch(/\r\nContent-Type: text\/plain\r\nContent-Length: 6\r\n\r\né🐎$/);
    expect(writeRequest(parts).toString()).toMatch(/CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n$/);
  });

  it.each([
    [{ ...parts, uri: "sip:c@d SIP/2.0\r\nX: y" }],
    [{ ...parts, uri: "<sip:c@d>" }],
    [{ ...parts, headers: ["Subject: a\r\nTo: b"] }],
    [{ ...parts, headers: ["Subject: a\nTo: b"] }],
    [{ ...parts, body: { type: "a/b\r\nX: y", content: new Uint8Array() } }],
  ])("is not written with a line that nobody asked for: %j", (broken) => {
    expect(() => writeRequest(broken)).toThrow("invalid-argument");
  });
});
