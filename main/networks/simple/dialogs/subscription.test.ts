import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTimedSubscription, type TimedSubscription } from "../testing/timed-subscription.ts";

let timed: TimedSubscription;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  timed.subscription.end();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const seconds = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * 1000);
const callIds = (): readonly (string | undefined)[] => timed.sent.map((options) => options.dialog?.callId);
const granted = (text: string) => () => ({ status: 200, headers: [`Expires: ${text}`, "Contact: <sip:pa@127.0.0.1>"] });

describe("how long a subscription holds", () => {
  it.each([
    ["without expires", "active"],
    ["pending, without expires", "pending"],
    ["with an empty expires", "active;expires="],
    ["with expires that is no number", "active;expires=soon"],
    ["with expires of zero", "active;expires=0"],
  ])("is what the 200 said after a NOTIFY %s (RFC 6665 section 4.1.3)", async (_, state) => {
    timed = startTimedSubscription(granted("600"));
    await seconds(0);
    expect(timed.notify(state).status).toBe(200);
    await seconds(400);
    expect(timed.sent).toHaveLength(1);
    await seconds(200);
    expect(timed.sent).toHaveLength(2);
    expect(new Set(callIds()).size).toBe(1);
  });

  it("is what was asked for where neither says it", async () => {
    timed = startTimedSubscription(() => ({ status: 200 }));
    await seconds(0);
    timed.notify("active");
    await seconds(1_200);
    expect(timed.sent).toHaveLength(1);
    await seconds(600);
    expect(timed.sent).toHaveLength(2);
  });

  it("is what the NOTIFY says, also where it overtakes the 200", async () => {
    timed = startTimedSubscription(granted("600"));
    timed.notify("active;expires=60");
    await seconds(0);
    await seconds(60);
    expect(timed.sent).toHaveLength(2);
  });

  it("is refreshed in its dialog again and again, whatever the notifier leaves out", async () => {
    timed = startTimedSubscription(granted("600"));
    await seconds(0);
    for (let round = 0; round < 5; round += 1) {
      timed.notify("active");
      await seconds(600);
    }
    expect(timed.sent.length).toBeGreaterThanOrEqual(6);
    expect(timed.sent.length).toBeLessThanOrEqual(7);
    expect(new Set(callIds()).size).toBe(1);
  });
});

describe("a server that says yes and never notifies", () => {
  it("is told that the old dialog is over before another begins", async () => {
    timed = startTimedSubscription(granted("600"));
    await seconds(31);
    expect(timed.sent).toHaveLength(1);
    await seconds(5);
    const [first, end, second] = timed.sent;
    expect(end?.headers).toContain("Expires: 0");
    expect(end?.dialog?.callId).toBe(first?.dialog?.callId);
    expect(second?.dialog?.callId).not.toBe(first?.dialog?.callId);
  });
});

describe("somebody who is not signed in", () => {
  it.each([404, 480])(
    "(%d) is asked again and again, ever later, and at once when they give a sign of life",
    async (status) => {
      let there = false;
      timed = startTimedSubscription(() => (there ? { status: 200, headers: ["Expires: 600"] } : { status }));
      await seconds(3_600);
      expect(timed.states).toEqual(["absent"]);
      const tries = timed.sent.length;
      expect(tries).toBeGreaterThan(6);
      expect(tries).toBeLessThan(20);
      there = true;
      timed.subscription.wake();
      await seconds(0);
      expect(timed.sent).toHaveLength(tries + 1);
      timed.notify("active");
      expect(timed.states.at(-1)).toBe("active");
    },
  );

  it("waits as long as the server says", async () => {
    timed = startTimedSubscription(() => ({ status: 480, headers: ["Retry-After: 900"] }));
    await seconds(890);
    expect(timed.sent).toHaveLength(1);
    await seconds(20);
    expect(timed.sent).toHaveLength(2);
  });

  it("is not asked faster and faster by signs of life that lead to nothing", async () => {
    timed = startTimedSubscription(() => ({ status: 480 }));
    for (let step = 0; step < 36_000; step += 1) {
      timed.subscription.wake();
      await seconds(0.1);
    }
    expect(timed.sent.length).toBeLessThan(60);
  });

  it.each([
    [410, "unknown"],
    [484, "unknown"],
    [604, "unknown"],
    [403, "refused"],
    [603, "refused"],
    [489, "unsupported"],
  ] as const)(
    "is not taken for somebody of whom the server knows better: %d is %s, for good",
    async (status, state) => {
      timed = startTimedSubscription(() => ({ status }));
      await seconds(3_600);
      timed.subscription.wake();
      await seconds(3_600);
      expect(timed.states).toEqual([state]);
      expect(timed.sent).toHaveLength(1);
    },
  );
});

describe("how long a wait may become", () => {
  afterEach(() => void vi.restoreAllMocks());

  /** Seconds between the SUBSCRIBEs of so many seconds, without the part of chance in them. */
  async function gaps(status: number, time: number): Promise<readonly number[]> {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const at: number[] = [];
    timed = startTimedSubscription(() => {
      at.push(Date.now() / 1000);
      return { status };
    });
    await seconds(time);
    return at.slice(1).map((now, n) => now - (at[n] ?? 0));
  }

  it("is half an hour where the server is in trouble", async () => {
    expect(await gaps(503, 5_000)).toEqual([1, 4, 16, 64, 256, 1_024, 1_800, 1_800]);
  });

  it("is ten minutes where they are not signed in", async () => {
    expect(await gaps(480, 2_600)).toEqual([1, 4, 16, 64, 256, 600, 600, 600]);
  });

  it("is that of other trouble where an end gives none, and there is none for nobody at all", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    timed = startTimedSubscription(granted("600"));
    await seconds(0);
    for (const end of ["giveup", "giveup;retry-after=soon", "giveup;retry-after=-1"]) {
      timed.notify("active");
      const before = timed.sent.length;
      timed.notify(`terminated;reason=${end}`);
      await seconds(0.999);
      expect(timed.sent).toHaveLength(before);
      await seconds(0.001);
      expect(timed.sent).toHaveLength(before + 1);
    }
    timed.notify("active");
    const before = timed.sent.length;
    timed.notify("terminated;reason=noresource");
    await seconds(3_600);
    expect([timed.sent.length, timed.states.at(-1)]).toEqual([before, "unknown"]);
  });

  it("is two minutes between signs of life that lead to nothing, and begins anew once they were heard of", async () => {
    let there = false;
    timed = startTimedSubscription(() => (there ? { status: 200 } : { status: 480, headers: ["Retry-After: 86400"] }));
    const wake = async (): Promise<number> => {
      timed.subscription.wake();
      await seconds(0);
      return timed.sent.length;
    };
    await seconds(0);
    expect(await wake()).toBe(2);
    for (const [n, gap] of [4, 8, 16, 32, 64, 120, 120].entries()) {
      await seconds(gap - 0.001);
      expect(await wake()).toBe(n + 2);
      await seconds(0.001);
      expect(await wake()).toBe(n + 3);
    }
    there = true;
    await seconds(120);
    expect(await wake()).toBe(10);
    timed.notify("active");
    there = false;
    timed.notify("terminated;reason=giveup;retry-after=86400");
    await seconds(2);
    expect(await wake()).toBe(11);
  });
});
