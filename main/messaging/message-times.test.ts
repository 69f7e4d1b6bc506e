import fc from "fast-check";
import { expect, it } from "vitest";
import { createTables } from "../store/tables.ts";
import { MessageTimes } from "./message-times.ts";

const hour = 3_600_000;
const peer = "bob@x.example";
const start = Date.UTC(2026, 10, 22, 12);

function setUp({ earliest = start - 24 * hour } = {}) {
  let clock = start;
  const times = new MessageTimes({
    tables: createTables(() => undefined),
    now: () => clock,
    earliest: () => earliest,
  });
  return {
    live: (at: number | undefined, delayed: boolean) => times.of("a", { peer, at, delayed, via: "live" }),
    archived: (at: number | undefined) => times.of("a", { peer, at, delayed: at !== undefined, via: "archive" }),
    typed: () => times.own(`a|${peer}`),
    pass: (milliseconds: number) => {
      clock += milliseconds;
    },
  };
}

it("places a live message by its arrival, whatever its sender stamps, and keeps the stamp beside it", () => {
  const { live } = setUp();
  expect(live(191_000, false)).toEqual({ at: start, saidAt: 191_000, late: false });
  expect(live(start - hour, false)).toEqual({ at: start, saidAt: start - hour, late: false });
  expect(live(undefined, false)).toEqual({ at: start, saidAt: undefined, late: false });
});

it("takes the own server's stamp for when it came, no further back than the server can have kept it", () => {
  const { live, typed, pass } = setUp();
  expect(live(start - hour, true)).toEqual({ at: start - hour, saidAt: undefined, late: true });
  expect(live(start - 48 * hour, true)).toEqual({ at: start, saidAt: start - 48 * hour, late: false });
  pass(hour);
  typed();
  // Kept before the person typed, but it came after.
  expect(live(start, true)).toEqual({ at: start + hour, saidAt: start, late: true });
});

it("believes no stamp of the future, of either", () => {
  const { live, typed, archived } = setUp();
  for (const delayed of [true, false])
    expect(live(start + 1_000 * hour, delayed)).toEqual({ at: start, saidAt: undefined, late: false });
  expect(archived(start + hour).at).toBe(start);
  expect(typed()).toEqual({ at: start, saidAt: undefined });
});

it("tells the time of what follows a message that came while the clock was ahead", () => {
  const { live, typed, pass } = setUp();
  pass(2 * hour);
  live(undefined, false);
  pass(-2 * hour);
  const at = start + 2 * hour;
  expect(typed()).toEqual({ at, saidAt: start });
  expect(live(undefined, false)).toEqual({ at, saidAt: start, late: false });
  expect(live(start - hour, false)).toEqual({ at, saidAt: start - hour, late: false });
  pass(3 * hour);
  expect(typed()).toEqual({ at: start + 3 * hour, saidAt: undefined });
  expect(live(undefined, false)).toEqual({ at: start + 3 * hour, saidAt: undefined, late: false });
});

it("calls a message late only where it was", () => {
  const { live } = setUp();
  expect([0, 2_000, 20_000, 60_000].map((ago) => live(start - ago, true).late)).toEqual([false, false, false, true]);
});

it("never goes back in a conversation, whatever clocks and stamps say", () => {
  const step = fc.record({
    kind: fc.constantFrom("typed", "claimed", "kept", "plain"),
    stamp: fc.integer({ min: -100 * hour, max: 100 * hour }),
    passes: fc.integer({ min: -hour, max: hour }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { live, typed, pass } = setUp();
      let last = 0;
      for (const { kind, stamp, passes } of steps) {
        pass(passes);
        const at =
          kind === "typed" ? typed().at : live(kind === "plain" ? undefined : start + stamp, kind === "kept").at;
        expect(at).toBeGreaterThanOrEqual(last);
        last = at;
      }
    }),
  );
});
