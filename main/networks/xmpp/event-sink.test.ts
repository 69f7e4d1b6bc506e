import { describe, expect, it } from "vitest";
import type { NetworkEvent, Stored } from "../events.ts";
import { EventSink } from "./event-sink.ts";
import { Refusals } from "./refusals.ts";

const facets: NetworkEvent = { type: "facets" };

function sink(take: (event: NetworkEvent) => Stored) {
  const warnings: unknown[] = [];
  const made = new EventSink(take, {
    debug: () => undefined,
    info: () => undefined,
    warn: (_, fields) => void warnings.push(fields),
  });
  return { made, warnings };
}

describe("events", () => {
  it("are had when they are stored, and what cannot be stored is not had until the next session", async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const { made } = sink(() => promise);
    expect(made.emit(facets)).toBe(promise);
    let had: boolean | undefined;
    const settling = made.settled().then((stored) => {
      had = stored;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(had).toBeUndefined();
    resolve(false);
    await settling;
    expect([had, await made.settled()]).toEqual([false, false]);
    made.renew();
    expect(await made.settled()).toBe(true);
    made.track(Promise.resolve(false));
    made.track(undefined);
    expect(await made.settled()).toBe(false);
  });

  it("that cannot be taken in cost themselves, and a line in the log", async () => {
    const { made, warnings } = sink(() => {
      throw new TypeError("a fault");
    });
    expect(made.emit(facets)).toBeUndefined();
    expect([await made.settled(), warnings]).toEqual([true, [{ type: "facets", error: expect.any(TypeError) }]]);
  });

  it("are none after the connection is closed", () => {
    const taken: NetworkEvent[] = [];
    const { made } = sink((event) => {
      taken.push(event);
      return undefined;
    });
    made.emit(facets);
    made.close();
    expect([made.emit(facets), taken.length]).toEqual([undefined, 1]);
  });
});

it("of what is refused 50 are told in a minute, and as many in the next", () => {
  let now = 59_999;
  const told: NetworkEvent[] = [];
  const { note } = new Refusals(
    () => now,
    (event) => told.push(event),
  );
  for (let n = 0; n < 60; n++) note("odd");
  expect([told.length, told[0]]).toEqual([50, { type: "refused", what: "odd" }]);
  now += 1;
  for (let n = 0; n < 60; n++) note("odd");
  expect(told).toHaveLength(100);
  now += 59_999;
  note("odd");
  expect(told).toHaveLength(100);
});
