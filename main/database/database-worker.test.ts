import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ErrorInfo } from "../../shared/errors.ts";
import { DatabaseThread } from "./database-worker.ts";
import type { ThreadMethods } from "./protocol.ts";

interface Methods extends ThreadMethods {
  "one.open": { readonly args: readonly [options: unknown]; readonly result: undefined };
  "one.close": { readonly args: readonly []; readonly result: undefined };
  "one.setMode": { readonly args: readonly [mode: string]; readonly result: undefined };
  "one.refuse": { readonly args: readonly []; readonly result: undefined };
  /** Everything that this thread was asked so far, as text. */
  "one.asked": { readonly args: readonly []; readonly result: readonly string[] };
  "one.trouble": { readonly args: readonly [from: string]; readonly result: undefined };
  "one.well": { readonly args: readonly []; readonly result: undefined };
  "one.never": { readonly args: readonly []; readonly result: undefined };
  /** Dies unless so many threads have died before. */
  "one.die": { readonly args: readonly [deaths: SharedArrayBuffer, times: number]; readonly result: string };
}

const thread = `
import { parentPort } from "node:worker_threads";
const asked = [];
parentPort.on("message", ({ id, method, args }) => {
  const answer = (value) => parentPort.postMessage({ kind: "result", id, value });
  if (method === "stop") return process.exit(0);
  if (method === "one.never") return;
  if (method === "one.asked") return answer(asked);
  asked.push(method + (typeof args[0] === "string" || method === "one.open" ? " " + JSON.stringify(args[0]) : ""));
  const error = { code: "storage-full", params: { reason: "made up" } };
  if (method === "one.refuse") return parentPort.postMessage({ kind: "error", id, error });
  if (method === "one.trouble") parentPort.postMessage({ kind: "trouble", from: args[0], error });
  if (method === "one.well") parentPort.postMessage({ kind: "well" });
  if (method === "one.die") {
    const deaths = new Int32Array(args[0]);
    if (deaths[0] < args[1]) { deaths[0] += 1; process.exit(1); }
    return answer("alive");
  }
  answer(undefined);
});`;

const opened: DatabaseThread<Methods>[] = [];
function start(source = thread): DatabaseThread<Methods> {
  const made = new DatabaseThread<Methods>(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    "one.setMode": "mode",
  });
  opened.push(made);
  return made;
}
afterEach(async () => {
  vi.restoreAllMocks();
  for (const one of opened.splice(0)) await one.stop();
});

const ended = { code: "storage-failed", params: { reason: "worker-ended" } };
const deaths = (): SharedArrayBuffer => new SharedArrayBuffer(4);

describe("the thread with the databases", () => {
  it("answers each call, with one of our codes where it fails", async () => {
    const one = start();
    const answers = [one.call("one.open", { path: "a" }), one.call("one.asked")];
    expect(await Promise.all(answers)).toEqual([undefined, ['one.open {"path":"a"}']]);
    await expect(one.call("one.refuse")).rejects.toMatchObject({
      code: "storage-full",
      params: { reason: "made up" },
    });
  });

  it("tells of trouble those who listen for that service, and of its end all, until they stop", async () => {
    const one = start();
    const told: string[] = [];
    const listen = (from: string, name: string) =>
      one.onTrouble(from, (error: ErrorInfo) => void told.push(`${name} ${error.code}`));
    const stop = listen("one", "first");
    listen("one", "second");
    listen("two", "other");
    const stopWell = one.onWell(() => void told.push("well"));
    await one.call("one.trouble", "one");
    await one.call("one.trouble", "three");
    await one.call("one.well");
    expect(told).toEqual(["first storage-full", "second storage-full", "well"]);
    told.length = 0;
    stop();
    stopWell();
    await one.call("one.trouble", "one");
    await one.call("one.well");
    expect(told).toEqual(["second storage-full"]);
  });

  it("keeps the program alive while it is asked something, and no longer", async () => {
    const holds: boolean[] = [];
    for (const name of ["ref", "unref"] as const)
      vi.spyOn(Worker.prototype, name).mockImplementation(() => void holds.push(name === "ref"));
    const one = start();
    expect(holds.at(-1)).toBe(false);
    const [first, second] = [one.call("one.close"), one.call("one.close")];
    expect(holds.at(-1)).toBe(true);
    holds.length = 0;
    await first;
    await second;
    expect(holds).toEqual([false]);
    const stopping = one.stop();
    expect(holds.at(-1)).toBe(true);
    await stopping;
  });

  it("ends after what it was asked before, tells of no trouble then, and is asked nothing more", async () => {
    const one = start();
    const told = vi.fn();
    one.onTrouble("one", told);
    const before = one.call("one.asked");
    await one.stop();
    expect(await before).toEqual([]);
    await expect(one.call("one.asked")).rejects.toMatchObject(ended);
    await one.stop();
    expect(told).not.toHaveBeenCalled();
  });

  it("that ends while it is asked to end does not begin again", async () => {
    const one = start();
    await one.call("one.asked");
    const unanswered = one.call("one.never");
    const stopping = one.stop();
    await expect(unanswered).rejects.toMatchObject(ended);
    await stopping;
  });
});

describe("a thread that dies", () => {
  it("is followed by another, which opens what was open and is asked again what was not answered", async () => {
    const one = start();
    await one.call("one.open", { path: "a", mode: "first" });
    await one.call("one.setMode", "second");
    const [died, waits] = [one.call("one.die", deaths(), 1), one.call("one.asked")];
    expect(await died).toBe("alive");
    expect(await waits).toEqual(['one.open {"path":"a","mode":"second"}', "one.die"]);
    await one.call("one.close");
    expect(await one.call("one.die", deaths(), 1)).toBe("alive");
    expect(await one.call("one.asked")).toEqual(["one.die"]);
  });

  it("opens nothing by what was refused, and changes nothing that is not open", async () => {
    const one = start();
    await one.call("one.setMode", "second");
    await one.call("one.refuse").catch(() => undefined);
    await one.call("one.die", deaths(), 1);
    expect(await one.call("one.asked")).toEqual(["one.die"]);
  });

  it("at the same call again is not asked it a third time, and goes on", async () => {
    const one = start();
    await one.call("one.open", { path: "a" });
    const times = deaths();
    await expect(one.call("one.die", times, 2)).rejects.toMatchObject(ended);
    expect(new Int32Array(times)).toEqual(new Int32Array([2]));
    expect(await one.call("one.asked")).toEqual(['one.open {"path":"a"}']);
  });

  it("before it has worked is not started again: all that is asked fails, and all are told once", async () => {
    const one = start("process.exit(1)");
    const told: string[] = [];
    for (const from of ["one", "two"]) one.onTrouble(from, ({ code }) => void told.push(`${from} ${code}`));
    await expect(one.call("one.asked")).rejects.toMatchObject(ended);
    await expect(one.call("one.asked")).rejects.toMatchObject(ended);
    expect(told).toEqual(["one storage-failed", "two storage-failed"]);
  });

  it("is started again three times within a minute, and not a fourth time", async () => {
    const now = vi.spyOn(performance, "now").mockReturnValue(0);
    const one = start();
    for (const at of [0, 59_999, 59_999]) {
      await one.call("one.asked");
      now.mockReturnValue(at);
      expect(await one.call("one.die", deaths(), 1)).toBe("alive");
    }
    // The first is a minute old.
    now.mockReturnValue(60_000);
    expect(await one.call("one.die", deaths(), 1)).toBe("alive");
    await expect(one.call("one.die", deaths(), 1)).rejects.toMatchObject(ended);
  });
});
