import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EnvelopeDevices } from "./messages/envelope-devices.ts";
import { Flights } from "./messages/message-request.ts";
import { Typing } from "./messages/typing.ts";
import { Paces } from "./paces.ts";
import { parseResourceLists } from "./payloads/rfc-4826-resource-lists.ts";
import { parsePresRules, writePresRules } from "./payloads/rfc-5025-pres-rules.ts";
import { parseImdn } from "./payloads/rfc-5438-imdn.ts";
import { parseXml, XmlError } from "./payloads/xml.ts";
import { locate } from "./registration/locate.ts";
import { MergedRequests } from "./request-dispatch.ts";
import { readHead } from "./wire/head.ts";
import { senderOf } from "./wire/uri.ts";
import { XcapContactList } from "./xcap/contact-list.ts";

describe("typing", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const each = (count: number, work: (peer: string) => void): void => {
    for (let n = 0; n < count; n++) work(`p${n}@x.example`);
  };

  it("is heard of 1,000 people at a time; one who stops makes room", () => {
    const heard = vi.fn();
    const typing = new Typing(heard, () => 0);
    each(1_001, (peer) => typing.hear(peer, true, 60));
    expect(heard).toHaveBeenCalledTimes(1_000);
    typing.hear("p1000@x.example", false, 0);
    expect(heard).toHaveBeenCalledTimes(1_000);
    typing.hear("p0@x.example", false, 0);
    typing.hear("p1000@x.example", true, 60);
    expect(heard.mock.calls.slice(1_000)).toEqual([
      ["p0@x.example", false],
      ["p1000@x.example", true],
    ]);
  });

  it("is remembered to have been told to 1,000 people, and so are those who do not take it", () => {
    const typing = new Typing(
      () => undefined,
      () => 0,
    );
    each(1_000, (peer) => typing.shouldTell(peer, true));
    expect(typing.shouldTell("p0@x.example", true)).toBe(false);
    typing.shouldTell("p1000@x.example", true);
    expect(typing.shouldTell("p0@x.example", true)).toBe(true);
    const other = new Typing(
      () => undefined,
      () => 0,
    );
    each(1_000, (peer) => other.notTaken(peer));
    expect([other.shouldTell("p0@x.example", true), other.shouldTell("new@x.example", true)]).toEqual([false, true]);
    other.notTaken("p1000@x.example");
    expect(other.shouldTell("p0@x.example", true)).toBe(true);
  });
});

