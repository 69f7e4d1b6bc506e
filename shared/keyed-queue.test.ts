import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyedQueue } from "./keyed-queue.ts";

const roomy = { maxLength: 1_000 };

describe("a keyed queue", () => {
  it("does work at once where nothing of its key is under way", async () => {
    const queue = new KeyedQueue<string>(roomy);
    expect(queue.run("a", () => 1)).toBe(1);
    const never = new Promise<void>(() => undefined);
    void queue.run("slow", () => never);
    expect(queue.run("fast", () => "done")).toBe("done");
    expect([queue.length, queue.lengthOf("slow"), queue.lengthOf("fast")]).toEqual([1, 1, 0]);
  });

  it("keeps the order of each key, however long work takes and however it ends, and forgets keys without work", async () => {
    const work = fc.record({
      key: fc.constantFrom("a", "b", "c"),
      turns: fc.integer({ min: -1, max: 4 }),
      fails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(work, { maxLength: 30 }), async (pieces) => {
        const queue = new KeyedQueue<string>(roomy);
        const done = new Map<string, number[]>();
        const results = pieces.map(({ key, turns, fails }, index) => {
          const end = (): number => {
            done.set(key, [...(done.get(key) ?? []), index]);
            if (fails) throw new Error("a fault");
            return index;
          };
          const piece = async (): Promise<number> => {
            for (let n = 0; n < turns; n += 1) await Promise.resolve();
            return end();
          };
          try {
            return Promise.resolve(queue.run(key, turns < 0 ? end : piece)).catch(() => -1);
          } catch {
            return Promise.resolve(-1);
          }
        });
        expect(await Promise.all(results)).toEqual(pieces.map(({ fails }, index) => (fails ? -1 : index)));
        for (const order of done.values()) expect(order).toEqual([...order].sort((a, b) => a - b));
        expect([queue.length, ...["a", "b", "c"].map((key) => queue.lengthOf(key))]).toEqual([0, 0, 0, 0]);
      }),
    );
  });

  it("passes on how work ends, and does the next piece after a fault", async () => {
    const queue = new KeyedQueue<string>(roomy);
    const first = Promise.withResolvers<string>();
    const failing = queue.run("a", () => first.promise);
    const next = queue.run("a", async () => "next");
    expect(queue.lengthOf("a")).toBe(2);
    first.reject(new Error("the disk is full"));
    await expect(failing).rejects.toThrow("the disk is full");
    expect(await next).toBe("next");
    expect(() =>
      queue.run("a", () => {
        throw new Error("at once");
      }),
    ).toThrow("at once");
    expect(queue.length).toBe(0);
  });

  it("lets work that a piece hands in under its own key wait for the end of that piece", async () => {
    const queue = new KeyedQueue<string>(roomy);
    const done: string[] = [];
    let inner: unknown;
    queue.run("a", () => {
      inner = queue.run("a", () => void done.push("inner"));
      done.push("outer");
    });
    await inner;
    expect([done, queue.length]).toEqual([["outer", "inner"], 0]);
  });

  it("refuses work over its bounds without doing it, and takes it again when there is room", async () => {
    const queue = new KeyedQueue<string>({ maxLength: 3, maxPerKey: 2 });
    const gate = Promise.withResolvers<void>();
    const done: string[] = [];
    const run = (key: string, name: string) => queue.run(key, () => gate.promise.then(() => void done.push(name)));
    const taken = [run("a", "a1"), run("a", "a2")];
    expect([queue.isFull("a"), queue.isFull("b")]).toEqual([true, false]);
    expect(() => run("a", "a3")).toThrow(expect.objectContaining({ code: "rate-limited" }));
    taken.push(run("b", "b1"));
    expect(() => run("c", "c1")).toThrow(expect.objectContaining({ code: "rate-limited" }));
    gate.resolve();
    await Promise.all(taken);
    await run("a", "a4");
    expect(done.toSorted()).toEqual(["a1", "a2", "a4", "b1"]);
  });

  it("is settled when all that was handed in has ended", async () => {
    const queue = new KeyedQueue<string>(roomy);
    const slow = Promise.withResolvers<void>();
    let isSettled = false;
    void queue.run("a", () => slow.promise);
    const settled = queue.settled().then(() => {
      isSettled = true;
    });
    await Promise.resolve();
    expect(isSettled).toBe(false);
    slow.resolve();
    await settled;
    expect(isSettled).toBe(true);
  });

  it("begins anew when cleared, and counts nothing of before", async () => {
    const queue = new KeyedQueue<string>(roomy);
    const before = Promise.withResolvers<void>();
    const done: string[] = [];
    const former = queue.run("a", () => before.promise);
    const waiting = queue.run("a", async () => void done.push("waiting"));
    queue.clear();
    expect([queue.length, queue.lengthOf("a")]).toEqual([0, 0]);
    const now = Promise.withResolvers<void>();
    const fresh = queue.run("a", () => now.promise);
    before.resolve();
    await Promise.all([former, waiting]);
    expect([done, queue.length, queue.lengthOf("a")]).toEqual([["waiting"], 1, 1]);
    now.resolve();
    await fresh;
    expect(queue.length).toBe(0);
  });
});
