import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lanes } from "./lanes.ts";

describe("lanes", () => {
  it("do what is handed in at once where nothing is in the way", () => {
    expect(new Lanes().run("a", () => 1)).toBe(1);
  });

  it("keep the order within each, whatever takes how long and whatever fails", async () => {
    const work = fc.record({
      lane: fc.constantFrom("a", "b", "c"),
      turns: fc.integer({ min: -1, max: 4 }),
      fails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(work, { maxLength: 30 }), async (pieces) => {
        const lanes = new Lanes();
        const done = new Map<string, number[]>();
        const results = pieces.map(({ lane, turns, fails }, index) => {
          const end = (): number => {
            done.set(lane, [...(done.get(lane) ?? []), index]);
            if (fails) throw new Error("a fault");
            return index;
          };
          const piece = async (): Promise<number> => {
            for (let n = 0; n < turns; n += 1) await Promise.resolve();
            return end();
          };
          try {
            return Promise.resolve(lanes.run(lane, turns < 0 ? end : piece)).catch(() => -1);
          } catch {
            return Promise.resolve(-1);
          }
        });
        const got = await Promise.all(results);
        expect(got).toEqual(pieces.map(({ fails }, index) => (fails ? -1 : index)));
        for (const order of done.values()) expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(lanes.waiting).toBe(0);
      }),
    );
  });

  it("do not wait for each other", async () => {
    const lanes = new Lanes();
    const never = lanes.run("slow", () => new Promise(() => undefined));
    expect(lanes.run("fast", () => "done")).toBe("done");
    expect(never).toBeInstanceOf(Promise);
    expect(lanes.waiting).toBe(1);
  });

  it("are settled when all that was handed in is done", async () => {
    const lanes = new Lanes();
    const { promise, resolve } = Promise.withResolvers<void>();
    let isSettled = false;
    void lanes.run("a", () => promise);
    const settled = lanes.settled().then(() => {
      isSettled = true;
    });
    await Promise.resolve();
    expect(isSettled).toBe(false);
    resolve();
    await settled;
    expect(isSettled).toBe(true);
  });
});
