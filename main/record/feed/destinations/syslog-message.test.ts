import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Parcel } from "./destination.ts";
import { syslogFrames } from "./syslog-message.ts";

const id = "a".repeat(64);
const parcel = (text: string, fields: Record<string, string> = {}): Parcel => ({
  id,
  what: "message",
  at: Date.UTC(2026, 10, 24, 23, 30),
  text,
  mediaType: "application/json",
  extension: "json",
  fields,
});

/** RFC 5424 section 6, as far as we write it. */
const form =
  /^<110>1 (\S+) ([\x21-\x7e]{1,255}) hallway - MESSAGE \[hallway@32473((?: [A-Za-z]+="(?:[^"\\\]]|\\["\\\]])*")*)\] ([\s\S]*)$/;

/** Takes frames apart as a receiver does. */
function read(frames: readonly Buffer[]): { readonly data: Record<string, string>; readonly text: Buffer }[] {
  return frames.map((frame) => {
    const space = frame.indexOf(32);
    const message = frame.subarray(space + 1);
    expect(Number(frame.toString("ascii", 0, space))).toBe(message.length);
    expect(message.length).toBeLessThanOrEqual(8192);
    const found = form.exec(message.toString("latin1"));
    if (!found) throw new Error(`no syslog message: ${message.toString().slice(0, 200)}`);
    const [, , , params = "", text = ""] = found;
    const data = [...params.matchAll(/ ([A-Za-z]+)="((?:[^"\\\]]|\\["\\\]])*)"/g)].map(([, name = "", value = ""]) => [
      name,
      Buffer.from(value.replace(/\\(["\\\]])/g, "$1"), "latin1").toString("utf8"),
    ]);
    return { data: Object.fromEntries(data) as Record<string, string>, text: Buffer.from(text, "latin1") };
  });
}

describe("syslog message", () => {
  it("carries what it is, when, and its id (RFC 5424, RFC 5425)", () => {
    const [frame] = syslogFrames(parcel("{}", { peer: 'b"]\\@x' }), "my host\u00e9");
    const message = `<110>1 2026-11-24T23:30:00.000Z myhost hallway - MESSAGE [hallway@32473 id="${id}" type="application/json" peer="b\\"\\]\\\\@x"] {}`;
    expect(frame?.toString()).toBe(`${message.length} ${message}`);
  });

  it("any text comes out as it went in, in messages that no receiver cuts, no character cut in two", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 3000 }),
        fc.integer({ min: 1, max: 12 }),
        fc.dictionary(fc.constantFrom("peer", "account"), fc.string({ unit: "binary" })),
        (text, times, fields) => {
          const wanted = text.toWellFormed().repeat(times);
          const messages = read(syslogFrames(parcel(wanted, fields)));
          expect(Buffer.concat(messages.map((message) => message.text)).toString("utf8")).toBe(wanted);
          for (const [index, { data, text: part }] of messages.entries()) {
            expect(data["id"]).toBe(id);
            expect(data["part"]).toBe(messages.length === 1 ? undefined : String(index + 1));
            expect(data["parts"]).toBe(messages.length === 1 ? undefined : String(messages.length));
            expect(part.toString("utf8")).not.toContain("\ufffd".repeat(wanted.includes("\ufffd") ? 1e6 : 1));
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
