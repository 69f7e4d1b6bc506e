import { describe, expect, it } from "vitest";
import { Listeners } from "../../../shared/listeners.ts";
import type { ConversationSummary } from "../../history/history.ts";
import type { LegalHold } from "../../history/keeping-policy.ts";
import type { Profile } from "../../profile/profile.ts";
import type { AuditEvent } from "../audit/audit.ts";
import { hide } from "./hiding.ts";
import { auditHolds } from "./hold-ledger.ts";
import type { Hidden, HideCursor, Removals, Removed, Withdrawn } from "./removals.ts";
import { retentionPolicy } from "./retention-policy.ts";

const moment = { now: 7, own: new Map() };
const nothing: Hidden = {
  ids: new Map(),
  summaries: [],
  erased: 0,
  kept: 0,
  held: false,
  until: undefined,
  withdrawn: [],
  next: undefined,
};
const ids = (...names: readonly string[]): Removed["ids"] => new Map([["c", names]]);
const late = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("what the person deletes", () => {
  const cursor = (seq: number): HideCursor => ({ layer: 0, conversation: 1, at: 0, seq, upTo: 9 });

  /** Hides by steps that answer late; answers what was asked, told and found. */
  async function hiding(steps: readonly Hidden[], what: Parameters<typeof hide>[0]) {
    const asked: unknown[] = [];
    const told: unknown[] = [];
    const removed = new Listeners<Removed>();
    const withdrawn = new Listeners<Withdrawn>();
    removed.add((step) => void told.push([...step.ids.values()].flat()));
    withdrawn.add(({ id }) => void told.push(id));
    const left = [...steps];
    const removals = {
      async hideSome(...args: readonly unknown[]) {
        asked.push(args);
        await late();
        return left.shift() ?? nothing;
      },
    } as unknown as Removals;
    const result = await hide(what, { removals, removed, withdrawn, moment: () => moment });
    return { result, asked, told };
  }

  it("goes step by step, is told in its order, and is counted over all of them", async () => {
    const summary = { conversationId: "c" } as ConversationSummary;
    const { result, asked, told } = await hiding(
      [
        { ...nothing, ids: ids("a"), erased: 1, kept: 2, until: 50, next: cursor(1) },
        { ...nothing, next: cursor(2) },
        { ...nothing, summaries: [summary], held: true, kept: 1, until: 40, next: cursor(3) },
        { ...nothing, ids: ids("b"), erased: 3, withdrawn: [{ accountId: "x", id: "w" }] },
      ],
      { all: true },
    );
    expect(result).toEqual({ deleted: 4, kept: 3, held: true, until: 50 });
    expect(told).toEqual([["a"], [], "w", ["b"]]);
    expect(asked).toEqual([undefined, cursor(1), cursor(2), cursor(3)].map((next) => [{ all: true }, next, moment]));
  });

  it("says of no time where none was said", async () => {
    const { result } = await hiding([nothing], { accountId: "x" });
    expect(result).toEqual({ deleted: 0, kept: 0, held: false });
  });

  it("goes twenty messages at a time where they are named one by one", async () => {
    const names = Array.from({ length: 41 }, (_, n) => `m${n}`);
    const step = (until: number | undefined, held = false): Hidden => ({ ...nothing, erased: 1, kept: 2, until, held });
    const { result, asked } = await hiding([step(undefined), step(3, true), step(2)], {
      conversationId: "c",
      messageIds: names,
    });
    const sizes = asked.map((args) => (args as [{ messageIds: readonly string[] }])[0].messageIds);
    expect(sizes.map(({ length }) => length).sort()).toEqual([1, 20, 20]);
    expect(sizes.flat().sort()).toEqual([...names].sort());
    expect(result).toEqual({ deleted: 3, kept: 6, held: true, until: 3 });
    const whole = await hiding([], { conversationId: "c", messageIds: names.slice(0, 20) });
    expect(whole.asked).toHaveLength(1);
  });
});

describe("legal holds in the audit log", () => {
  const hold: LegalHold = { type: "address", address: "bob@x.example", matter: "A" };
  const room: LegalHold = { type: "room", address: "room@x.example", matter: "B", from: "2026-01-01" };
  const all: LegalHold = { type: "everything", matter: "C" };
  const domain: LegalHold = { type: "domain", domain: "x.example", matter: "D", to: "2026-01-01" };

  async function written(holds: readonly LegalHold[], before: string | undefined, refuses = false) {
    const order: string[] = [];
    let kept = before;
    const profile = {
      get: async () => kept,
      put: async ([entry]: readonly [{ readonly value: string }]) => {
        order.push("kept");
        kept = entry.value;
      },
    } as unknown as Profile;
    const events: AuditEvent[] = [];
    const record = async (event: AuditEvent): Promise<void> => {
      await late();
      if (refuses) throw new Error("full");
      order.push(event.action);
      events.push(event);
    };
    await auditHolds(holds, profile, { record }).catch((error: Error) => void order.push(error.message));
    return { order, events, kept };
  }

  it("stand there when they are set and when they are lifted, each once, before that is remembered", async () => {
    const first = await written([hold, room, all, domain], undefined);
    expect(first.order).toEqual(["set", "set", "set", "set", "kept"]);
    expect(first.events.map(({ details }) => details)).toEqual([
      { type: "address", subject: "bob@x.example", matter: "A", from: null, to: null },
      { type: "room", subject: "room@x.example", matter: "B", from: "2026-01-01", to: null },
      { type: "everything", subject: null, matter: "C", from: null, to: null },
      { type: "domain", subject: "x.example", matter: "D", from: null, to: "2026-01-01" },
    ]);
    const reordered = { matter: "A", address: "bob@x.example", type: "address" } as const;
    expect((await written([reordered, domain, all, room], first.kept)).order).toEqual([]);
    const second = await written([hold, all, domain], first.kept);
    expect([second.order, second.events[0]?.details["subject"]]).toEqual([["lifted", "kept"], "room@x.example"]);
    const third = await written([], second.kept);
    expect([third.order, third.kept]).toEqual([["lifted", "lifted", "lifted", "kept"], "[]"]);
  });

  it("that the log does not take are not remembered as written", async () => {
    expect(await written([hold], undefined, true)).toEqual({ order: ["full"], events: [], kept: undefined });
  });

  it("of which nothing can be read count as none", async () => {
    for (const text of ["{", "{}", "null", '["no object", "null", "1", 5]'])
      expect((await written([hold], text)).order, text).toEqual(["set", "kept"]);
    expect((await written([], undefined)).order).toEqual([]);
  });
});

it("whoever may not delete may not have it deleted by a retention of their own choice", () => {
  const values: Record<string, unknown> = {
    HistoryRetentionDays: 1,
    HistoryRetentionExternalDays: 2,
    HistoryMinimumDays: 3,
    HistoryDeleteEnabled: true,
    LegalHoldSubjects: [{ type: "everything", matter: "A" }],
    AllowedDomains: ["x.example"],
  };
  const read = (origin: "user" | "policy") =>
    retentionPolicy(((key: string) => values[key]) as never, (key) =>
      key === "HistoryRetentionDays" ? origin : "policy",
    );
  const policy = {
    retentionDays: 1,
    externalDays: 2,
    minimumDays: 3,
    deleteEnabled: true,
    holds: values["LegalHoldSubjects"],
    allowedDomains: ["x.example"],
  };
  expect(read("user")).toEqual(policy);
  values["HistoryDeleteEnabled"] = false;
  expect([read("user"), read("policy")]).toEqual([
    { ...policy, retentionDays: 0, deleteEnabled: false },
    { ...policy, deleteEnabled: false },
  ]);
});
