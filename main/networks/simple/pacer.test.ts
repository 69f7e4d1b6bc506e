import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pacer, type Urgency } from "./pacer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const options = { limit: 14, background: 10, window: 2_300, now: () => Date.now() };

describe("Pacer", () => {
  it("never lets more out in a window than it says, whenever they come, and all of them in the end", async () => {
    const request = fc.record({ after: fc.integer({ min: 0, max: 900 }), urgency: fc.constantFrom<Urgency>("prompt", "background") });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 80 }), async (requests) => {
        const pacer = new Pacer(options);
        const sent: number[] = [];
        for (const { after, urgency } of requests) {
          await vi.advanceTimersByTimeAsync(after);
          const turn = pacer.turn(urgency);
          if (turn) void turn.then(() => sent.push(Date.now()));
          else sent.push(Date.now());
        }
        await vi.advanceTimersByTimeAsync(60_000);
        expect(sent).toHaveLength(requests.length);
        for (const at of sent) expect(sent.filter((other) => other > at - 2_300 && other <= at).length).toBeLessThanOrEqual(14);
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps room for what a person waits for while a thousand others wait", async () => {
    const pacer = new Pacer(options);
    const order: string[] = [];
    const send = (urgency: Urgency, name: string): void => {
      const turn = pacer.turn(urgency);
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
    expect(order.filter((name) => name.startsWith("subscribe"))).toEqual(Array.from({ length: 1_000 }, (_, n) => `subscribe ${n}`));
  });

  it("lets go of all that waits at its end", async () => {
    const pacer = new Pacer(options);
    const waiting = Array.from({ length: 100 }, () => pacer.turn("background"));
    pacer.end();
    await Promise.all(waiting);
    expect(pacer.turn("prompt")).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});
