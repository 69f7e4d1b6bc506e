import { afterEach, describe, expect, it, vi } from "vitest";
import type { ErrorInfo } from "../../../shared/errors.ts";
import { type Destination, NotNow, type Parcel, Refused } from "./destinations/destination.ts";
import { Feeder } from "./feeder.ts";

let feeder: Feeder<number> | undefined;
afterEach(() => feeder?.close());

/** A queue of numbers and what becomes of them. */
function start(count: number, deliver: (ids: readonly string[]) => void) {
  let queue = Array.from({ length: count }, (_, n) => n);
  const taken: number[] = [];
  const refused: number[] = [];
  const states: (ErrorInfo | undefined)[] = [];
  let destination: Destination | undefined = {
    deliver: async (parcels) => deliver(parcels.map(({ id }) => id)),
    probe: async () => undefined,
  };
  const made = new Feeder<number>({
    head: async (limit) => queue.slice(0, Math.min(limit, 8)),
    async taken(items) {
      queue = queue.filter((n) => !items.includes(n));
      taken.push(...items);
    },
    async refused(item) {
      queue = queue.filter((n) => n !== item);
      refused.push(item);
    },
    parcel: (n) => ({ id: String(n) }) as Parcel,
    destination: () => destination,
    onState: (state) => states.push(state),
    firstWait: 2,
  });
  feeder = made;
  made.start();
  return {
    feeder: made,
    taken,
    refused,
    states,
    add: (n: number) => void queue.push(n),
    move(next: Destination | undefined) {
      destination = next;
      made.changed();
    },
  };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe("feeder", () => {
  it("delivers in order, and again what may not have arrived", async () => {
    let tries = 0;
    const { taken, states } = start(20, () => {
      tries += 1;
      if (tries % 2 === 1) throw new NotNow("ECONNRESET");
    });
    await vi.waitFor(() => expect(taken).toEqual(upTo(20)));
    expect(states.filter((state) => state !== undefined)).toContainEqual({
      code: "archive-unreachable",
      params: { reason: "ECONNRESET" },
    });
    expect(states.at(-1)).toBeUndefined();
  });

  it("sets aside only what is refused for ever, and nothing waits behind it", async () => {
    const { taken, refused } = start(20, (ids) => {
      if (ids.includes("3") || ids.includes("13")) throw new Refused("HTTP 422");
    });
    await vi.waitFor(() => expect(taken).toEqual(upTo(20).filter((n) => n !== 3 && n !== 13)));
    expect(refused).toEqual([3, 13]);
  });

  it("rests without a destination, says so, and goes on when there is one", async () => {
    const { taken, states, move, add, feeder: running } = start(3, () => undefined);
    await vi.waitFor(() => expect(taken).toEqual([0, 1, 2]));
    move(undefined);
    await vi.waitFor(() =>
      expect(states.at(-1)).toEqual({ code: "archive-unreachable", params: { reason: "not-set" } }),
    );
    add(3);
    running.wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toEqual([0, 1, 2]);
    move({ deliver: async () => undefined, probe: async () => undefined });
    await vi.waitFor(() => expect(taken).toEqual([0, 1, 2, 3]));
    expect(states.at(-1)).toBeUndefined();
  });

  it("leaves a destination that is not the one any more, whatever is under way there", async () => {
    const { taken, states, move, add, feeder: running } = start(3, () => undefined);
    await vi.waitFor(() => expect(taken).toEqual([0, 1, 2]));
    let begun = 0;
    move({
      deliver: (_, signal) =>
        new Promise((__, reject) => {
          begun += 1;
          signal.addEventListener("abort", () => reject(new NotNow("cancelled")), { once: true });
        }),
      probe: async () => undefined,
    });
    add(3);
    running.wake();
    await vi.waitFor(() => expect(begun).toBe(1));
    // The same one goes on with what it has.
    running.changed();
    move({ deliver: async () => undefined, probe: async () => undefined });
    await vi.waitFor(() => expect(taken).toEqual([0, 1, 2, 3]));
    expect(begun).toBe(1);
    // That it was left is no trouble.
    expect(states.every((state) => state === undefined)).toBe(true);
  });
});
