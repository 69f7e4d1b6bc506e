import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { AccountConfig } from "../../shared/model/account.ts";
import type { Heard } from "../messaging/heard.ts";
import type { Messaging } from "../messaging/messaging.ts";
import type { ArchiveFacet, ArchivePage } from "../networks/facets/archive.ts";
import type { Facets } from "../networks/facets/facets.ts";
import type { Connection } from "../networks/network.ts";
import { AddAccount } from "./add-account.ts";
import { describeFacets } from "./describe-facets.ts";
import { sync } from "./sync.ts";

const id = "account-1";
const page = {
  messages: [{ archiveId: "a1" }],
  changes: [{ archiveId: "a2" }],
  mark: "mark",
  exact: true,
} as unknown as ArchivePage;

describe("what follows a sign-in", () => {
  let calls: string[];
  let pages: readonly ArchivePage[];
  let before: { complete: boolean; mark: string | undefined; marked: number | undefined };
  let roster: PromiseWithResolvers<void>;
  let life: AbortController;
  /** Called when a step is reached. */
  let at: (step: string) => void;

  beforeEach(() => {
    vi.useFakeTimers();
    calls = [];
    pages = [page];
    before = { complete: false, mark: "since", marked: 7 };
    roster = Promise.withResolvers<void>();
    life = new AbortController();
    at = () => undefined;
  });
  afterEach(() => void vi.useRealTimers());

  const step = async (name: string): Promise<void> => {
    await Promise.resolve();
    calls.push(name);
    at(name);
  };
  const archive: Pick<ArchiveFacet, "catchUp" | "markAt"> = {
    markAt: (archiveId, time) => `${archiveId}@${time}` as never,
    async catchUp(since, onPage) {
      await step(`read since ${since}`);
      for (const one of pages) await onPage(one);
    },
  };
  const run = (resumed = false, hasArchive = true) =>
    sync({
      config: { id, protocol: "xmpp" } as AccountConfig,
      connection: (hasArchive ? { archive } : {}) as unknown as Connection,
      resumed,
      signal: life.signal,
      rosterReady: roster.promise,
      messaging: {
        receiving: {
          archive: (_account: string, _protocol: string, { isFirstSync, run: { heardUntil, exact } }: never) =>
            step(`store ${isFirstSync} ${heardUntil} ${exact}`),
          idle: () => step("idle"),
        },
        sending: { release: () => step("release") },
      } as unknown as Messaging,
      heard: {
        async begin(
          _account: string,
          isResumed: boolean,
          markOf: ((archiveId: string, time: number) => string) | undefined,
        ) {
          await step(`begin ${isResumed} ${markOf?.("a", 1)}`);
          return before;
        },
        page: (_account: string, mark: string, ids: ReadonlySet<string>) => step(`page ${mark} ${[...ids]}`),
        caughtUp: () => void calls.push("caught up"),
      } as unknown as Heard,
    });
  const all = [
    "begin false a@1",
    "read since since",
    "store false 7 true",
    "page mark a1,a2",
    "caught up",
    "idle",
    "release",
  ];

  it("reads the archive once the contact list is there, and lets what waits go then", async () => {
    const done = run();
    await vi.advanceTimersByTimeAsync(29_999);
    expect(calls).toEqual(all.slice(0, 1));
    roster.resolve();
    await done;
    expect(calls).toEqual(all);
  });

  it("waits half a minute for the contact list, and not at all in a session that goes on", async () => {
    const done = run();
    await vi.advanceTimersByTimeAsync(30_000);
    await done;
    expect(calls).toEqual(all);
    calls = [];
    await run(true);
    expect(calls).toEqual(["begin true a@1", ...all.slice(1)]);
  });

  it("reads nothing where nothing was missed", async () => {
    before.complete = true;
    await run(true);
    expect(calls).toEqual(["begin true a@1", "idle", "release"]);
  });

  it.each([
    ["since", []],
    [undefined, ["caught up"]],
  ])(
    "where there is no archive counts as read to its end only if nothing was read before (%s)",
    async (mark, caughtUp) => {
      before.mark = mark;
      roster.resolve();
      await run(false, false);
      expect(calls).toEqual(["begin false undefined", ...caughtUp, "idle", "release"]);
    },
  );

  it("calls the first reading the first", async () => {
    before.mark = undefined;
    roster.resolve();
    await run();
    expect(calls[2]).toBe("store true 7 true");
  });

  it.each(all.slice(0, 4))("ends where the account is stopped, and lets nothing go: %s", async (last) => {
    roster.resolve();
    pages = [page, page];
    at = (name) => {
      if (name === last) life.abort();
    };
    await run().catch((error: unknown) => expect(error).toMatchObject({ code: "cancelled" }));
    expect(calls).toEqual(all.slice(0, all.indexOf(last) + 1));
  });

  it("lets what waits go also where the archive cannot be read", async () => {
    roster.resolve();
    at = (name) => {
      if (name.startsWith("store")) throw new HallwayError("storage-full");
    };
    await expect(run()).rejects.toMatchObject({ code: "storage-full" });
    expect(calls).toEqual([...all.slice(0, 3), "idle", "release"]);
  });
});

