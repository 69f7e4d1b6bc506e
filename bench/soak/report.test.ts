import { expect, it } from "vitest";
import { Ledger } from "./ledger.ts";
import { describeResults, type Results } from "./report.ts";

const good: Results = {
  minutes: 60,
  seed: 1,
  done: { in: 100, "in, in vain": 2, read: 30 },
  incidents: {},
  colleagues: [],
  findings: [],
  overtaken: [],
  faults: [],
  growth: {
    judged: true,
    minutes: 45,
    kinds: [{ name: "window: page", last: 60, early: 30, late: 5, most: 25 }],
  },
  tasks: [{ at: 0, milliseconds: 300, worked: 90 }],
};
const leak = { ...good.growth, kinds: [{ name: "window: page", last: 90, early: 30, late: 30, most: 25 }] };

it("passes where everything held, on a busy machine too", () => {
  expect(describeResults(good).passed).toBe(true);
});

it.each<[string, Partial<Results>, string]>([
  ["a message that was lost", { findings: [{ kind: "lost", what: "one" }] }, "lost: one"],
  ["a state that never came", { faults: ["it never came to: online"] }, "FAULT: it never came"],
  ["memory that grows in the later half", { growth: leak }, "GREW: window: page"],
  ["a task that was worked on for long", { tasks: [{ at: 0, milliseconds: 120, worked: 101 }] }, "101 ms, with waits"],
  ["a window that nobody can use", { done: { read: 30, "read, in vain": 5 } }, "TOO OFTEN IN VAIN: read"],
])("fails for %s", (_, found, line) => {
  const { passed, lines } = describeResults({ ...good, ...found });
  expect(passed).toBe(false);
  expect(lines.join("\n")).toContain(line);
});

it("passes where a server handed over its store late, and says so", () => {
  const ledger = new Ledger();
  for (const body of ["one", "two", "three"]) ledger.say("in", body).stored = body === "one";
  const { passed, lines } = describeResults({
    ...good,
    colleagues: [{ ledger }],
    overtaken: ["one stands behind two"],
  });
  expect(passed).toBe(true);
  expect(lines.join("\n")).toContain("among the 2 messages that a server passed on at once");
  expect(lines.join("\n")).toContain("1 that it stored first");
  expect(lines.join("\n")).toContain("stored: one stands behind two");
});

it("judges neither growth in a short life nor a few things in vain", () => {
  expect(describeResults({ ...good, growth: { ...leak, judged: false } }).passed).toBe(true);
  expect(describeResults({ ...good, done: { read: 19, "read, in vain": 10 } }).passed).toBe(true);
});
