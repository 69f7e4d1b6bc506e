import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpuTime } from "../../../../shared/cpu-time.test-helper.ts";
import { FramingError, SipFramer } from "./framer.ts";

const message = (body: string, name = "Content-Length") => Buffer.from(`MESSAGE sip:a@b SIP/2.0\r\n${name}: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
const feedAll = (stream: Buffer, cuts: readonly number[]) => {
  const framer = new SipFramer();
  const out: string[] = [];
  let at = 0;
  for (const cut of [...cuts].sort((a, b) => a - b).concat(stream.length)) {
    for (const frame of framer.feed(stream.subarray(at, cut))) out.push(frame.type === "message" ? Buffer.from(frame.body).toString() : frame.type);
    at = cut;
  }
  return out;
};

describe("SipFramer", () => {
  it("gives the same messages however the bytes arrive", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" }), { maxLength: 6 }), fc.array(fc.nat(2000), { maxLength: 20 }), (bodies, cuts) => {
        const stream = Buffer.concat(bodies.map((b, i) => message(b, i % 2 ? "l" : "CONTENT-LENGTH")));
        expect(
          feedAll(
            stream,
            cuts.map((c) => c % (stream.length + 1)),
          ),
        ).toEqual(bodies);
      }),
    );
  });

  it("tells pings and pongs from messages", () => {
    expect(feedAll(Buffer.concat([Buffer.from("\r\n\r\n"), message("x"), Buffer.from("\r\n"), message("y"), Buffer.from("\r\n\r\n")]), [])).toEqual([
      "ping",
      "x",
      "pong",
      "y",
      "ping",
    ]);
  });

  it("costs no more for single bytes", () => {
    const stream = message("z".repeat(1 << 19));
    const framer = new SipFramer();
    const start = cpuTime();
    let frames = 0;
    for (let i = 0; i < stream.length; i += 1) frames += framer.feed(stream.subarray(i, i + 1)).length;
    expect(frames).toBe(1);
    expect(cpuTime() - start).toBeLessThan(5_000);
  });

  it.each([
    ["no length", "X\r\nA: b\r\n\r\n", false],
    ["two lengths", "X\r\nContent-Length: 1\r\nl: 2\r\n\r\nab", false],
    ["a negative length", "X\r\nContent-Length: -1\r\n\r\n", false],
    ["a length that is no number", "X\r\nContent-Length: 1x\r\n\r\n", false],
    ["a body over the limit", "X\r\nContent-Length: 1048577\r\n\r\n", true],
    ["a header section without end", `X\r\nA: ${"b".repeat(70_000)}`, true],
    ["a header bomb", `X\r\n${"A: b\r\n".repeat(300)}Content-Length: 0\r\n\r\n`, true],
  ])("refuses %s", (_, text, tooLarge) => {
    expect(() => new SipFramer().feed(Buffer.from(text))).toThrowError(expect.objectContaining({ tooLarge }));
  });

  it("throws nothing else, whatever comes", () => {
    const piece = fc.constantFrom("\r\n", "\r\n\r\n", "\r", "\n", "Content-Length: ", "l:", "5", "99999999999", "MESSAGE sip:a SIP/2.0", ":", " ");
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            piece.map((s) => Buffer.from(s)),
            fc.uint8Array({ maxLength: 20 }),
          ),
          { maxLength: 30 },
        ),
        (chunks) => {
          const framer = new SipFramer();
          try {
            for (const chunk of chunks) framer.feed(chunk);
          } catch (error) {
            expect(error).toBeInstanceOf(FramingError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