describe("what is remembered", () => {
  it("is the pace of 100 servers, those used last", () => {
    const paces = new Paces();
    const first = paces.of("s0");
    for (let n = 1; n < 100; n++) paces.of(`s${n}`);
    expect(paces.of("s0")).toBe(first);
    const second = paces.of("s1");
    paces.of("s100");
    expect(paces.of("s1")).toBe(second);
    for (let n = 101; n < 199; n++) paces.of(`s${n}`);
    expect([paces.of("s1") === second, paces.of("s0") === first]).toEqual([true, false]);
  });

  it("is whether 2,000 requests were here", () => {
    const request = (n: number) =>
      ({
        method: "MESSAGE",
        callId: `c${n}`,
        cseq: { number: 1, method: "MESSAGE" },
        headers: { get: (name: string) => (name === "from" ? "<sip:a@x.example>;tag=1" : "<sip:b@x.example>") },
        body: new Uint8Array(),
      }) as never;
    const merged = new MergedRequests();
    for (let n = 0; n < 2_000; n++) merged.add(request(n), true);
    expect([merged.has(request(0)), merged.has(request(1_999)), merged.has(request(2_000))]).toEqual([
      true,
      true,
      false,
    ]);
    merged.delete(request(2_000));
    merged.delete(request(1_999));
    expect([merged.has(request(1_998)), merged.has(request(1_999))]).toEqual([true, false]);
    merged.add(request(1_999), true);
    merged.add(request(2_000), true);
    expect([merged.has(request(0)), merged.has(request(1)), merged.has(request(2_000))]).toEqual([false, true, true]);
  });

  it("is what 8 devices of 5,000 people take, by 200 characters of their names", () => {
    const devices = new EnvelopeDevices(() => 0);
    for (let n = 0; n < 8; n++) devices.set("bob@x.example", `d${n}`, true);
    expect(devices.knows("bob@x.example", "d0")).toBe(true);
    devices.set("bob@x.example", "d8", true);
    expect(["d0", "d1", "d8"].map((name) => devices.knows("bob@x.example", name))).toEqual([false, true, true]);
    devices.set("ann@x.example", "n".repeat(201), true);
    expect([devices.knows("ann@x.example", "n".repeat(200)), devices.knows("ann@x.example", "n".repeat(199))]).toEqual([
      true,
      false,
    ]);
    for (let n = 0; n < 4_998; n++) devices.set(`p${n}@x.example`, "d", true);
    expect(devices.knows("bob@x.example", "d8")).toBe(true);
    devices.set("one-more@x.example", "d", true);
    expect([devices.knows("bob@x.example", "d8"), devices.knows("ann@x.example", "n".repeat(200))]).toEqual([
      false,
      true,
    ]);

    const loaded = new EnvelopeDevices(() => 0);
    const stored = Array.from({ length: 5_001 }, (_, n): [string, [string, boolean, number][]] => [
      `p${n}@x.example`,
      n === 5_000
        ? Array.from({ length: 9 }, (__, d): [string, boolean, number] => [`d${d}`, true, 0])
        : [["n".repeat(300), true, 0]],
    ]);
    loaded.load(stored);
    expect([
      loaded.stored().length,
      loaded.knows("p0@x.example", "n".repeat(300)),
      loaded.knows("p1@x.example", "n".repeat(200)),
    ]).toEqual([5_000, false, true]);
    expect(["d0", "d1", "d8"].map((name) => loaded.knows("p5000@x.example", name))).toEqual([false, true, true]);
  });
});

describe("a header section", () => {
  it("has 256 lines and 65,536 bytes at most; of more it has still what an answer repeats", () => {
    const head = (lines: number): Buffer =>
      Buffer.from(`MESSAGE sip:a@b SIP/2.0\r\n${"X: y\r\n".repeat(lines - 1)}Call-ID: last`);
    expect(readHead(head(256)).tooLarge).toBe(false);
    const long = readHead(Buffer.concat([head(257), Buffer.from("\r\nSubject: more")]));
    expect([long.tooLarge, long.fields.get("call-id")?.[0]?.value, long.fields.has("subject")]).toEqual([
      true,
      "last",
      false,
    ]);
    const bytes = (length: number): boolean => readHead(Buffer.from("M".padEnd(length, "x"))).tooLarge;
    expect([bytes(65_536), bytes(65_537)]).toEqual([false, true]);
  });

  it("has a From of 4,096 characters at most", () => {
    const sender = (length: number) => {
      const address = "<sip:a@x.example>";
      return senderOf({ headers: { get: () => `${"n".repeat(length - address.length)}${address}` } } as never, 5061);
    };
    expect([sender(4_096), sender(4_097)]).toEqual(["a@x.example", undefined]);
  });
});

describe("a loss of the connection", () => {
  it("is laid twice to the largest message under way, and then that is its cause; what always fits is none", () => {
    const flights = new Flights();
    const lose = (bytes: number): string | undefined => {
      flights.begin("small", 100);
      flights.begin("large", bytes);
      return flights.lost();
    };
    expect([lose(1_301), lose(1_301)]).toEqual([undefined, "large"]);
    const fitting = new Flights();
    for (let n = 0; n < 3; n++) {
      fitting.begin("fits", 1_300);
      expect(fitting.lost()).toBeUndefined();
    }
  });
});

