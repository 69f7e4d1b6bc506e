import { describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import type { ReceivedEvent } from "../delivery.ts";
import { passed } from "../passed.test-helper.ts";
import { Acknowledgements, acknowledge } from "./acknowledge.ts";
import { account, bob, change, delivery, outcome, said } from "./items.test-helper.ts";

describe("an acknowledgement", () => {
  const event: ReceivedEvent = { type: "message", message: said({ archiveId: "a1" }) };
  const typing: ReceivedEvent = { type: "typing", peer: bob, active: true };
  const made = (keeps = true) => {
    const heard = { stored: vi.fn(), notStored: vi.fn() };
    return { heard, all: new Acknowledgements({ heard, keeps: () => keeps }) };
  };

  it.each<[string, ReceivedEvent, boolean, unknown, boolean]>([
    ["what is stored", event, true, undefined, true],
    ["what only memory has", event, false, undefined, false],
    ["typing, which nothing keeps", typing, false, undefined, true],
    ["what the disk did not take", event, true, new HallwayError("storage-full"), false],
    ["what would fail again", event, true, new TypeError("odd"), true],
    ["what would fail again, and memory alone would have", event, false, new TypeError("odd"), false],
  ])("is given or not to %s", async (_, one, keeps, error, isGiven) => {
    const { heard, all } = made(keeps);
    const given = all.of(account, one);
    if (error === undefined) given?.stored();
    else given?.failed(error);
    given?.stored();
    given?.failed(new HallwayError("storage-full"));
    expect(await given?.done).toBe(isGiven);
    await all.idle();
    const moves = one === event && error === undefined;
    expect(heard.stored.mock.calls).toEqual(moves ? [[account, ["a1"]]] : []);
    expect(heard.notStored.mock.calls.length).toBe(one === event && error !== undefined ? 1 : 0);
  });

  it("moves the mark in the order in which things came, also over a change", async () => {
    const { heard, all } = made();
    const [first, second] = [all.of(account, event), all.of(account, change("in"))];
    second?.stored();
    await second?.done;
    expect(heard.stored).not.toHaveBeenCalled();
    first?.stored();
    await all.idle();
    expect(heard.stored.mock.calls).toEqual([
      [account, ["a1"]],
      [account, [undefined]],
    ]);
  });

  it("is given to every part of a delivery, and the delivery goes on", async () => {
    const parts = [
      { stored: vi.fn(), failed: vi.fn() },
      { stored: vi.fn(), failed: vi.fn() },
    ];
    const given = { ...delivery(outcome()), acknowledgements: parts };
    expect(await passed(acknowledge, given)).toBe(given);
    expect(parts.map(({ stored, failed }) => [stored.mock.calls.length, failed.mock.calls.length])).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });
});
