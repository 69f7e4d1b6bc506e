import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pacer, type Urgency } from "./pacer.ts";
import { Paces } from "./paces.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const options = { limit: 14, background: 10, window: 2_300, now: () => Date.now() };

describe("Pacer", () => {
  it("never lets more out in a window than it says, whenever they come, and all of them in the end", async () => {
    const request = fc.record({
      after: fc.integer({ min: 0, max: 900 }),
      urgency: fc.constantFrom<Urgency>("vital", "prompt", "background"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 80 }), async (requests) => {
        const pacer = new Pacer(options);
        const sent: number[] = [];
        for (const { after, urgency } of requests) {
          await vi.advanceTimersByTimeAsync(after);
          const turn = pacer.turn(urgency, pacer);
          if (turn) void turn.then(() => sent.push(Date.now()));
          else sent.push(Date.now());
        }
        await vi.advanceTimersByTimeAsync(60_000);
        expect(sent).toHaveLength(requests.length);
        for (const at of sent)
          expect(sent.filter((other) => other > at - 2_300 && other <= at).length).toBeLessThanOrEqual(14);
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps room for what a person waits for while a thousand others wait", async () => {
    const pacer = new Pacer(options);
    const order: string[] = [];
    const send = (urgency: Urgency, name: string): void => {
      const turn = pacer.turn(urgency, pacer);
      if (turn) void turn.then(() => order.push(name));
      else order.push(name);
    };
    for (let n = 0; n < 1_000; n += 1) send("background", `subscribe ${n}`);
    expect(order).toHaveLength(10);
    send("prompt", "message");
    expect(order.at(-1)).toBe("message");
    for (let n = 0; n < 4; n += 1) send("prompt", `message ${n}`);
    await vi.advanceTimersByTimeAsync(2_300);
    expect(order.indexOf("message 3")).toBeLessThan(order.indexOf("subscribe 10"));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(order.filter((name) => name.startsWith("subscribe"))).toEqual(
      Array.from({ length: 1_000 }, (_, n) => `subscribe ${n}`),
    );
  });

  it("lets what the connection hangs on go before all that waits, and counts it", async () => {
    const pacer = new Pacer(options);
    const order: string[] = [];
    for (let n = 0; n < 150; n += 1) void pacer.turn("prompt", pacer)?.then(() => order.push("prompt"));
    void pacer.turn("vital", pacer)?.then(() => order.push("vital"));
    await vi.advanceTimersByTimeAsync(2_300);
    expect(order).toEqual(["vital", ...Array.from({ length: 13 }, () => "prompt")]);
  });

  it("lets go of what one connection waits for, and counts what it sent against the next one", async () => {
    const pacer = new Pacer(options);
    const [lost, next] = [{}, {}];
    for (let n = 0; n < 14; n += 1) expect(pacer.turn("prompt", lost)).toBeUndefined();
    const waiting = Array.from({ length: 100 }, (_, n) => pacer.turn(n % 2 ? "background" : "prompt", lost));
    const again = pacer.turn("prompt", next);
    let gone = false;
    void again?.then(() => {
      gone = true;
    });
    pacer.letGo(lost);
    await Promise.all(waiting);
    expect(gone).toBe(false);
    await vi.advanceTimersByTimeAsync(2_299);
    expect(gone).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(gone).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("Paces", () => {
  it("has one pace for a server, and another one for the next", () => {
    const paces = new Paces();
    expect(paces.of("192.0.2.1")).toBe(paces.of("192.0.2.1"));
    expect(paces.of("192.0.2.1")).not.toBe(paces.of("192.0.2.2"));
  });
});