describe("what the window knows of a connection", () => {
  const facets = (over: object = {}): Facets =>
    ({ messages: { send: async () => undefined }, ...over }) as unknown as Facets;
  const none = { correct: false, retract: false, sendTyping: false, sendReceipt: false };

  it("is each facet that is there and none that is not, and each thing that can be said", () => {
    expect(describeFacets(facets())).toEqual({ messages: none });
    for (const what of ["correct", "retract", "sendTyping", "sendReceipt"])
      expect(describeFacets(facets({ messages: { [what]: () => undefined } }))).toEqual({
        messages: { ...none, [what]: true },
      });
    for (const facet of ["archive", "rooms", "keys", "directory", "files"])
      expect(describeFacets(facets({ [facet]: {} }))).toEqual({ messages: none, [facet]: {} });
    expect(describeFacets(facets({ files: { maxBytes: 9 } })).files).toEqual({ maxBytes: 9 });
    for (const everyDevice of [true, false])
      expect(describeFacets(facets({ blocking: { everyDevice } })).blocking).toEqual({ everyDevice });
  });
});

describe("an account that is being added", () => {
  const accounts = { add: vi.fn() };
  const adding = new AddAccount(accounts, ["xmpp", "simple"]);
  const asked = { address: "bob@X.example", password: "secret", server: {} };
  beforeEach(() => void accounts.add.mockReset());

  it("is tried on every network, or on the one that its address or the person names", async () => {
    accounts.add.mockResolvedValue(id);
    expect(await adding.add(asked)).toBe(id);
    await adding.add({ ...asked, protocol: "simple" });
    await adding.add({ ...asked, address: "xmpp:bob@x.example" });
    expect(accounts.add.mock.calls.map(([{ address, protocols }]) => [address, protocols])).toEqual([
      ["bob@x.example", ["xmpp", "simple"]],
      ["bob@x.example", ["simple"]],
      ["bob@x.example", ["xmpp"]],
    ]);
  });

  it("is a person's", async () => {
    for (const address of ["x.example", "tel:+15550100"])
      await expect(adding.add({ ...asked, address })).rejects.toMatchObject({ code: "invalid-address" });
    expect(accounts.add).not.toHaveBeenCalled();
  });

  it("is given up for the next one, and by the person, and says so; a time-out is none of both", async () => {
    accounts.add.mockImplementation(
      (_: unknown, signal: AbortSignal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(new HallwayError("cancelled")), { once: true }),
        ),
    );
    const first = adding.add(asked);
    const second = adding.add(asked);
    await expect(first).rejects.toMatchObject({ code: "cancelled" });
    // The end of the first one does not take the second one from the person's hands.
    adding.cancel();
    await expect(second).rejects.toMatchObject({ code: "cancelled" });
    accounts.add.mockRejectedValue(new HallwayError("cancelled"));
    await expect(adding.add(asked)).rejects.toMatchObject({ code: "timed-out" });
    accounts.add.mockRejectedValue(new HallwayError("wrong-password"));
    await expect(adding.add(asked)).rejects.toMatchObject({ code: "wrong-password" });
    adding.cancel();
  });
});
