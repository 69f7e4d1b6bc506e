import { describe, expect, it } from "vitest";
import type { Profile } from "../profile/profile.ts";
import { FirstMessages } from "./first-messages.ts";

const hour = 3_600_000;

function setUp(kept?: string) {
  const disk = { text: kept, takes: true };
  const clock = { now: 10 * hour };
  const limit = { people: 2 };
  const profile = {
    get: async () => disk.text,
    put: async ([entry]: readonly [{ readonly value: string }]) => {
      if (!disk.takes) throw new Error("full");
      disk.text = entry.value;
    },
  } as unknown as Profile;
  const open = () => FirstMessages.open({ profile, limit: () => limit.people, now: () => clock.now });
  return { disk, clock, limit, open };
}
const refused = (people: number) =>
  expect.objectContaining({ code: "blocked-by-policy", params: { setting: "OutboundBurstLimit", limit: people } });

describe("first messages to people", () => {
  it("are as many in an hour as policy lets there be, and there is room again as soon as the oldest is an hour ago", async () => {
    const { clock, open } = setUp();
    const first = await open();
    first.admit();
    clock.now += 1_000;
    first.admit();
    expect(() => first.admit()).toThrow(refused(2));
    clock.now = 11 * hour - 1;
    expect(() => first.admit()).toThrow(refused(2));
    clock.now = 11 * hour;
    first.admit();
    expect(() => first.admit()).toThrow(refused(2));
  });

  it("count over a restart, also those that the disk did not take until then, and none that cannot be read", async () => {
    const { disk, limit, open } = setUp();
    const first = await open();
    first.admit();
    await Promise.resolve();
    disk.takes = false;
    first.admit();
    expect(() => first.admit()).toThrow(refused(2));
    const again = await open();
    again.admit();
    expect(() => again.admit()).toThrow(refused(2));
    limit.people = 3;
    again.admit();
    for (const text of ["{", '["a"]', "{}"]) {
      const other = setUp(text);
      const opened = await other.open();
      opened.admit();
      opened.admit();
    }
  });

  it("are counted as now where the clock was set back", async () => {
    const { clock, open } = setUp();
    const first = await open();
    first.admit();
    first.admit();
    clock.now = hour;
    expect(() => first.admit()).toThrow(refused(2));
    clock.now = 2 * hour;
    first.admit();
  });

  it("are none where policy lets there be none", async () => {
    const { limit, open } = setUp();
    limit.people = 0;
    const first = await open();
    expect(() => first.admit()).toThrow(refused(0));
  });
});
