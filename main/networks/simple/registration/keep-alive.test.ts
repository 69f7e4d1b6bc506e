import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import type { SipTransport } from "../transports/transport.ts";
import type { UserAgent } from "../user-agent.ts";
import { KeepAlive } from "./keep-alive.ts";

let pongs: boolean;
let answers: boolean;
let asked: string[];
let dead: number;
let keepAlive: KeepAlive;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  pongs = true;
  answers = true;
  asked = [];
  dead = 0;
  const transport = {
    ping: async (timeout: number) => {
      asked.push(`ping ${timeout}`);
      return pongs;
    },
  };
  const agent = {
    request: async ({ method, uri, timeout }: { method: string; uri: string; timeout: number }) => {
      asked.push(`${method} ${uri} ${timeout}`);
      if (!answers) throw new HallwayError("timed-out");
    },
  };
  keepAlive = new KeepAlive({
    agent: agent as unknown as UserAgent,
    transport: transport as unknown as SipTransport,
    domain: "example.test",
    onDead: () => (dead += 1),
  });
});
afterEach(() => {
  keepAlive.end();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("asks every 45 seconds or so, by OPTIONS beside until a pong was seen", async () => {
  keepAlive.start();
  await vi.advanceTimersByTimeAsync(44_999);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual(["ping 10000", "OPTIONS sip:example.test 10000"]);
  await vi.advanceTimersByTimeAsync(90_000);
  expect(asked.slice(2)).toEqual(["ping 10000", "ping 10000"]);
  expect(dead).toBe(0);
});

it("goes on with OPTIONS where the server knows no pings, and takes its answer for a sign of life", async () => {
  pongs = false;
  keepAlive.check(1_000);
  await vi.advanceTimersByTimeAsync(0);
  keepAlive.check(1_000);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.filter((what) => what.startsWith("OPTIONS"))).toHaveLength(2);
  expect(dead).toBe(0);
});

it("takes a pong for a sign of life where OPTIONS is not answered", async () => {
  answers = false;
  keepAlive.check(1_000);
  await vi.advanceTimersByTimeAsync(0);
  expect(dead).toBe(0);
});

it("tells of a server that gives no sign at all, also one that has given some before", async () => {
  keepAlive.check(1_000);
  await vi.advanceTimersByTimeAsync(0);
  pongs = false;
  answers = false;
  keepAlive.check(1_000);
  await vi.advanceTimersByTimeAsync(0);
  expect(dead).toBe(1);
});

it("asks sooner where the server gives a silent connection up sooner, and never later than usual", async () => {
  keepAlive.setFlowTimer(10);
  keepAlive.start();
  await vi.advanceTimersByTimeAsync(9_000);
  expect(asked.filter((what) => what.startsWith("ping"))).toHaveLength(1);
  keepAlive.setFlowTimer(10);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(asked.filter((what) => what.startsWith("ping"))).toHaveLength(2);
  keepAlive.setFlowTimer(600);
  await vi.advanceTimersByTimeAsync(44_999);
  expect(asked.filter((what) => what.startsWith("ping"))).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked.filter((what) => what.startsWith("ping"))).toHaveLength(3);
  keepAlive.setFlowTimer(20);
  keepAlive.setFlowTimer(undefined);
  await vi.advanceTimersByTimeAsync(44_999);
  expect(asked.filter((what) => what.startsWith("ping"))).toHaveLength(3);
});

it("does not ask before its start", async () => {
  keepAlive.setFlowTimer(10);
  await vi.advanceTimersByTimeAsync(100_000);
  expect(asked).toEqual([]);
});

it("ends: asks no more, and tells of nothing that is still asked", async () => {
  pongs = false;
  answers = false;
  keepAlive.start();
  keepAlive.check(1_000);
  keepAlive.end();
  await vi.advanceTimersByTimeAsync(200_000);
  keepAlive.setFlowTimer(10);
  await vi.advanceTimersByTimeAsync(200_000);
  expect(asked).toHaveLength(2);
  expect(dead).toBe(0);
});
