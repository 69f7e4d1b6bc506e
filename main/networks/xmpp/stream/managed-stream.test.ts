import xml from "@xmpp/xml";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { HallwayError } from "../../../../shared/errors.ts";
import { ManagedStream } from "./managed-stream.ts";
import { StreamManagement } from "./stream-management.ts";
import type { Transport, TransportListener } from "./transport.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("takes every part of a long answer for a sign of life, and silence for none", async () => {
  let answer = (): void => undefined;
  let listener: TransportListener | undefined;
  const transport = silentTransport((next) => {
    listener = next;
  });
  const lost: HallwayError[] = [];
  const pings: number[] = [];
  const stream = new ManagedStream({
    transport,
    management: undefined,
    stanza: () => undefined,
    stored: async () => true,
    acknowledged: () => undefined,
    maxBytes: () => 262_144,
    lost: (error) => lost.push(error),
    isLarge: () => true,
    ping: () => {
      pings.push(performance.now());
      return new Promise<void>((resolve) => {
        answer = resolve;
      });
    },
  });
  for (let second = 0; second < 300; second += 5) {
    await vi.advanceTimersByTimeAsync(5_000);
    listener?.heard?.();
  }
  expect([lost, pings]).toEqual([[], []]);
  // Whoever asks, after sleep for instance, has the answer behind what was on its way already.
  stream.check();
  for (let second = 0; second < 60; second += 5) {
    await vi.advanceTimersByTimeAsync(5_000);
    listener?.heard?.();
  }
  answer();
  await vi.advanceTimersByTimeAsync(20_000);
  expect([lost, pings.length]).toEqual([[], 1]);
  await vi.advanceTimersByTimeAsync(140_000);
  expect(lost.map(({ code }) => code)).toEqual(["timed-out"]);
});

it("does not take what was on its way before for the answer to a check", async () => {
  let listener: TransportListener | undefined;
  const lost: HallwayError[] = [];
  const stream = new ManagedStream({
    transport: silentTransport((next) => {
      listener = next;
    }),
    management: undefined,
    stanza: () => undefined,
    stored: async () => true,
    acknowledged: () => undefined,
    maxBytes: () => 262_144,
    lost: (error) => lost.push(error),
    isLarge: () => true,
    ping: () => new Promise<void>(() => undefined),
  });
  stream.check();
  listener?.heard?.();
  await vi.advanceTimersByTimeAsync(11_000);
  expect(lost.map(({ code }) => code)).toEqual(["timed-out"]);
});

/** Connected to nothing; `listen` is handed who listens. */
function silentTransport(listen: (listener: TransportListener) => void): Transport {
  return {
    endpoint: { host: "example.test", port: 5222, transport: "starttls" },
    security: "TLSv1.3",
    key: undefined,
    revocation: "good",
    channelBinding: () => undefined,
    listen,
    open: () => undefined,
    send: () => undefined,
    end: () => undefined,
    destroy: () => undefined,
  };
}

it.each([
  [20, 10_000],
  [1, 1_000],
  [1_000_000, undefined],
  [undefined, undefined],
])(
  "says something within the %j seconds that a server lets pass, however much it says itself",
  async (idleSeconds, atMost) => {
    let listener: TransportListener | undefined;
    const said: number[] = [0];
    const began = performance.now();
    const transport = silentTransport((next) => {
      listener = next;
    });
    const send = (text: string): void => {
      said.push(performance.now() - began);
      if (text.startsWith("<r ")) listener?.element(xml("a", { xmlns: "urn:xmpp:sm:3", h: "0" }));
    };
    const stream = new ManagedStream({
      transport: { ...transport, send },
      management: new StreamManagement(xml("enabled", { xmlns: "urn:xmpp:sm:3" })),
      stanza: () => undefined,
      stored: async () => true,
      acknowledged: () => undefined,
      maxBytes: () => 262_144,
      idleSeconds,
      lost: () => expect.unreachable(),
      isLarge: () => false,
      ping: async () => undefined,
    });
    for (let passed = 0; passed < 120_000; passed += 500) {
      await vi.advanceTimersByTimeAsync(500);
      listener?.heard?.();
    }
    stream.destroy();
    const gaps = said.map((at, index) => (said[index + 1] ?? 120_000) - at);
    if (atMost === undefined) expect(said.length).toBeLessThan(3);
    else expect(Math.max(...gaps)).toBeLessThanOrEqual(1.5 * atMost);
  },
);

it("waits no longer for what a lost stream would have acknowledged", async () => {
  let listener: TransportListener | undefined;
  const lost: HallwayError[] = [];
  const stream = new ManagedStream({
    transport: silentTransport((next) => {
      listener = next;
    }),
    management: new StreamManagement(xml("enabled", { xmlns: "urn:xmpp:sm:3" })),
    stanza: () => undefined,
    stored: async () => true,
    acknowledged: () => undefined,
    maxBytes: () => 262_144,
    lost: (error) => lost.push(error),
    isLarge: () => false,
    ping: async () => undefined,
  });
  stream.send(xml("message", { to: "bob@example.test" }));
  let ended = false;
  void stream.end(60_000).then(() => {
    ended = true;
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect([ended, lost]).toEqual([false, []]);
  listener?.closed(undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(ended).toBe(true);
});

it("allows 16 MiB to an answer that was asked for and is large, and nothing more than usual to others", () => {
  let listener: TransportListener | undefined;
  new ManagedStream({
    transport: silentTransport((next) => {
      listener = next;
    }),
    management: undefined,
    stanza: () => undefined,
    stored: async () => true,
    acknowledged: () => undefined,
    maxBytes: () => 262_144,
    lost: () => undefined,
    isLarge: ({ attrs }) => attrs["id"] === "roster",
    ping: async () => undefined,
  });
  const allowance = (id: string) => listener?.allowance?.(xml("iq", { id }));
  expect([allowance("roster"), allowance("other")]).toEqual([16_777_216, undefined]);
});
