import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { growth } from "../../../../shared/executions.test-helper.ts";
import { type Frame, FramingError, SipFramer } from "./framer.ts";

const message = (body: string, name = "Content-Length") =>
  Buffer.from(`MESSAGE sip:a@b SIP/2.0\r\n${name}: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
const feedAll = (stream: Buffer, cuts: readonly number[]) => {
  const framer = new SipFramer();
  const out: string[] = [];
  let at = 0;
  for (const cut of [...cuts].sort((a, b) => a - b).concat(stream.length)) {
    for (const frame of framer.feed(stream.subarray(at, cut)))
      out.push(frame.type === "message" ? Buffer.from(frame.body).toString() : frame.type);
    at = cut;
  }
  return out;
};

describe("SipFramer", () => {
  it("gives the same messages however the bytes arrive", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" }), { maxLength: 6 }),
        fc.array(fc.nat(2000), { maxLength: 20 }),
        (bodies, cuts) => {
          const stream = Buffer.concat(bodies.map((b, i) => message(b, i % 2 ? "l" : "CONTENT-LENGTH")));
          expect(
            feedAll(
              stream,
              cuts.map((c) => c % (stream.length + 1)),
            ),
          ).toEqual(bodies);
        },
      ),
    );
  });

  it("tells pings and pongs from messages", () => {
    expect(
      feedAll(
        Buffer.concat([
          Buffer.from("\r\n\r\n"),
          message("x"),
          Buffer.from("\r\n"),
          message("y"),
          Buffer.from("\r\n\r\n"),
        ]),
        [],
      ),
    ).toEqual(["ping", "x", "pong", "y", "ping"]);
  });

  it("costs no more for single bytes", () => {
    const feed = (length: number): void => {
      const stream = message("z".repeat(length));
      const framer = new SipFramer();
      let frames = 0;
      for (let i = 0; i < stream.length; i += 1) frames += framer.feed(stream.subarray(i, i + 1)).length;
      expect(frames).toBe(1);
    };
    expect(growth(feed, 10_000, 100_000)).toBeLessThan(12);
    // Each buffer is larger than the one before by a factor, not by what came.
    const made = vi.spyOn(Buffer, "alloc");
    feed(1 << 19);
    expect(made.mock.calls.length).toBeLessThan(20);
    made.mockRestore();
  });

  it("reads over a head of 4 MiB and a body of 4 GiB, of which it keeps no more than of any message, and refuses longer ones", () => {
    const next = message("next");
    const head = (length: number): Buffer => {
      const [first, last] = ["MESSAGE sip:a@b SIP/2.0\r\nSubject: ", "\r\nContent-Length: 0"];
      return Buffer.from(`${first}${"s".repeat(length - first.length - last.length)}${last}\r\n\r\n`);
    };
    const most = 64 * 65_536;
    expect(new SipFramer().feed(Buffer.concat([head(most), next]))).toHaveLength(2);
    expect(() => new SipFramer().feed(head(most + 1))).toThrow(FramingError);
    const announced = (length: number): Buffer =>
      Buffer.from(`MESSAGE sip:a@b SIP/2.0\r\nContent-Length: ${length}\r\n\r\n`);
    const body = 4096 * (1 << 20);
    const framer = new SipFramer();
    expect(framer.feed(announced(body))).toMatchObject([{ bodyTooLong: true }]);
    const piece = Buffer.alloc(1 << 20, "x");
    for (let n = 0; n < 4096; n++) if (framer.feed(piece).length > 0) throw new Error("a frame in the body");
    expect(framer.isSkipping).toBe(false);
    expect(framer.feed(next)).toHaveLength(1);
    expect(() => new SipFramer().feed(announced(body + 1))).toThrow(FramingError);
  });

  it("keeps a body of one MiB whole, and of a longer one nothing", () => {
    const framer = new SipFramer();
    const bodies = [1 << 20, (1 << 20) + 1].flatMap((length) => framer.feed(message("b".repeat(length))));
    expect(bodies.map((frame) => frame.type === "message" && [frame.body.length, frame.bodyTooLong])).toEqual([
      [1 << 20, false],
      [0, true],
    ]);
  });

  it.each([
    ["no length", "X\r\nA: b\r\n\r\n"],
    ["two lengths", "X\r\nContent-Length: 1\r\nl: 2\r\n\r\nab"],
    ["a negative length", "X\r\nContent-Length: -1\r\n\r\n"],
    ["a length that is no number", "X\r\nContent-Length: 1x\r\n\r\n"],
    ["a length behind a bare LF", "X\r\nA: b\nContent-Length: 1\r\n\r\na"],
    ["a body that nobody can send", "X\r\nContent-Length: 999999999999\r\n\r\n"],
    ["a header section without end", `X\r\nA: ${"b".repeat(5 << 20)}`],
    [
      "a head that ends earlier for who ends lines at LF",
      "X\r\nA: b\nContent-Length: 3\n\n\r\nContent-Length: 0\r\n\r\n",
    ],
    [
      "a head that is longer for who ends lines at LF",
      "X\r\nA: b\nContent-Length: 30\n\n\r\nContent-Length: 0\r\n\r\n",
    ],
    [
      "two heads in one, though they end at the same byte",
      "X\r\nA: b\nContent-Length: 25\n\n\r\nContent-Length: 2\r\n\r\nab",
    ],
    ["a head that ends nowhere for who ends lines at CR LF", "X\nA: b\nContent-Length: 0\n\n"],
    ["a head that ends earlier for who ends lines at CR", "X\r\nContent-Length: 2\r\nA: b\r\rC: d\r\n\r\nab"],
  ])("refuses %s", (_, text) => {
    expect(() => new SipFramer().feed(Buffer.from(text))).toThrow(FramingError);
  });

  it.each([
    ["a body over the limit", `X\r\nContent-Length: 1048577\r\n\r\n${"b".repeat(1_048_577)}`, true],
    ["a long header section", `X\r\nA: ${"b".repeat(70_000)}\r\nContent-Length: 2\r\n\r\nab`, false],
    ["many header lines", `X\r\n${"A: b\r\n".repeat(300)}Content-Length: 2\r\n\r\nab`, false],
    ["a bare LF that ends the head nowhere else", "X\r\nA: b\nC: d\r\nContent-Length: 2\r\n\r\nab", false],
  ])("goes on behind %s, however the bytes arrive", (_, text, bodyTooLong) => {
    for (const size of [1 << 22, 1_000, 7]) {
      const framer = new SipFramer();
      const stream = Buffer.concat([Buffer.from(text), message("next")]);
      const frames: Frame[] = [];
      for (let at = 0; at < stream.length; at += size) frames.push(...framer.feed(stream.subarray(at, at + size)));
      expect(frames.map((frame) => frame.type === "message" && frame.bodyTooLong)).toEqual([bodyTooLong, false]);
      expect(frames[1]).toMatchObject({ body: Buffer.from("next") });
    }
  });

  it.each([1 << 22, 50, 1])("is found again at the response that was asked for, %i bytes at a time", (size) => {
    const framer = new SipFramer();
    const before = framer.feed(
      Buffer.concat([message("before"), Buffer.from("X\nContent-Length: 0\n\n"), message("swallowed")]),
    );
    expect(before).toMatchObject([{ body: Buffer.from("before") }]);
    expect(() => framer.feed(new Uint8Array())).toThrow(FramingError);
    framer.resumeAt("z9hG4bKours");
    const response = "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS a;branch=z9hG4bKours;rport=1\r\nContent-Length: 0\r\n\r\n";
    const stream = Buffer.concat([
      message("forged", "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS a;branch=z9hG4bKother"),
      Buffer.from(response),
      message("next"),
    ]);
    const frames: Frame[] = [];
    for (let at = 0; at < stream.length; at += size) frames.push(...framer.feed(stream.subarray(at, at + size)));
    expect(
      frames.map((frame) => frame.type === "message" && Buffer.from(frame.head).toString().split("\r\n")[0]),
    ).toEqual(["SIP/2.0 200 OK", "MESSAGE sip:a@b SIP/2.0"]);
    expect(framer.isAstray).toBe(false);
  });

  it("throws nothing else, whatever comes", () => {
    const piece = fc.constantFrom(
      "\r\n",
      "\r\n\r\n",
      "\r",
      "\n",
      "Content-Length: ",
      "l:",
      "5",
      "99999999999",
      "MESSAGE sip:a SIP/2.0",
      ":",
      " ",
    );
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
