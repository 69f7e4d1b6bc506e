import { beforeEach, describe, expect, it } from "vitest";
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
let heard: Heard;

beforeEach(() => {
  disk = new Map();
  clock = start;
  keeps = true;
  full = false;
  run();
});

/** As after a start of the program over the same disk. */
function run(): void {
  const profile: Profile = {
    get: async (namespace, key) => disk.get(`${namespace} ${key}`),
    all: async () => new Map(),
    async put(entries) {
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

  it("is some days back where nothing is known", () => {
    expect(heard.earliest("new")).toBeLessThan(start - 24 * hour);
    expect(heard.earliest("new")).toBeGreaterThan(start - 15 * 24 * hour);
  });
});
