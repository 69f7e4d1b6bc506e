import { describe, expect, it } from "vitest";
import { type Finding, Ledger } from "./ledger.ts";
import { slopeAnHour } from "./slope.ts";

const stored = (...bodies: readonly string[]) => bodies.map((body) => ({ id: body, direction: "in" as const, body }));
const sent = (...bodies: readonly string[]) =>
  stored(...bodies).map((message) => ({ ...message, direction: "out" as const }));
const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);
function saidThree(): Ledger {
  const ledger = new Ledger();
  for (const body of ["one", "two", "three"]) ledger.say("in", body);
  return ledger;
}

describe("the checks of the soak", () => {
  it("finds nothing where the history is as it was said", () => {
    expect(saidThree().check(stored("one", "two", "three"))).toEqual([]);
  });

  it.each([
    ["lost", stored("one", "three")],
    ["doubled", stored("one", "two", "two", "three")],
    ["order", stored("one", "three", "two")],
  ])("finds what is %s", (kind, messages) => {
    expect(
      saidThree()
        .check(messages)
        .map((finding) => finding.kind),
    ).toEqual([kind]);
  });

  it("lets what a server stored stand behind later ones, here and there, and nothing else", () => {
    const ledger = new Ledger();
    for (const direction of ["in", "out"] as const)
      for (const body of ["one", "two", "three"]) ledger.say(direction, body).stored = body === "two";
    const late = stored("one", "three", "two");
    expect(ledger.check([...late, ...sent("one", "two", "three")])).toEqual([]);
    expect(ledger.checkReceived(["one", "three", "two"])).toEqual([]);
    expect(ledger.overtaken(late)).toEqual(["two stands behind three"]);
    expect(kinds(ledger.check([...stored("three", "two", "one"), ...sent("one", "two", "three")]))).toEqual(["order"]);
    expect(kinds(ledger.check([...stored("one", "two", "three"), ...sent("one", "three", "two")]))).toEqual(["order"]);
    expect(kinds(ledger.checkReceived(["three", "two", "one"]))).toEqual(["order"]);
    expect(kinds(ledger.checkReceived(["one", "three"]))).toEqual(["lost"]);
    expect(ledger.overtaken(stored("three", "one"))).toEqual([]);
  });

  it("finds what was deleted and came back, what was to be kept nowhere, and changes that did not happen", () => {
    const ledger = saidThree();
    const [one, two, three] = ledger.lines("in");
    if (!one || !two || !three) throw new Error("three lines were said");
    one.fate = "deleted";
    two.fate = "unkept";
    three.body = "three, corrected";
    expect(ledger.check([]).map(({ kind }) => kind)).toEqual(["lost"]);
    expect(ledger.check(stored("one", "two", "three")).map(({ kind }) => kind)).toEqual([
      "came back",
      "kept though off",
      "correction",
    ]);
    three.fate = "retracted";
    expect(ledger.check(stored("three, corrected")).map(({ kind }) => kind)).toEqual(["retraction", "retraction"]);
    expect(ledger.check([{ id: "3", direction: "in", body: "", retracted: true }])).toEqual([]);
  });

  it("says nothing of a message of which nobody knows whether it was sent, unless it is there twice", () => {
    const ledger = new Ledger();
    ledger.say("out", "perhaps", { fate: "doubtful" });
    expect(ledger.checkReceived([])).toEqual([]);
    expect(ledger.checkReceived(["perhaps"])).toEqual([]);
    expect(ledger.checkReceived(["perhaps", "perhaps"]).map(({ kind }) => kind)).toEqual(["doubled"]);
  });

  it("measures growth by the hour", () => {
    const hour = 3_600_000;
    expect(slopeAnHour([])).toBe(0);
    expect(slopeAnHour([0, 1, 2, 3].map((at) => ({ at: at * hour, value: 100 + 50 * at })))).toBeCloseTo(50);
  });
});
