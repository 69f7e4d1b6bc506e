import { describe, expect, it } from "vitest";
import { Ledger } from "./ledger.ts";
import { slopeAnHour } from "./slope.ts";

const stored = (...bodies: readonly string[]) => bodies.map((body) => ({ id: body, direction: "in" as const, body }));
function saidThree(): Ledger {
  const ledger = new Ledger();
  for (const body of ["one", "two", "three"]) ledger.say("in", body);
  return ledger;
}

describe("the checks of the soak", () => {
  it("finds nothing where the history is as it was said", () => {
    expect(saidThree().check(stored("one", "two", "three"), "in order")).toEqual([]);
  });

  it.each([
    ["lost", stored("one", "three")],
    ["doubled", stored("one", "two", "two", "three")],
    ["order", stored("one", "three", "two")],
  ])("finds what is %s", (kind, messages) => {
    expect(
      saidThree()
        .check(messages, "in order")
        .map((finding) => finding.kind),
    ).toEqual([kind]);
  });

  it("lets what a server kept and brought late stand behind later ones where its network allows that", () => {
    const late = stored("one", "three", "two").map((message) => ({ ...message, delayed: message.id === "two" }));
    expect(saidThree().check(late, "at any time")).toEqual([]);
    const stamped = stored("one", "three", "two").map((message) =>
      message.id === "two" ? { ...message, saidAt: 1 } : message,
    );
    expect(saidThree().check(stamped, "at any time")).toEqual([]);
    expect(
      saidThree()
        .check(late, "in order")
        .map(({ kind }) => kind),
    ).toEqual(["order"]);
    expect(
      saidThree()
        .check(stored("one", "three", "two"), "at any time")
        .map(({ kind }) => kind),
    ).toEqual(["order"]);
  });

  it("finds what was deleted and came back, what was to be kept nowhere, and changes that did not happen", () => {
    const ledger = saidThree();
    const [one, two, three] = ledger.lines("in");
    if (!one || !two || !three) throw new Error("three lines were said");
    one.fate = "deleted";
    two.fate = "unkept";
    three.body = "three, corrected";
    expect(ledger.check([], "in order").map(({ kind }) => kind)).toEqual(["lost"]);
    expect(ledger.check(stored("one", "two", "three"), "in order").map(({ kind }) => kind)).toEqual([
      "came back",
      "kept though off",
      "correction",
    ]);
    three.fate = "retracted";
    expect(ledger.check(stored("three, corrected"), "in order").map(({ kind }) => kind)).toEqual([
      "retraction",
      "retraction",
    ]);
    expect(ledger.check([{ id: "3", direction: "in", body: "", retracted: true }], "in order")).toEqual([]);
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
