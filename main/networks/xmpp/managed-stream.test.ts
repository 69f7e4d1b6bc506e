import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { HallwayError } from "../../../shared/errors.ts";
import { createManagedStream } from "./managed-stream.ts";
import type { Transport, TransportListener } from "./transport.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("takes every part of a long answer for a sign of life, and silence for none", async () => {
  let listener: TransportListener | undefined;
  const transport: Transport = {
    endpoint: { host: "example.test", port: 5222, transport: "starttls" },
    security: "TLSv1.3",
    key: undefined,
    revocation: "good",
    channelBinding: () => undefined,
    listen: (next) => {
      listener = next;
    },
    open: () => undefined,
    send: () => undefined,
    end: () => undefined,
    destroy: () => undefined,
  };
  const lost: HallwayError[] = [];
  const pings: number[] = [];
  const stream = createManagedStream({
    transport,
    management: undefined,
    stanza: () => undefined,
    acknowledged: () => undefined,
    lost: (error) => lost.push(error),
    isLarge: () => true,
    ping: () => pings.push(performance.now()),
  });
  for (let second = 0; second < 300; second += 5) {
    await vi.advanceTimersByTimeAsync(5_000);
    listener?.heard?.();
  }
  expect([lost, pings]).toEqual([[], []]);
  // Whoever asks, after sleep for instance, has the answer with the next part.
  stream.check();
  await vi.advanceTimersByTimeAsync(5_000);
  listener?.heard?.();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(lost).toEqual([]);
  await vi.advanceTimersByTimeAsync(140_000);
  expect(lost.map(({ code }) => code)).toEqual(["timed-out"]);
});