describe("documents", () => {
  it("have a million characters, 32 levels and 20,000 elements at most", () => {
    const long = (length: number): string => `<a>${"x".repeat(length - 7)}</a>`;
    expect(parseXml(long(1 << 20)).text).toHaveLength((1 << 20) - 7);
    expect(() => parseXml(long((1 << 20) + 1))).toThrow(XmlError);
    const deep = (levels: number): string => "<a>".repeat(levels) + "</a>".repeat(levels);
    expect(parseXml(deep(32)).name).toBe("a");
    expect(() => parseXml(deep(33))).toThrow(XmlError);
    const many = (elements: number): string => `<a>${"<b/>".repeat(elements - 1)}</a>`;
    expect(parseXml(many(20_000)).children).toHaveLength(19_999);
    expect(() => parseXml(many(20_001))).toThrow(XmlError);
  });

  it("of lists have four million characters, 32 levels and 100,000 elements at most", () => {
    const wrap = (content: string): string =>
      `<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">${content}</resource-lists>`;
    const empty = wrap("").length;
    expect(parseResourceLists(wrap(" ".repeat((4 << 20) - empty)))).toEqual([]);
    expect(() => parseResourceLists(wrap(" ".repeat((4 << 20) - empty + 1)))).toThrow(XmlError);
    expect(parseResourceLists(wrap("<a>".repeat(31) + "</a>".repeat(31)))).toEqual([]);
    expect(() => parseResourceLists(wrap("<a>".repeat(32) + "</a>".repeat(32)))).toThrow(XmlError);
    expect(parseResourceLists(wrap("<a/>".repeat(99_999)))).toEqual([]);
    expect(() => parseResourceLists(wrap("<a/>".repeat(100_000)))).toThrow(XmlError);
  });

  it("with the contact list have 20,000 people at most", async () => {
    const entries = Array.from({ length: 20_001 }, (_, n) => `<entry uri="sip:p${n}@x.example"/>`).join("");
    const text = `<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>${entries}</list></resource-lists>`;
    const list = await new XcapContactList({ read: async () => text } as never).load();
    expect([list?.length, list?.at(-1)?.address]).toEqual([20_000, "p19999@x.example"]);
  });

  it("of presence rules name 10,000 people at most; with one more nothing is written", () => {
    const people = Array.from({ length: 10_001 }, (_, n) => `sip:p${n}@x.example`);
    expect(parsePresRules(writePresRules(undefined, { allow: people.slice(1), block: [] })).allow).toHaveLength(10_000);
    expect(() => writePresRules(undefined, { allow: people, block: [] })).toThrow(XmlError);
    expect(() => writePresRules(undefined, { allow: [], block: people })).toThrow(XmlError);
  });

  it("that report have ids of 512 characters at most", () => {
    const report = (length: number): string =>
      `<imdn xmlns="urn:ietf:params:xml:ns:imdn"><message-id>${"i".repeat(length)}</message-id><delivery-notification><status><delivered/></status></delivery-notification></imdn>`;
    expect(parseImdn(report(512)).messageId).toHaveLength(512);
    expect(() => parseImdn(report(513))).toThrow(XmlError);
    expect(() => parseImdn(report(0))).toThrow(XmlError);
  });
});

describe("servers", () => {
  it("are twelve of those that DNS names, and so are the names that it is asked for", async () => {
    const asked: string[] = [];
    const naptr = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        flags: "s",
        service: "SIPS+D2T",
        regexp: "",
        replacement: `n${n}`,
        order: n,
        preference: 0,
      }));
    const ways = async (names: number, each: number): Promise<number> => {
      const dns = {
        resolveNaptr: async () => naptr(names),
        resolveSrv: async (name: string) => {
          asked.push(name);
          return Array.from({ length: each }, (_, n) => ({
            name: `h${n}.${name}`,
            port: 5061,
            priority: n,
            weight: 0,
          }));
        },
      };
      return (
        await locate("me@example.test", {}, {
          dns,
          allowCleartext: () => false,
          signal: AbortSignal.timeout(10_000),
        } as never)
      ).length;
    };
    expect([await ways(1, 12), await ways(1, 13)]).toEqual([12, 12]);
    asked.length = 0;
    expect([await ways(13, 1), asked.length]).toEqual([12, 12]);
  });
});
