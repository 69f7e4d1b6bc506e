import { beforeEach, describe, expect, it } from "vitest";
import type { Profile } from "../../profile/profile.ts";
import type { PolicyProblem, PolicyValue } from "../../settings/sources/source.ts";
import type { AuditEvent } from "./audit.ts";
import { PolicyAudit } from "./policy-audit.ts";

const source = "/a.json";
const malformed: PolicyProblem = { kind: "malformed", source, line: 3, detail: "Line 3." };

let kept: string | undefined;
let puts: number;
let writes: boolean;
let mandatory: Map<string, PolicyValue>;
let recommended: Map<string, PolicyValue>;
let problems: PolicyProblem[];
let events: AuditEvent[];

beforeEach(() => {
  [kept, puts, writes, events, problems] = [undefined, 0, true, [], []];
  [mandatory, recommended] = [new Map(), new Map()];
});

/** The audit of a program that has just started, over what earlier ones have kept. */
function start(): () => Promise<void> {
  const profile: Pick<Profile, "get" | "put"> = {
    get: async () => kept,
    put: async ([entry]) => {
      kept = entry?.value;
      puts += 1;
    },
  };
  const policies = {
    get snapshot() {
      return { mandatory, recommended };
    },
    get problems() {
      return problems;
    },
  };
  const record = async (event: AuditEvent): Promise<void> => void events.push(event);
  const audit = new PolicyAudit({
    policies,
    profile: profile as Profile,
    audit: { writes: (kind) => writes && kind === "policy", record },
  });
  return () => audit.look();
}

function taken(): readonly AuditEvent[] {
  return events.splice(0);
}

describe("the audit log of the policy", () => {
  it("has what was set, changed and taken back, at its level and place, and nothing of what stayed", async () => {
    const look = start();
    mandatory.set("HistoryMode", { value: "off", source, line: 2 }).set("E2eeMode", { value: "required", source });
    recommended.set("HistoryMode", { value: "memory", source });
    await look();
    const details = { setting: "HistoryMode", from: null, source };
    expect(taken()).toEqual([
      { kind: "policy", action: "changed", details: { ...details, level: "mandatory", to: '"off"', line: 2 } },
      {
        kind: "policy",
        action: "changed",
        details: { ...details, level: "mandatory", setting: "E2eeMode", to: '"required"', line: null },
      },
      { kind: "policy", action: "changed", details: { ...details, level: "recommended", to: '"memory"', line: null } },
    ]);
    mandatory.set("HistoryMode", { value: "memory", source: "/b.json", line: 1 });
    recommended.clear();
    await look();
    expect(taken()).toEqual([
      {
        kind: "policy",
        action: "changed",
        details: {
          setting: "HistoryMode",
          level: "mandatory",
          from: '"off"',
          to: '"memory"',
          source: "/b.json",
          line: 1,
        },
      },
      {
        kind: "policy",
        action: "changed",
        details: { setting: "HistoryMode", level: "recommended", from: '"memory"', to: null, source: null, line: null },
      },
    ]);
  });

  it("says nothing twice, not after a restart either, and writes nothing down then", async () => {
    mandatory.set("HistoryMode", { value: "off", source, line: 2 });
    problems = [malformed];
    const look = start();
    await look();
    expect(taken()).toHaveLength(2);
    await look();
    await start()();
    expect([taken(), puts]).toEqual([[], 1]);
    // Moved within its file, it says the same.
    mandatory.set("HistoryMode", { value: "off", source, line: 9 });
    await look();
    expect([taken(), puts]).toEqual([[], 1]);
  });

  it("has what is wrong once, and again when it comes back", async () => {
    const look = start();
    problems = [malformed];
    await look();
    expect(taken()).toEqual([
      {
        kind: "policy",
        action: "problem",
        details: { problem: "malformed", setting: null, source, line: 3, detail: "Line 3." },
      },
    ]);
    problems = [malformed, { kind: "unknown-key", key: "HistoryMod", source, detail: "?" }];
    await look();
    expect(taken()).toEqual([
      {
        kind: "policy",
        action: "problem",
        details: { problem: "unknown-key", setting: "HistoryMod", source, line: null, detail: "?" },
      },
    ]);
    problems = [];
    await look();
    problems = [malformed];
    await look();
    expect(taken()).toHaveLength(1);
  });

  it("is not written while policy writes none of it, and makes up for that later", async () => {
    const look = start();
    writes = false;
    mandatory.set("HistoryMode", { value: "off", source });
    await look();
    expect([taken(), puts]).toEqual([[], 0]);
    writes = true;
    await look();
    expect(taken()).toHaveLength(1);
  });

  it("shows no secret, and tells of one that changed all the same", async () => {
    const look = start();
    mandatory.set("ProxySettings", { value: { url: "http://u:hidden1@h/" }, source });
    await look();
    mandatory.set("ProxySettings", { value: { url: "http://u:hidden2@h/" }, source });
    await look();
    expect(events).toHaveLength(2);
    expect(JSON.stringify([events, kept])).not.toContain("hidden");
  });

  it.each(["{", "[]", '{"values":{}}'])("begins anew over %j, which cannot be read", async (text) => {
    kept = text;
    mandatory.set("HistoryMode", { value: "off", source });
    await start()();
    expect(taken()).toHaveLength(1);
  });

  it("looks once after the other, so that nothing is told twice by two at a time; one that fails stops no other", async () => {
    mandatory.set("HistoryMode", { value: "off", source });
    const look = start();
    await Promise.all([look(), look()]);
    expect(taken()).toHaveLength(1);
    mandatory.set("HistoryMode", { value: 1n, source });
    await expect(look()).rejects.toThrow();
    mandatory.set("HistoryMode", { value: "memory", source });
    await look();
    expect(taken()).toHaveLength(1);
  });
});
