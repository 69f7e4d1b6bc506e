import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isDone } from "../networks/testing/is-done.ts";
import type { Profile } from "../profile/profile.ts";
import { createHeard, type Heard } from "./heard.ts";

const account = "account-1";
const hour = 3_600_000;
const start = Date.UTC(2026, 10, 22, 12);
const markOf = (id: string, at: number): string => `${id}@${at}`;
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

let disk: Map<string, string>;
let clock: number;
let keeps: boolean;
let full: boolean;
/** Writes that wait to be let through; undefined: all go at once. */
let held: (() => void)[] | undefined;
let writes: number;
let heard: Heard;

beforeEach(() => {
  disk = new Map();
  clock = start;
  keeps = true;
  full = false;
  held = undefined;
  writes = 0;
  run();
});
afterEach(() => void vi.useRealTimers());

/** As after a start of the program over the same disk. */
function run(): void {
  const profile: Profile = {
    get: async (namespace, key) => disk.get(`${namespace} ${key}`),
    all: async () => new Map(),
    async put(entries) {
      writes += 1;
      if (held) await new Promise<void>((resolve) => held?.push(resolve));
      if (full) throw new Error("full");
      for (const { namespace, key, value } of entries) {
        if (value === undefined) disk.delete(`${namespace} ${key}`);
        else disk.set(`${namespace} ${key}`, value);
      }
    },
    close: async () => undefined,
  };
  heard = createHeard({ profile, keeps: () => keeps, now: () => clock, log });
}

const mark = async (): Promise<string | undefined> => {
  await heard.flush();
  return disk.get(`archive-mark ${account}`);
};

async function signIn(...pages: readonly (readonly string[])[]): Promise<string | undefined> {
  const { mark: since } = await heard.begin(account, false, markOf);
  for (const ids of pages) await heard.page(account, `page ${ids.at(-1)}`, new Set(ids));
  return since;
}

describe("the mark in the archive", () => {
  it("follows what comes live, so that the next sign-in begins after it", async () => {
    await signIn(["a", "b"]);
    heard.caughtUp(account);
    expect(await mark()).toBe("page b");
    heard.stored(account, ["c", undefined]);
    heard.stored(account, [undefined]);
    expect(await mark()).toBe(`c@${start}`);
    run();
    expect(await signIn()).toBe(`c@${start}`);
  });

  it("does not move over what has not been read yet, nor back behind it", async () => {
    await signIn(["a"]);
    heard.stored(account, ["later"]);
    expect(await mark()).toBe("page a");
    // It is on a page of the archive, too.
    await heard.page(account, "page z", new Set(["later", "z"]));
    heard.caughtUp(account);
    expect(await mark()).toBe("page z");
    heard.left(account);
    // Of the next session, before that has begun to read.
    heard.stored(account, ["after the gap"]);
    expect(await mark()).toBe("page z");
    expect(await signIn()).toBe("page z");
    expect(await mark()).toBe("page z");
    heard.caughtUp(account);
    expect(await mark()).toBe(`after the gap@${start}`);
  });

  it("goes on with a session that goes on, and is read to the end where that session was cut before", async () => {
    await signIn(["a"]);
    heard.left(account);
    expect(await heard.begin(account, true, markOf)).toMatchObject({ complete: false, mark: "page a" });
    heard.caughtUp(account);
    heard.left(account);
    expect(await heard.begin(account, true, markOf)).toMatchObject({ complete: true });
    heard.stored(account, ["b"]);
    expect(await mark()).toBe(`b@${start}`);
  });

  it("stays where something could not be stored, or is only in memory", async () => {
    await signIn(["a"]);
    heard.caughtUp(account);
    keeps = false;
    heard.stored(account, ["b"]);
    expect(await mark()).toBe("page a");
    keeps = true;
    heard.stored(account, ["c"]);
    expect(await mark()).toBe(`c@${start}`);
    heard.notStored(account);
    heard.stored(account, ["d"]);
    expect(await mark()).toBe(`c@${start}`);
  });

  it("is written later where the disk takes nothing now", async () => {
    await signIn(["a"]);
    heard.caughtUp(account);
    await heard.flush();
    full = true;
    heard.stored(account, ["b"]);
    expect(await mark()).toBe("page a");
    full = false;
    expect(await mark()).toBe(`b@${start}`);
  });

  it("is of each account for itself, and goes with it", async () => {
    await signIn(["a"]);
    await heard.begin("other", false, undefined);
    heard.caughtUp("other");
    heard.stored("other", ["x"]);
    await heard.flush();
    expect(disk.has("archive-mark other")).toBe(false);
    await heard.forget(account);
    expect([...disk.keys()]).toEqual(["heard other"]);
  });
});

