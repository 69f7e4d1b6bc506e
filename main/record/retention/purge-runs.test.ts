import { describe, expect, it } from "vitest";
import { Listeners } from "../../../shared/listeners.ts";
import type { AuditEvent } from "../audit/audit.ts";
import { PurgeRuns } from "./purge-runs.ts";
import type { PurgeCursor, Purged, Removals, Removed, Tally } from "./removals.ts";

const moment = { now: 7, own: new Map() };
const ids = (...names: readonly string[]): Removed["ids"] => new Map([["c", names]]);
const late = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a run over all that is stored", () => {
  const at = (seq: number): PurgeCursor => ({ layer: 0, pass: "age", at: 0, seq });
  const tally: Tally = { rule: "HistoryRetentionDays", cutoff: Date.UTC(2026, 0, 1), messages: 3 };

  function runs(steps: readonly Purged[], options: { readonly tallies?: readonly (readonly Tally[])[] } = {}) {
    const calls: unknown[] = [];
    const told: unknown[] = [];
    const failures: unknown[] = [];
    const left = [...steps];
    const tallies = [...(options.tallies ?? [])];
    let rewrites = 2;
    const during: { purge: () => void } = { purge: () => undefined };
    const say = async <T>(name: string, answer: T, ...args: readonly unknown[]): Promise<T> => {
      calls.push([name, ...args]);
      if (name === "purge") during.purge();
      await late();
      return answer;
    };
    const removals = {
      purgeSome: (cursor: unknown) =>
        say("purge", left.shift() ?? { ids: new Map(), summaries: [], next: undefined }, cursor),
      tallies: () => say("tallies", tallies.shift() ?? []),
      audited: (which: unknown) => say("audited", undefined, which),
      rewriteIndexSome: (begin: boolean) => say("rewrite", --rewrites > 0, begin),
      scrub: () => say("scrub", undefined),
    } as unknown as Removals;
    const removed = new Listeners<Removed>();
    removed.add((step) => void told.push([...step.ids.values()].flat()));
    const refusals: Error[] = [];
    const audit = {
      async record({ details }: AuditEvent) {
        const refusal = refusals.shift();
        if (refusal) throw refusal;
        calls.push(["audit", details]);
      },
    };
    const made = new PurgeRuns({
      removals,
      audit,
      removed,
      moment: () => moment,
      minimumDays: () => 4,
      onFailed: (error) => void failures.push(error),
    });
    const names = (): unknown[] => calls.map((call) => (call as readonly unknown[])[0]);
    return { made, calls, told, failures, names, refusals, during };
  }
  const step = (next: PurgeCursor | undefined, ...names: readonly string[]): Purged => ({
    ids: names.length === 0 ? new Map() : ids(...names),
    summaries: [],
    next,
  });

  it("goes on from step to step, tells what went, and leaves the files alone where nothing did", async () => {
    const { made, calls, told, names } = runs([step(at(1)), step(at(2), "a"), step(undefined)]);
    made.begin();
    await made.idle();
    expect([names(), told]).toEqual([["tallies", "purge", "purge", "purge", "tallies", "tallies"], [["a"]]]);
    expect(calls.filter((call) => (call as readonly unknown[])[0] === "purge")).toEqual([
      ["purge", undefined],
      ["purge", at(1)],
      ["purge", at(2)],
    ]);
  });

  it("writes the index anew, empties the database's log, and then tells the audit log, where something went", async () => {
    const { made, calls, names } = runs([step(undefined, "a")], { tallies: [[], [tally], [tally]] });
    made.begin();
    await made.idle();
    expect(names()).toEqual([
      "tallies",
      "purge",
      "tallies",
      "rewrite",
      "rewrite",
      "scrub",
      "tallies",
      "audit",
      "audited",
    ]);
    expect(calls.slice(3, 5)).toEqual([
      ["rewrite", true],
      ["rewrite", false],
    ]);
    expect(calls.slice(-2)).toEqual([
      [
        "audit",
        {
          rule: "HistoryRetentionDays",
          arrivedUntil: "2026-01-01T00:00:00.000Z",
          messages: 3,
          minimumDays: 4,
        },
      ],
      ["audited", [tally]],
    ]);
  });

  it("that was broken off before is told first, and its traces go too", async () => {
    const { made, names } = runs([], { tallies: [[tally]] });
    made.begin();
    await made.idle();
    expect(names()).toEqual(["tallies", "audit", "audited", "purge", "rewrite", "rewrite", "scrub", "tallies"]);
  });

  it("takes nothing more while the audit log does not take what went, and is told to have failed, once", async () => {
    const { made, names, failures, refusals } = runs([], { tallies: [[tally], [tally]] });
    refusals.push(new Error("full"));
    made.begin();
    await made.idle();
    expect([names(), failures.length]).toEqual([["tallies"], 1]);
    made.begin();
    await made.idle();
    expect([names().slice(0, 5), failures.length]).toEqual([["tallies", "tallies", "audit", "audited", "purge"], 1]);
  });

  it("is followed by one more where something changed meanwhile, however often", async () => {
    const { made, names } = runs([]);
    for (let times = 0; times < 3; times++) made.begin();
    await made.idle();
    expect(names().filter((name) => name === "purge")).toHaveLength(2);
    made.begin();
    await made.idle();
    expect(names().filter((name) => name === "purge")).toHaveLength(3);
  });

  it("ends soon once it is closed, and none begins after that", async () => {
    const { made, names, failures, during } = runs([step(at(1)), step(at(2))]);
    during.purge = () => made.close();
    made.begin();
    made.begin();
    await made.idle();
    expect([names(), failures]).toEqual([["tallies", "purge"], []]);
    made.begin();
    await made.idle();
    expect(names()).toHaveLength(2);
  });
});
