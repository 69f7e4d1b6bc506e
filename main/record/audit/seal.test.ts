import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import type { AuditPosition } from "./entry.ts";
import { readSeal, Seal, sealNothing } from "./seal.ts";

const head = (n: number): AuditPosition => ({ n, hash: String(n % 10).repeat(64) });

let written: number[];
let kept: string | undefined;
let fails: boolean;
let told: string[];
let secrets: Secrets;
beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  kept = undefined;
  fails = false;
  told = [];
  secrets = {
    get: async () => kept,
    async set(_name, value) {
      // The secret store takes its time.
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (fails) throw new HallwayError("vault-unavailable");
      kept = value;
      written.push((JSON.parse(value) as AuditPosition).n);
    },
    delete: async () => undefined,
  };
});
afterEach(() => vi.useRealTimers());

const make = (): Seal => new Seal({ secrets, within: 1_000, onTrouble: ({ code }) => void told.push(code) });

it("many heads in one second are sealed once, as the last of them", async () => {
  const seal = make();
  for (let n = 1; n <= 5; n++) seal.put(head(n));
  await vi.advanceTimersByTimeAsync(999);
  expect(written).toEqual([]);
  await vi.advanceTimersByTimeAsync(101);
  expect([written, await readSeal(secrets)]).toEqual([[5], head(5)]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(written).toEqual([5]);
  seal.put(head(6));
  await vi.advanceTimersByTimeAsync(1_100);
  expect(written).toEqual([5, 6]);
});

it("a head that comes while another is sealed is sealed after it, and closing waits for both", async () => {
  const seal = make();
  seal.put({ ...head(1), stopped: true } as AuditPosition);
  await vi.advanceTimersByTimeAsync(1_050);
  seal.put(head(2));
  const closing = seal.close();
  await vi.advanceTimersByTimeAsync(50);
  expect([written, kept]).toEqual([[1], JSON.stringify(head(1))]);
  await vi.advanceTimersByTimeAsync(100);
  await closing;
  expect([written, vi.getTimerCount()]).toEqual([[1, 2], 0]);
});

it("trouble is told once until it is over, and what could not be sealed is sealed at the next try", async () => {
  const seal = make();
  fails = true;
  seal.put(head(1));
  await vi.advanceTimersByTimeAsync(1_100);
  seal.put(head(2));
  await vi.advanceTimersByTimeAsync(1_050);
  // A newer one counts, not the one that failed.
  seal.put(head(3));
  await vi.advanceTimersByTimeAsync(50);
  expect([told, written]).toEqual([["vault-unavailable"], []]);
  fails = false;
  const closing = seal.close();
  await vi.advanceTimersByTimeAsync(100);
  await closing;
  expect(written).toEqual([3]);
  fails = true;
  seal.put(head(4));
  await vi.advanceTimersByTimeAsync(1_100);
  expect(told).toHaveLength(2);
  fails = false;
  const end = seal.close();
  await vi.advanceTimersByTimeAsync(100);
  await end;
  expect(written).toEqual([3, 4]);
});

it("a seal that is gone, or none, is no seal; one of nothing is one", async () => {
  for (const text of [undefined, "", "{", "null", "[]", '{"n":1,"hash":"short"}', '{"n":-1,"hash":""}']) {
    kept = text;
    expect(await readSeal(secrets), String(text)).toBeUndefined();
  }
  const sealing = sealNothing(secrets);
  await vi.advanceTimersByTimeAsync(100);
  await sealing;
  expect(await readSeal(secrets)).toEqual({ n: 0, hash: "" });
});
