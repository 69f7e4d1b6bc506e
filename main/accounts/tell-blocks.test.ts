import { expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { Connection } from "../networks/network.ts";
import type { Blocklist, Untold } from "../store/blocklist.ts";
import { tellBlocks } from "./tell-blocks.ts";

const list: readonly Untold[] = [
  { address: "mallory@evil.test", isBlocked: true },
  { address: "bob@example.test", isBlocked: false },
  { address: "eve@evil.test", isBlocked: true },
];

/** Tells a network that refuses some; `said` is what it heard, `noted` what counts as told. */
async function tell(refusals: Readonly<Record<string, unknown>>, untold = list, isThere = true) {
  const said: string[] = [];
  const noted: string[] = [];
  const hear = (what: string) => async (address: string) => {
    said.push(`${what} ${address}`);
    if (refusals[address] !== undefined) throw refusals[address];
  };
  const blocklist = {
    untold: vi.fn(() => untold),
    told: async (_: string, { address, isBlocked }: Untold) => void noted.push(`${isBlocked ? "+" : "-"}${address}`),
  };
  const blocking = isThere ? { everyDevice: true, block: hear("block"), unblock: hear("unblock") } : undefined;
  const failure = await tellBlocks("a", { blocking } as unknown as Connection, blocklist as unknown as Blocklist).catch(
    (error: unknown) => error,
  );
  return { said, noted, failure, blocklist };
}

it("tells all that is untold of the account, in order, and notes each", async () => {
  const { said, noted, failure, blocklist } = await tell({});
  expect(said).toEqual(["block mallory@evil.test", "unblock bob@example.test", "block eve@evil.test"]);
  expect(noted).toEqual(["+mallory@evil.test", "-bob@example.test", "+eve@evil.test"]);
  expect(failure).toBeUndefined();
  expect(blocklist.untold).toHaveBeenCalledExactlyOnceWith("a");
});

it.each(["offline", "connection-lost", "timed-out", "cancelled", "rate-limited"] as const)(
  "leaves the rest for the next sign-in after %s",
  async (code) => {
    const { said, noted, failure } = await tell({ "bob@example.test": new HallwayError(code) });
    expect(said).toHaveLength(2);
    expect(noted).toEqual(["+mallory@evil.test"]);
    expect(failure).toBeUndefined();
  },
);

it("goes on after a refusal, notes what was not refused, and says the first", async () => {
  const first = new HallwayError("server-error");
  const { said, noted, failure } = await tell({
    "mallory@evil.test": first,
    "eve@evil.test": new HallwayError("not-found"),
  });
  expect(said).toHaveLength(3);
  expect(noted).toEqual(["-bob@example.test"]);
  expect(failure).toBe(first);
});

it("takes a network without such lists for none that refuses: nobody stays blocked who is not any more, and nobody counts as told", async () => {
  const none = new HallwayError("unsupported");
  const { noted, failure } = await tell({ "mallory@evil.test": none, "bob@example.test": none, "eve@evil.test": none });
  expect(noted).toEqual(["-bob@example.test"]);
  expect(failure).toBeUndefined();
});

it("says nothing while there is no connection", async () => {
  const blocklist = { untold: vi.fn(() => list) };
  await tellBlocks("a", undefined, blocklist as unknown as Blocklist);
  expect(blocklist.untold).not.toHaveBeenCalled();
});

it("keeps blocks for a later sign-in where there is no list now", async () => {
  const { said, noted, failure } = await tell({}, list, false);
  expect(said).toEqual([]);
  expect(noted).toEqual(["-bob@example.test"]);
  expect(failure).toBeUndefined();
});
