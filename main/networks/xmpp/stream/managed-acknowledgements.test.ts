import xml, { type Element } from "@xmpp/xml";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Endpoint } from "../../network.ts";
import { type Loss, ManagedStream } from "./managed-stream.ts";
import { StreamManagement, type Unacknowledged } from "./stream-management.ts";
import type { Transport, TransportListener } from "./transport.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const nsSm = "urn:xmpp:sm:3";
const request = `<r xmlns='${nsSm}'/>`;
const answer = (h: number): string => `<a xmlns='${nsSm}' h='${h}'/>`;
const message = (id: string) => ({ message: { id, peer: "bob@example.test" } });
const chat = (id = "m"): Element => xml("message", { id });

interface Given {
  readonly managed?: boolean;
  readonly transport?: Endpoint["transport"];
  readonly maxBytes?: number;
  readonly checkMs?: number;
}

function made({ managed = true, transport: kind = "starttls", maxBytes = 1_000, checkMs }: Given = {}) {
  const sent: string[] = [];
  const stanzas: Element[] = [];
  const acknowledged: string[] = [];
  const lost: { readonly code: string; readonly how: Loss }[] = [];
  const storing: { settled: () => Promise<boolean> } = { settled: async () => true };
  let listener: TransportListener | undefined;
  let destroyed = 0;
  const transport: Transport = {
    endpoint: { host: "example.test", port: 5222, transport: kind },
    security: "TLSv1.3",
    key: undefined,
    revocation: "good",
    channelBinding: () => undefined,
    listen: (given) => void (listener = given),
    open: () => undefined,
    send: (text) => void sent.push(text),
    end: () => void sent.push("end"),
    destroy: () => void (destroyed += 1),
  };
  const management = managed ? new StreamManagement(xml("enabled", { id: "x", resume: "true" })) : undefined;
  const stream = new ManagedStream({
    transport,
    management,
    stanza: (stanza) => void stanzas.push(stanza),
    stored: () => storing.settled(),
    acknowledged: (all: readonly Unacknowledged[]) =>
      void acknowledged.push(...all.map((one) => one.message?.id ?? one.xml)),
    maxBytes: () => maxBytes,
    ...(checkMs === undefined ? {} : { checkMs }),
    lost: ({ code }: HallwayError, how) => void lost.push({ code, how }),
    isLarge: () => false,
    ping: () => {
      sent.push("ping");
      return Promise.resolve();
    },
  });
  const heard = (element: Element): void => listener?.element(element);
  const ack = (h: number | string): void => heard(xml("a", { xmlns: nsSm, h: String(h) }));
  return {
    stream,
    management,
    sent,
    stanzas,
    acknowledged,
    lost,
    storing,
    heard,
    ack,
    listening: () => listener,
    destroyed: () => destroyed,
  };
}
const turn = () => vi.advanceTimersByTimeAsync(0);