describe("how far an account was heard, on a disk that takes its time", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["a page is read", () => heard.page(account, "page b", new Set(["b"]))],
    ["all is flushed", () => heard.flush()],
    ["the next session begins", () => heard.begin(account, false, markOf)],
    ["the account is forgotten", () => heard.forget(account)],
  ])("is on it before %s", async (_, work) => {
    await signIn(["a"]);
    heard.caughtUp(account);
    await heard.flush();
    held = [];
    heard.stored(account, ["b"]);
    void heard.flush();
    const working = work();
    expect(await isDone(working)).toBe(false);
    for (let step = held.shift(); step; step = held.shift()) {
      step();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await isDone(working)).toBe(true);
  });

  it("is written twice a second at most, however much comes, and not where nothing came", async () => {
    vi.useFakeTimers();
    await signIn();
    heard.caughtUp(account);
    await vi.advanceTimersByTimeAsync(10_000);
    const before = writes;
    for (let n = 0; n < 100; n += 1) heard.stored(account, [`m${n}`]);
    await vi.advanceTimersByTimeAsync(499);
    expect(writes).toBe(before);
    await vi.advanceTimersByTimeAsync(1);
    expect([writes, disk.get(`archive-mark ${account}`)]).toEqual([before + 1, `m99@${start}`]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(writes).toBe(before + 1);
  });

  it("is not written any more of one that is forgotten meanwhile", async () => {
    vi.useFakeTimers();
    await signIn(["a"]);
    heard.caughtUp(account);
    heard.stored(account, ["b"]);
    await heard.forget(account);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([...disk.keys()]).toEqual([]);
    // Nothing is made of what comes for it yet.
    heard.stored(account, ["c"]);
    heard.caughtUp(account);
    heard.left(account);
    heard.notStored(account);
    await heard.page(account, "page c", new Set());
    await heard.flush();
    expect([...disk.keys()]).toEqual([]);
  });

  it("says of the archive before the mark when all of that was heard", async () => {
    await signIn(["a"]);
    clock += hour;
    heard.caughtUp(account);
    await heard.flush();
    run();
    expect(await heard.begin(account, false, markOf)).toEqual({
      complete: false,
      mark: "page a",
      marked: start + hour,
    });
    clock += hour;
    keeps = false;
    await heard.page(account, "page b", new Set(["b"]));
    keeps = true;
    await heard.flush();
    run();
    expect(await heard.begin(account, false, markOf)).toMatchObject({ mark: "page a", marked: start + hour });
    await heard.page(account, "page b", new Set(["b"]));
    run();
    expect(await heard.begin(account, false, markOf)).toMatchObject({ mark: "page b", marked: start + 2 * hour });
  });
});

describe("the earliest moment that a stamp may name", () => {
  it("is when the account was last heard, soon after a sign-in, and later the sign-in itself", async () => {
    await signIn();
    heard.stored(account, []);
    await heard.flush();
    clock += 48 * hour;
    run();
    await signIn();
    expect(heard.earliest(account)).toBeGreaterThan(start - hour);
    expect(heard.earliest(account)).toBeLessThanOrEqual(start);
    clock += hour;
    expect(heard.earliest(account)).toBeGreaterThan(start + 47 * hour);
  });

  it("is that of the sign-in from two minutes after it, with a minute for the clocks", async () => {
    await signIn();
    heard.stored(account, []);
    await heard.flush();
    clock += hour;
    run();
    await signIn();
    clock += 119_999;
    expect(heard.earliest(account)).toBe(start - 60_000);
    clock += 1;
    expect(heard.earliest(account)).toBe(start + hour - 60_000);
  });

  it("is not in the future where the clock was set back, in one run and over a restart", async () => {
    await signIn();
    heard.stored(account, []);
    await heard.flush();
    clock -= hour;
    await signIn();
    expect(heard.earliest(account)).toBe(start - hour - 60_000);
    clock -= hour;
    run();
    await signIn();
    expect(heard.earliest(account)).toBe(start - 2 * hour - 60_000);
  });

  it("is some days back where nothing is known", () => {
    expect(heard.earliest("new")).toBeLessThan(start - 24 * hour);
    expect(heard.earliest("new")).toBeGreaterThan(start - 15 * 24 * hour);
  });
});
