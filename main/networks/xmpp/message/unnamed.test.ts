import { expect, it } from "vitest";
import { Unnamed } from "./unnamed.ts";

const minutes = 60_000;
const plain = { via: "live", id: undefined, at: undefined, wantsDelivered: false, wantsRead: false } as const;

it("tells of one kind of thing again after ten minutes, and not a moment before", () => {
  let now = 100 * minutes;
  const unnamed = new Unnamed(() => now);
  const tells = (peer = "bob@example.test", what = "a") => unnamed.mayTell(plain, peer, what);
  expect([tells(), tells()]).toEqual([true, false]);
  // Another person, and another kind.
  expect([tells("carol@example.test"), tells("bob@example.test", "b")]).toEqual([true, true]);
  now += 10 * minutes - 1;
  expect(tells()).toBe(false);
  now += 1;
  expect([tells(), tells()]).toEqual([true, false]);
});

it("tells each time of what its sender wants to know the arrival or the reading of", () => {
  const unnamed = new Unnamed(() => 0);
  for (const wants of [{ wantsDelivered: true }, { wantsRead: true }, { wantsDelivered: true }])
    expect(unnamed.mayTell({ ...plain, ...wants }, "bob@example.test", "a")).toBe(true);
  expect(unnamed.mayTell(plain, "bob@example.test", "a")).toBe(true);
});

it("remembers five hundred kinds, live and of the archive, and forgets the one told of longest ago", () => {
  for (const via of ["live", "archive"] as const) {
    const unnamed = new Unnamed(() => 0);
    const tells = (n: number, id?: string) => unnamed.mayTell({ ...plain, via, at: 0, id }, `p${n}@example.test`, "a");
    for (let n = 0; n < 500; n += 1) expect(tells(n, "first")).toBe(true);
    expect([tells(0, "again"), tells(499, "again")], via).toEqual([false, false]);
    expect(tells(500), via).toBe(true);
    expect([tells(1, "again"), tells(0, "again")], via).toEqual([false, true]);
  }
});

it("tells of what a page of the archive brings a second time, and of nothing else near it", () => {
  const unnamed = new Unnamed(() => 0);
  const tells = (id: string | undefined, at: number, via: "live" | "archive" = "archive") =>
    unnamed.mayTell({ ...plain, via, id, at }, "bob@example.test", "a");
  expect([tells("x", 50 * minutes), tells("x", 50 * minutes)]).toEqual([true, true]);
  expect([tells("y", 50 * minutes), tells("x", 51 * minutes), tells("x", 41 * minutes)]).toEqual([false, false, false]);
  expect(tells("y", 60 * minutes)).toBe(true);
});

it("tells of what was told live when the archive brings the same, and of no other that is near", () => {
  const unnamed = () => {
    const one = new Unnamed(() => 50 * minutes);
    one.mayTell({ ...plain, id: "x" }, "bob@example.test", "a");
    return one;
  };
  const archived = (id: string | undefined, at: number | undefined) =>
    unnamed().mayTell({ ...plain, via: "archive", id, at }, "bob@example.test", "a");
  expect([archived("x", 50 * minutes), archived("x", undefined)]).toEqual([true, true]);
  expect([archived("y", 50 * minutes), archived(undefined, 50 * minutes)]).toEqual([false, false]);
  expect(archived("y", 60 * minutes)).toBe(true);
});