describe("what is sent", () => {
  it("is acknowledged at once where it is a message or kept, and else after 50 stanzas", () => {
    const { stream, sent, ack } = made();
    for (let n = 1; n < 50; n++) stream.send(xml("presence"));
    expect(sent.filter((text) => text === request)).toEqual([]);
    stream.send(xml("presence"));
    expect(sent.at(-1)).toBe(request);
    ack(50);
    stream.send(chat(), message("m"));
    expect(sent.at(-1)).toBe(request);
    // One question at a time.
    stream.send(chat(), message("n"));
    expect(sent.at(-1)).not.toBe(request);
    ack(51);
    expect(sent.at(-1)).toBe(request);
    ack(52);
    expect(sent.at(-1)).toBe(request);
    const before = sent.length;
    stream.send(chat("k"), { keep: true });
    expect(sent.slice(before)).toEqual(['<message id="k"/>', request]);
  });

  it("is told when it is acknowledged, as far as that goes, and what is no stanza does not count", () => {
    const { stream, ack, acknowledged, management } = made();
    stream.send(chat("a"), message("a"));
    stream.send(xml("active", "urn:xmpp:csi:0"));
    stream.send(chat("b"), message("b"));
    expect(management?.pending).toBe(2);
    ack(1);
    expect(acknowledged).toEqual(["a"]);
    ack(2);
    expect(acknowledged).toEqual(["a", "b"]);
  });

  it("is no longer than the server takes, on a WebSocket with its namespace", () => {
    const text = `<message id="${"i".repeat(82)}"/>`;
    expect(text).toHaveLength(98);
    const send = (given: Given) => made(given).stream.send(chat("i".repeat(82)));
    expect([send({ maxBytes: 98 }), send({ maxBytes: 97 })]).toEqual([undefined, "too-large"]);
    expect([
      send({ transport: "websocket", maxBytes: 122 }),
      send({ transport: "websocket", maxBytes: 121 }),
      made({ maxBytes: 98 }).stream.send(chat("é".repeat(42))),
    ]).toEqual([undefined, "too-large", "too-large"]);
  });

  it("is 5,000 stanzas that wait, 1,000 of them replies; without acknowledgements nobody counts", () => {
    const { stream, ack } = made();
    for (let n = 0; n < 1_000; n++) expect(stream.send(xml("iq"), { reply: true })).toBeUndefined();
    expect(stream.send(xml("iq"), { reply: true })).toBe("rate-limited");
    for (let n = 1_000; n < 5_000; n++) expect(stream.send(xml("iq"))).toBeUndefined();
    expect(stream.send(xml("iq"))).toBe("rate-limited");
    ack(1);
    expect([stream.send(xml("iq"), { reply: true }), stream.send(xml("iq"))]).toEqual([undefined, "rate-limited"]);
    const uncounted = made({ managed: false });
    for (let n = 0; n <= 5_000; n++) expect(uncounted.stream.send(xml("iq"), { reply: n <= 1_000 })).toBeUndefined();
    expect(uncounted.sent).toHaveLength(5_001);
  });

  it("is nothing after the stream is over", () => {
    const { stream, sent, listening } = made();
    listening()?.closed(undefined);
    const before = sent.length;
    expect(stream.send(chat())).toBe("offline");
    stream.check();
    expect(sent).toHaveLength(before);
  });

  it("goes out again after a resumption as it counts already, and from another session anew", () => {
    const { stream, sent, management, ack, acknowledged } = made();
    stream.repeat([]);
    expect(sent).toEqual([]);
    const left = [{ xml: "<message id='l'/>", keep: true, ...message("l") }];
    stream.repeat(left);
    expect([sent, management?.pending]).toEqual([["<message id='l'/>", request], 0]);
    ack(0);
    stream.carryOver(left);
    expect([sent.at(-1), management?.pending]).toEqual(["<message id='l'/>", 1]);
    ack(1);
    expect(acknowledged).toEqual(["l"]);
  });
});

describe("what comes", () => {
  it("is acknowledged when it is stored, and as far as it was when that was last so", async () => {
    const { heard, sent, storing, stanzas } = made();
    heard(chat("1"));
    heard(xml("r", nsSm));
    await turn();
    expect(sent).toEqual([answer(1)]);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    storing.settled = () => promise;
    heard(chat("2"));
    heard(xml("r", nsSm));
    heard(chat("3"));
    await turn();
    expect(sent).toHaveLength(1);
    resolve(true);
    await turn();
    expect(sent.slice(1)).toEqual([answer(2)]);
    storing.settled = async () => false;
    heard(xml("r", nsSm));
    await turn();
    expect([sent.slice(2), stanzas.length]).toEqual([[answer(2)], 3]);
  });

  it("is not acknowledged after the stream is over, nor where nobody counts", async () => {
    const { heard, sent, storing, listening } = made();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    storing.settled = () => promise;
    heard(xml("r", nsSm));
    listening()?.closed(undefined);
    resolve(true);
    await turn();
    expect(sent).toEqual([]);
    const uncounted = made({ managed: false });
    uncounted.heard(xml("r", nsSm));
    uncounted.ack(7);
    await turn();
    expect([uncounted.sent, uncounted.lost]).toEqual([[], []]);
  });

  it("is a stanza only where it is none of the counting or of the stream's own, and nothing after the end", () => {
    const { heard, stanzas, management, lost, ack } = made();
    heard(xml("other", "urn:x"));
    ack(0);
    heard(chat());
    expect([stanzas.length, management?.inbound]).toEqual([2, 1]);
    heard(xml("error", "http://etherx.jabber.org/streams"));
    heard(chat());
    expect([stanzas.length, lost.length]).toEqual([2, 1]);
  });

  it.each([
    ["reset", "connection-lost", { resumable: true, refused: false, silent: false }],
    ["policy-violation", "not-allowed", { resumable: false, refused: true, silent: false }],
    ["conflict", "replaced-by-other-session", { resumable: false, refused: false, silent: false }],
  ])("as the stream error %s ends it with %s", (condition, code, how) => {
    const { heard, lost, destroyed } = made();
    heard(xml("error", "http://etherx.jabber.org/streams", xml(condition, "urn:ietf:params:xml:ns:xmpp-streams")));
    expect([lost, destroyed()]).toEqual([[{ code, how }], 1]);
  });

  it("that counts more than was sent ends a session for good, with a word", () => {
    const { stream, ack, lost, sent } = made();
    stream.send(chat(), message("m"));
    ack(2);
    expect([lost, sent.at(-1)]).toMatchObject([
      [{ code: "protocol-error", how: { resumable: false } }],
      expect.stringContaining("undefined-condition"),
    ]);
    const again = made();
    again.listening()?.opened(xml("stream"));
    expect(again.lost).toMatchObject([{ code: "protocol-error", how: { resumable: true } }]);
  });

  it("as the end says whether anybody said why", () => {
    const [silent, large] = [made(), made()];
    silent.listening()?.closed(undefined);
    silent.listening()?.closed(undefined);
    expect(silent.lost).toEqual([{ code: "connection-lost", how: { resumable: true, refused: false, silent: true } }]);
    large.listening()?.closed(new HallwayError("too-large"));
    expect(large.lost).toEqual([{ code: "too-large", how: { resumable: false, refused: true, silent: false } }]);
  });
});

