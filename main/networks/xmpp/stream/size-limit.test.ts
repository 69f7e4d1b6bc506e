import { describe, expect, it } from "vitest";
import { parseElement } from "../testing/session.ts";
import { DroppedStreams } from "./dropped-streams.ts";
import { idleSeconds, SizeLimit } from "./size-limit.ts";

const features = (inner: string) =>
  parseElement(`<features xmlns='http://etherx.jabber.org/streams'>${inner}</features>`);
const limits = (bytes: string) =>
  features(`<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>${bytes}</max-bytes></limits>`);

describe("the longest element that a server takes", () => {
  it("is what it announces, of the first features that say something, until the next stream says otherwise", () => {
    const limit = new SizeLimit();
    expect(limit.bytes).toBe(262_144);
    limit.announced([features(""), limits(" 10000 "), limits("20000")]);
    expect(limit.bytes).toBe(10_000);
    limit.announced([features("")]);
    expect(limit.bytes).toBe(262_144);
  });

  it.each(["0", "-1", "010", "1e9", "", "many", "1234567890123456"])("is as usual where it announces %j", (text) => {
    const limit = new SizeLimit();
    limit.announced([limits(text)]);
    expect(limit.bytes).toBe(262_144);
  });

  it("is less than what it refused twice in a row, and nothing is learned of one refusal or of short ones", () => {
    const limit = new SizeLimit();
    limit.refused(50_000);
    expect(limit.bytes).toBe(262_144);
    limit.refused(10_000);
    limit.refused(10_000);
    expect(limit.bytes).toBe(262_144);
    limit.refused(60_000);
    expect(limit.bytes).toBe(49_999);
    limit.refused(10_001);
    expect(limit.bytes).toBe(10_000);
    limit.announced([limits("300000")]);
    expect(limit.bytes).toBe(300_000);
  });
});

describe("a stream that ends without a word", () => {
  it("counts as refused for a long message that was under way twice in a row", () => {
    const streams = new DroppedStreams();
    const [long, short] = [
      { id: "long", bytes: 10_001 },
      { id: "short", bytes: 10_000 },
    ];
    expect([streams.dropped([long, short]), streams.dropped([short])]).toEqual([false, false]);
    expect([streams.dropped([short]), streams.dropped([long])]).toEqual([false, false]);
    expect(streams.dropped([{ ...long, id: "another" }])).toBe(false);
    expect(streams.dropped([long, { ...long, id: "another" }])).toBe(true);
  });
});

it("reads how long a stream may be silent, of the first features that say it", () => {
  const idle = (seconds: string) =>
    features(`<limits xmlns='urn:xmpp:stream-limits:0'><idle-seconds>${seconds}</idle-seconds></limits>`);
  expect(idleSeconds([limits("10000"), idle(" 60 "), idle("30")])).toBe(60);
  expect([idleSeconds([]), idleSeconds([idle("0")]), idleSeconds([idle("soon")])]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
