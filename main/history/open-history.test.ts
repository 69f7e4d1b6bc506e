import { describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import type { Correction, NewMessage, Retraction } from "./history.ts";
import type { HistoryMethods } from "./history-methods.ts";
import { keepEverything } from "./keeping-policy.ts";
import { type HistoryOptions, openHistory } from "./open-history.ts";
import { everything, type ScopeRules } from "./scope.ts";

type Call = readonly [method: string, ...args: readonly unknown[]];

/** A thread with the databases that answers late, and what it is asked. */
function slowWorker(answers: Partial<Record<keyof HistoryMethods, () => unknown>> = {}) {
  const calls: Call[] = [];
  const trouble = new Set<(error: { readonly code: "storage-full" | "storage-corrupt" }) => void>();
  const well = new Set<() => void>();
  const worker = {
    async call(method: keyof HistoryMethods, ...args: readonly unknown[]) {
      calls.push([method, ...args]);
      await new Promise((resolve) => setImmediate(resolve));
      return answers[method]?.();
    },
    onTrouble(from: string, listener: never) {
      if (from === "history") trouble.add(listener);
      return () => trouble.delete(listener);
    },
    onWell(listener: () => void) {
      well.add(listener);
      return () => well.delete(listener);
    },
    stop: async () => undefined,
  } as unknown as DatabaseWorker<HistoryMethods>;
  const asked = (method: string): readonly Call[] => calls.filter(([name]) => name === method);
  return { worker, calls, trouble, well, asked };
}

const base = { folder: "/f", key: new Uint8Array([1]), mode: "encrypted" as const };
const open = (worker: DatabaseWorker<HistoryMethods>, options: Partial<HistoryOptions> = {}) =>
  openHistory({ ...base, worker, onTrouble: () => undefined, ...options });

/** Lets everything go on that waits for its turn. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const place = (address: string) => ({ accountId: "a", kind: "direct" as const, address });
const to = (address: string) => ({ conversationId: `a|${address}`, place: place(address) });
const bob = to("bob@x.example");
const eve = to("eve@x.example");

describe("an open history", () => {
  it("is opened with what it is given, and with what is usual for the rest", async () => {
    const usual = slowWorker();
    await open(usual.worker);
    expect(usual.calls[0]).toEqual([
      "history.open",
      {
        ...base,
        scope: everything,
        keepWhenOff: 200,
        retention: keepEverything,
        retryAfter: 15_000,
        maxPages: undefined,
      },
    ]);
    const given = slowWorker();
    const options = {
      mode: "memory",
      keepWhenOff: 5,
      retryAfter: 0,
      maxPages: 9,
      retention: { ...keepEverything, minimumDays: 1 },
    } as const;
    const scope: ScopeRules = { scope: "internal", own: new Map(), allowedDomains: [] };
    const history = await open(given.worker, { ...options, scope: () => scope });
    expect(given.calls[0]).toEqual(["history.open", { ...base, ...options, scope }]);
    expect(history.mode).toBe("memory");
  });

  it("that cannot be opened listens to nothing any more", async () => {
    const { worker, trouble, well } = slowWorker({
      "history.open": () => {
        throw new HallwayError("storage-failed");
      },
    });
    await expect(open(worker)).rejects.toMatchObject({ code: "storage-failed" });
    expect([trouble.size, well.size]).toEqual([0, 0]);
  });

  it("asks the thread for each thing with all that it is given, and answers what that says", async () => {
    const asking = {
      setState: [{ ...bob, wireId: "w", state: "sent" }],
      readThere: [bob.conversationId, "w"],
      get: ["m"],
      page: [{ conversationId: bob.conversationId, limit: 5 }],
      search: [{ text: "t", limit: 5 }],
      conversations: [],
      markRead: [bob.conversationId, "m"],
      markReadByWireId: [{ ...bob, wireId: "w" }],
      waiting: ["a"],
      forgetOpen: [bob.conversationId],
      record: [{}, { limit: 5 }],
      recorded: [["m"]],
    } as const;
    for (const [name, args] of Object.entries(asking)) {
      const { worker, asked } = slowWorker({ [`history.${name}`]: () => `answer of ${name}` });
      const history = await open(worker);
      const work = history[name as keyof typeof asking] as (...args: readonly unknown[]) => Promise<unknown>;
      expect(await work.apply(history, [...args])).toBe(`answer of ${name}`);
      expect(asked(`history.${name}`)).toEqual([[`history.${name}`, ...args]]);
    }
  });

  it("tells the archive before the thread, and demands a record only where policy does", async () => {
    const { worker, calls, asked } = slowWorker();
    const told = (what: string) => (about: unknown) => void calls.push([what, about]);
    const archived: string[] = [];
    const history = await open(worker, {
      rules: { demandsRecord: ({ address }) => address === bob.place.address },
      feed: {
        appending: told("appending"),
        correcting: told("correcting"),
        retracting: told("retracting"),
        covers: ({ address }) => archived.includes(address),
      },
    });
    calls.length = 0;
    const messages = [eve, bob, bob].map((one) => one as NewMessage);
    await history.append(messages);
    expect(calls).toEqual([
      ["appending", messages],
      ["history.append", messages, [bob.conversationId]],
    ]);
    await history.append([messages[0] as NewMessage]);
    expect(asked("history.append").at(-1)?.[2]).toEqual([]);
    for (const [one, demanded] of [
      [bob, true],
      [eve, false],
    ] as const) {
      calls.length = 0;
      await history.correct(one as Correction);
      await history.retract(one as Retraction);
      expect(calls).toEqual([
        ["correcting", one],
        ["history.correct", one, demanded],
        ["retracting", one],
        ["history.retract", one, demanded],
      ]);
    }
    archived.push(eve.place.address);
    calls.length = 0;
    await history.retract(eve as Retraction);
    expect(calls.at(-1)).toEqual(["history.retract", eve, true]);
    const plain = slowWorker();
    await (await open(plain.worker)).correct(bob as Correction);
    expect(plain.asked("history.correct")).toEqual([["history.correct", bob, false]]);
  });

  it("tells the thread of other rules before the next call, and of the same ones not again", async () => {
    const { worker, calls } = slowWorker({
      "history.setScope": () => {
        throw new HallwayError("storage-failed");
      },
    });
    const own = new Map([["a", "me@x.example"]]);
    const domains: readonly string[] = [];
    let scope: ScopeRules = { scope: "internal", own, allowedDomains: domains };
    const history = await open(worker, { scope: () => scope });
    calls.length = 0;
    scope = { scope: "internal", own: new Map(own), allowedDomains: domains };
    await history.get("one");
    scope = { ...scope, scope: "external" };
    await history.get("two");
    await history.get("three");
    expect(calls.filter(([, about]) => about !== undefined)).toEqual([
      ["history.get", "one"],
      ["history.setScope", scope],
      ["history.get", "two"],
      ["history.get", "three"],
    ]);
  });
});

describe("trouble of a history", () => {
  it("is told, and until it is over nothing is kept; a history that keeps nothing has none", async () => {
    const { worker, trouble, well } = slowWorker();
    const told: string[] = [];
    const history = await open(worker, {
      onTrouble: ({ code }) => void told.push(code),
      onWell: () => void told.push("well"),
    });
    expect(history.keeps).toBe(true);
    for (const tell of trouble) tell({ code: "storage-full" });
    expect(history.keeps).toBe(false);
    await history.setMode("memory");
    expect(history.keeps).toBe(true);
    await history.setMode("encrypted");
    expect(history.keeps).toBe(false);
    for (const tell of well) tell();
    expect([history.keeps, told]).toEqual([true, ["storage-full", "well"]]);
  });

  it("of a broken file is met by bringing over what can be read, and keeps on keeping", async () => {
    let left = 0;
    const { worker, trouble, asked } = slowWorker({ "history.salvageSome": () => left-- > 0 });
    const history = await open(worker);
    await vi.waitFor(() => expect(asked("history.salvageSome")).toHaveLength(1));
    for (const tell of trouble) tell({ code: "storage-corrupt" });
    await vi.waitFor(() => expect(asked("history.salvageSome")).toHaveLength(2));
    expect(history.keeps).toBe(true);
    for (const tell of trouble) tell({ code: "storage-full" });
    await history.get("m");
    expect(asked("history.salvageSome")).toHaveLength(2);
    left = 3;
    for (const tell of trouble) tell({ code: "storage-corrupt" });
    await vi.waitFor(() => expect(asked("history.salvageSome")).toHaveLength(6));
  });

  it("is heard of no more once it is closed, and nothing goes on then", async () => {
    const { worker, trouble, well, asked, calls } = slowWorker({
      "history.salvageSome": () => true,
      "history.renewIndexSome": () => true,
    });
    const history = await open(worker);
    await vi.waitFor(() => expect(asked("history.renewIndexSome").length).toBeGreaterThan(1));
    const closing = history.close();
    expect(trouble.size).toBe(1);
    await closing;
    expect([trouble.size, well.size]).toEqual([0, 0]);
    await turns();
    expect(calls.at(-1)).toEqual(["history.close"]);
  });
});

it("the mode is another one when the thread has changed it, and the index is cut anew by one at a time", async () => {
  let left = 0;
  const { worker, asked } = slowWorker({ "history.renewIndexSome": () => left-- > 0 });
  const history = await open(worker);
  await vi.waitFor(() => expect(asked("history.renewIndexSome")).toHaveLength(1));
  await turns();
  left = 2;
  const switching = history.setMode("off");
  expect(history.mode).toBe("encrypted");
  await switching;
  expect([history.mode, asked("history.setMode")]).toEqual(["off", [["history.setMode", "off"]]]);
  await history.setMode("encrypted");
  await vi.waitFor(() => expect(left).toBe(-1));
  await turns();
  // One for the opening, three for the first switch, and at most one for the second.
  expect(asked("history.renewIndexSome").length).toBeLessThanOrEqual(5);
});