describe("the watch over silence", () => {
  it("asks after a minute without a word, and waits 10 s for the answer, or as long as is said", async () => {
    const { sent, lost, ack } = made();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([request]);
    await vi.advanceTimersByTimeAsync(9_999);
    ack(0);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(lost).toEqual([]);
    await vi.advanceTimersByTimeAsync(90_000);
    expect(lost).toEqual([{ code: "timed-out", how: { resumable: true, refused: false, silent: true } }]);
    const short = made({ checkMs: 5 });
    short.stream.check();
    await vi.advanceTimersByTimeAsync(4);
    expect(short.lost).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(short.lost).toHaveLength(1);
  });

  it("does not ask twice at once, nor a server that has spoken", async () => {
    const { stream, sent, heard } = made({ managed: false });
    stream.check();
    stream.check();
    expect(sent).toEqual(["ping"]);
    await turn();
    await vi.advanceTimersByTimeAsync(30_000);
    heard(chat());
    await vi.advanceTimersByTimeAsync(30_000);
    expect(sent).toEqual(["ping"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual(["ping", "ping"]);
  });

  it("ends with the stream", () => {
    const { stream, listening } = made();
    stream.check();
    listening()?.closed(undefined);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the end", () => {
  it("comes when all is acknowledged both ways, and the server has closed too", async () => {
    const { stream, sent, ack, heard, listening, destroyed, lost } = made();
    heard(chat("in"));
    stream.send(chat("out"), message("out"));
    let isOver = false;
    void stream.end(2_000).then(() => (isOver = true));
    await turn();
    expect(sent).toEqual(['<message id="out"/>', request]);
    ack(1);
    await turn();
    expect(sent.slice(2)).toEqual([answer(1), "end"]);
    expect([isOver, destroyed()]).toEqual([false, 0]);
    listening()?.closed(undefined);
    await turn();
    expect([isOver, destroyed(), lost]).toEqual([true, 1, []]);
  });

  it("comes in any case, each part after half of the time", async () => {
    const { stream, sent, storing, destroyed } = made();
    storing.settled = () => new Promise<boolean>(() => undefined);
    stream.send(chat("out"), message("out"));
    let isOver = false;
    void stream.end(2_000).then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(999);
    expect(sent).not.toContain("end");
    await vi.advanceTimersByTimeAsync(1_001);
    expect(sent.at(-1)).toBe("end");
    await vi.advanceTimersByTimeAsync(999);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([isOver, destroyed()]).toEqual([true, 1]);
  });

  it("takes an acknowledgement that comes last of all", async () => {
    const { stream, ack, acknowledged } = made();
    stream.send(chat("out"), message("out"));
    void stream.end(2_000);
    await vi.advanceTimersByTimeAsync(1_000);
    ack(1);
    expect(acknowledged).toEqual(["out"]);
  });

  it("at once says what was had, once, and tells nobody", () => {
    const { stream, sent, destroyed, lost, heard } = made();
    heard(chat("in"));
    stream.destroy();
    stream.destroy();
    expect([sent, destroyed(), lost, vi.getTimerCount()]).toEqual([[answer(0)], 1, [], 0]);
    const uncounted = made({ managed: false });
    uncounted.stream.destroy();
    expect(uncounted.sent).toEqual([]);
  });
});
