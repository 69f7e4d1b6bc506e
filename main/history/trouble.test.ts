import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, open as openFile, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import type { WorkerMethods } from "../app/worker-methods.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import { openProfile } from "../profile/open-profile.ts";
import type { History, NewMessage } from "./history.ts";
import { openHistory } from "./open-history.ts";
import { workerUrl } from "./workers.test-helper.ts";

const account = "account-1";
const bob = `${account}|bob@example.test`;
const key = new Uint8Array(randomBytes(32));
const pageSize = 4096;

let worker: DatabaseWorker<WorkerMethods>;
let folder: string;
let troubles: ErrorInfo[];
let histories: History[];
let count = 0;

beforeAll(() => {
  worker = startDatabaseWorker(workerUrl);
});
afterAll(() => worker.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-trouble-"));
  troubles = [];
  histories = [];
});
afterEach(async () => {
  await histories.at(-1)?.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(
  options: {
    mode?: HistoryMode;
    key?: Uint8Array;
    folder?: string;
    maxPages?: number;
    retryAfter?: number;
    onWell?: () => void;
    keepWhenOff?: number;
  } = {},
): Promise<History> {
  await histories.at(-1)?.close();
  const history = await openHistory({
    worker,
    folder,
    key,
    mode: "encrypted",
    onTrouble: (error) => troubles.push(error),
    ...options,
  });
  histories.push(history);
  return history;
}

function message(fields: Partial<NewMessage> = {}): NewMessage {
  count += 1;
  const direction = fields.direction ?? "in";
  const id = fields.id ?? `message-${count}`;
  return {
    id,
    conversationId: bob,
    accountId: account,
    direction,
    author: { isSelf: direction === "out" },
    wireId: direction === "out" ? id : `wire-${count}`,
    archiveId: undefined,
    body: `Line ${count} ${"filler ".repeat(30)}`,
    at: 1_700_000_000_000 + count,
    network: "xmpp",
    own: "me@example.test",
    receivedAt: count,
    state: direction === "out" ? "waiting" : "received",
    delayed: false,
    otherDevice: false,
    unread: direction === "in",
    wantsRead: false,
    ...fields,
  };
}

async function fill(history: History, lines: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < lines; n += 250)
    ids.push(
      ...(await history.append(Array.from({ length: Math.min(250, lines - n) }, () => message()))).map(
        (one) => one.record.id,
      ),
    );
  return ids;
}

async function allIds(history: History): Promise<string[]> {
  const ids: string[] = [];
  let page = await history.page({ conversationId: bob, limit: 200 });
  for (;;) {
    ids.unshift(...page.messages.map((one) => one.id));
    const first = page.messages[0];
    if (!page.before || !first) return ids;
    page = await history.page({ conversationId: bob, limit: 200, before: first.id });
  }
}

async function spoil(path: string, page: number): Promise<void> {
  const file = await openFile(path, "r+");
  await file.write(randomBytes(pageSize), 0, pageSize, (page - 1) * pageSize);
  await file.close();
}

describe("a corrupt history", () => {
  it.each(["first", "middle", "last"])(
    "on its %s page is set aside, begun anew, and brought over as far as it can be read",
    async (where) => {
      const path = join(folder, "history.db");
      const ids = await fill(await open(), 3000);
      await histories.at(-1)?.close();
      histories = [];
      const pages = (await stat(path)).size / pageSize;
      // A single page may be of an index that nothing here reads.
      if (where === "middle") for (let page = 0; page < 8; page++) await spoil(path, Math.floor(pages / 2) + page);
      else await spoil(path, where === "first" ? 1 : pages);
      const history = await open();
      // A broken page shows when it is read.
      await allIds(history);
      await history.search({ text: "filler", limit: 50 });
      await history.append([message({ id: "after" })]);
      if (troubles.length === 0) await history.markRead(bob, "after");
      expect(await history.get("after")).toBeDefined();
      // The page may be one that none of this touches.
      if (where === "last" && troubles.length === 0) return;
      expect(troubles.map((error) => error.code)).toEqual(["storage-corrupt"]);
      const aside = (await readdir(folder)).filter((name) => /^history-corrupt-.*\.db$/.test(name));
      expect(aside).toHaveLength(1);
      expect(troubles[0]?.params?.["file"]).toBe(join(folder, aside[0] ?? ""));
      // Without its first page nothing of a file can be read.
      if (where !== "first")
        await expect.poll(async () => (await allIds(history)).length).toBeGreaterThan(ids.length * 0.9);
      const found = await allIds(history);
      expect(found).toContain("after");
      expect(new Set(found).size).toBe(found.length);
      expect(found.filter((id) => id !== "after")).toEqual(ids.filter((id) => found.includes(id)));
      const again = await open();
      expect((await allIds(again)).length).toBe(found.length);
      expect(troubles).toHaveLength(1);
    },
  );
});

describe("a history that is being brought over", () => {
  it("goes on after a restart, keeps what is unread, and changes nothing that is newer", async () => {
    const path = join(folder, "history.db");
    const first = await open();
    const ids = await fill(first, 5000);
    await first.append([message({ id: "own", direction: "out" })]);
    await first.markRead(bob, ids[2499] ?? "");
    await first.close();
    histories = [];
    // A single page may be of an index that nothing here reads.
    for (let page = 0; page < 4; page++) await spoil(path, Math.floor((await stat(path)).size / pageSize / 2) + page);
    // A worker of its own, which is ended in the middle.
    const crashable = startDatabaseWorker(workerUrl);
    const told = Promise.withResolvers<void>();
    const broken = await openHistory({
      worker: crashable,
      folder,
      key,
      mode: "encrypted",
      onTrouble(error) {
        troubles.push(error);
        told.resolve();
      },
    });
    await allIds(broken);
    await broken.append([message({ id: "after" })]);
    await told.promise;
    await expect.poll(() => broken.get("own"), { interval: 1 }).toBeDefined();
    await broken.setState("own", bob, "sent");
    await crashable.stop();
    const again = await open();
    await expect.poll(async () => (await allIds(again)).length).toBeGreaterThan(4700);
    expect((await again.get("own"))?.state).toBe("sent");
    await expect.poll(async () => (await again.conversations())[0]?.unread).toBeGreaterThan(2300);
    expect((await again.conversations())[0]?.unread).toBeLessThan(2502);
    expect(troubles.map((error) => error.code)).toEqual(["storage-corrupt"]);
  });
});

describe("a history of another key", () => {
  it("is left alone, and memory serves", async () => {
    await fill(await open(), 10);
    await histories.at(-1)?.close();
    histories = [];
    const before = await readFile(join(folder, "history.db"));
    const history = await open({ key: new Uint8Array(randomBytes(32)) });
    expect(troubles).toEqual([{ code: "vault-unavailable", params: { file: "history.db" } }]);
    const [stored] = await history.append([message({ body: "in memory" })]);
    expect(stored?.isNew).toBe(true);
    expect((await history.search({ text: "memory", limit: 5 })).hits).toHaveLength(1);
    await history.close();
    histories = [];
    expect(await readFile(join(folder, "history.db"))).toEqual(before);
    expect((await readdir(folder)).filter((name) => name.includes("corrupt"))).toEqual([]);
    expect(await allIds(await open())).toHaveLength(10);
  });

  it("is not taken for corrupt when nothing tells which key it had", async () => {
    await fill(await open(), 10);
    await histories.at(-1)?.close();
    histories = [];
    await rm(join(folder, "history.db.keycheck"));
    await open({ key: new Uint8Array(randomBytes(32)) });
    expect(troubles.map((error) => error.code)).toEqual(["vault-unavailable"]);
    expect(await allIds(await open())).toHaveLength(10);
  });
});

describe("a full disk", () => {
  it("is told once; what was acknowledged stays, what comes is in memory, in its place", async () => {
    const history = await open({ maxPages: 150, retryAfter: 0 });
    expect(history.keeps).toBe(true);
    const ids = await fill(history, 1500);
    // Known when the answer comes: nothing of it may be acknowledged.
    expect(history.keeps).toBe(false);
    const own = message({ direction: "out", id: "own", body: "precious" });
    await history.append([own]);
    expect(troubles.map((error) => error.code)).toEqual(["storage-full"]);
    expect(await allIds(history)).toEqual([...ids, "own"]);
    expect((await history.waiting(account)).map((one) => one.id)).toEqual(["own"]);
    expect((await history.search({ text: "precious", limit: 5 })).hits).toHaveLength(1);
    expect((await history.append([own]))[0]).toMatchObject({ isNew: false, record: { id: "own" } });
    expect((await history.append([message({ id: ids[0] ?? "" })]))[0]?.isNew).toBe(false);
    expect((await history.conversations())[0]).toMatchObject({
      unread: 1500,
      firstUnread: ids[0],
      last: { text: "precious" },
    });
    expect((await history.setState("own", bob, "sent"))?.state).toBe("sent");
    expect(await history.waiting(account)).toEqual([]);
    const found = await history.search({ text: "filler", limit: 200 });
    expect(found.hits.map((hit) => hit.message.id)).toEqual([...ids].reverse().slice(0, 200));
  });

  it("goes to the disk when there is room again", async ({ skip }) => {
    const disk = join(folder, "disk");
    await mkdir(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      skip("a small disk cannot be mounted here (needs root)");
    }
    try {
      const history = await open({ folder: disk, retryAfter: 0 });
      const first = await fill(history, 100);
      await writeFile(join(disk, "ballast"), new Uint8Array(16 * 1024 * 1024)).catch(() => undefined);
      const second = await fill(history, 3000);
      expect(troubles.map((error) => error.code)).toEqual(["storage-full"]);
      expect(await allIds(history)).toEqual([...first, ...second]);
      execFileSync("mount", ["-o", "remount,size=64m", disk]);
      const third = await fill(history, 10);
      expect(troubles).toHaveLength(1);
      expect(await allIds(history)).toEqual([...first, ...second, ...third]);
      const again = await open({ folder: disk });
      expect(await allIds(again)).toEqual([...first, ...second, ...third]);
      expect((await again.conversations())[0]?.unread).toBe(3110);
      await again.close();
      histories = [];
    } finally {
      await histories.at(-1)?.close();
      histories = [];
      execFileSync("umount", [disk]);
    }
  });
});

describe("a folder that cannot be used", () => {
  it("is told, and tried again", async () => {
    const inTheWay = join(folder, "sub");
    await writeFile(inTheWay, "");
    let well = 0;
    const history = await open({ folder: inTheWay, retryAfter: 0, onWell: () => void (well += 1) });
    const [stored] = await history.append([message()]);
    expect(stored?.isNew).toBe(true);
    expect(troubles.map((error) => error.code)).toEqual(["storage-failed"]);
    expect(well).toBe(0);
    await rm(inTheWay);
    await history.append([message()]);
    await history.append([message()]);
    expect(well).toBe(1);
    expect(await allIds(await open({ folder: inTheWay }))).toHaveLength(3);
  });
});

describe("a process that is killed", () => {
  it("loses nothing that was acknowledged", async () => {
    for (let round = 0; round < 3; round++) {
      const child = spawn(
        process.execPath,
        [fileURLToPath(new URL("./writer.test-helper.ts", import.meta.url)), folder, Buffer.from(key).toString("hex")],
        {
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      const acknowledged: string[] = [];
      const ended = new Promise<NodeJS.Signals | null>((resolve) =>
        child.once("exit", (_code, signal) => resolve(signal)),
      );
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged.push(line);
        if (acknowledged.length === 300 * (round + 1)) child.kill("SIGKILL");
      }
      expect(await ended).toBe("SIGKILL");
      const history = await open();
      const ids = new Set(await allIds(history));
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
      const waiting = new Set((await history.waiting(account)).map((one) => one.id));
      const own = acknowledged.filter((id) => Number(id.split("-")[1]) % 3 === 0);
      expect(own.length).toBeGreaterThan(0);
      expect(own.filter((id) => !waiting.has(id))).toEqual([]);
      expect((await history.search({ text: "acknowledged", limit: 1 })).hits).toHaveLength(1);
      await history.close();
      histories = [];
    }
    expect(troubles).toEqual([]);
  });
});

describe("a switch of mode", () => {
  it("closes the file and leaves it, and shows it again", async () => {
    const history = await open();
    const ids = await fill(history, 20);
    await history.setMode("memory");
    expect(history.mode).toBe("memory");
    expect(await allIds(history)).toEqual([]);
    await history.append([message({ id: "in-memory", body: "ephemeral" })]);
    expect((await history.search({ text: "ephemeral", limit: 5 })).hits).toHaveLength(1);
    expect((await readFile(join(folder, "history.db"))).includes("ephemeral")).toBe(false);
    await history.setMode("off");
    expect(await history.get("in-memory")).toBeUndefined();
    await history.setMode("encrypted");
    expect(await allIds(history)).toEqual(ids);
    expect(troubles).toEqual([]);
  });

  it("takes along what waits, and sends nothing twice", async () => {
    const history = await open();
    await history.append([
      message({ id: "one", direction: "out" }),
      message({ id: "two", direction: "out" }),
      message({ id: "three", direction: "out" }),
    ]);
    await history.setMode("off");
    expect((await history.waiting(account)).map((one) => one.id)).toEqual(["one", "two", "three"]);
    await history.setState("one", bob, "sent");
    await history.append([message({ id: "four", direction: "out" })]);
    await history.setMode("memory");
    expect((await history.waiting(account)).map((one) => one.id)).toEqual(["two", "three", "four"]);
    await history.setState("two", bob, "delivered");
    await history.setMode("encrypted");
    expect((await history.waiting(account)).map((one) => one.id)).toEqual(["three", "four"]);
    expect([(await history.get("one"))?.state, (await history.get("two"))?.state]).toEqual(["sent", "delivered"]);
  });

  it("remembers, over a restart, what was sent while the file was closed", async () => {
    await (await open()).append([message({ id: "one", direction: "out" }), message({ id: "two", direction: "out" })]);
    const off = await open({ mode: "off" });
    expect((await off.waiting(account)).map((one) => one.id)).toEqual(["one", "two"]);
    await off.setState("one", bob, "sent");
    const later = await open();
    expect((await later.waiting(account)).map((one) => one.id)).toEqual(["two"]);
  });

  it("keeps in `off` only the newest lines and what waits", async () => {
    const history = await open({ mode: "off", keepWhenOff: 50 });
    await history.append([message({ id: "own", direction: "out" })]);
    const ids = await fill(history, 120);
    expect(await allIds(history)).toEqual(["own", ...ids.slice(-50)]);
    expect((await history.conversations())[0]?.unread).toBe(50);
    await history.forgetOpen(bob);
    expect(await allIds(history)).toEqual(["own"]);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("a worker that ends", () => {
  it("is replaced in the middle of its work, and nothing that was asked is lost", async () => {
    const crashable = startDatabaseWorker(new URL("./crashable-worker.test-helper.ts", import.meta.url));
    const profile = await openProfile({ worker: crashable, folder, key, onTrouble: (error) => troubles.push(error) });
    const history = await openHistory({
      worker: crashable,
      folder,
      key,
      mode: "memory",
      onTrouble: (error) => troubles.push(error),
    });
    await history.setMode("encrypted");
    await history.append([message({ id: "before" })]);
    const [, , after] = await Promise.all([
      profile.put([{ namespace: "draft", key: "a", value: "half a thought" }]),
      profile.get("network-cache", join(folder, "die-once")),
      history.append([message({ id: "after" })]),
    ]);
    expect(after[0]).toMatchObject({ record: { id: "after" } });
    expect(await profile.get("draft", "a")).toBe("half a thought");
    expect(await allIds(history)).toEqual(["before", "after"]);
    expect(troubles).toEqual([]);
    // What kills it each time is given up; the rest goes on.
    await expect(profile.get("network-cache", join(folder, "die-always"))).rejects.toMatchObject({
      code: "storage-failed",
    });
    expect(await allIds(history)).toEqual(["before", "after"]);
    await crashable.stop();
  });

  it("is replaced three times within a minute; after that all fails, and it is told once", async () => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    const crashable = startDatabaseWorker(new URL("./crashable-worker.test-helper.ts", import.meta.url));
    const profile = await openProfile({ worker: crashable, folder, key, onTrouble: (error) => troubles.push(error) });
    const die = (n: number) => profile.get("network-cache", join(folder, `die-${n}`));
    for (let n = 0; n < 3; n++) await die(n);
    // A minute later it may be replaced again.
    clock.mockReturnValue(60_000);
    for (let n = 3; n < 6; n++) await die(n);
    await profile.put([{ namespace: "draft", key: "a", value: "text" }]);
    expect([await profile.get("draft", "a"), troubles]).toEqual(["text", []]);
    await expect(die(6)).rejects.toMatchObject({ code: "storage-failed" });
    await expect(profile.get("draft", "a")).rejects.toMatchObject({ code: "storage-failed" });
    expect(troubles.map(({ code }) => code)).toEqual(["storage-failed"]);
    clock.mockRestore();
    await crashable.stop();
  });

  it("fails every call with a code and says so", async () => {
    const crashable = startDatabaseWorker(workerUrl);
    const told: ErrorInfo[] = [];
    const history = await openHistory({
      worker: crashable,
      folder,
      key,
      mode: "memory",
      onTrouble: (error) => told.push(error),
    });
    await crashable.stop();
    await expect(history.append([message()])).rejects.toMatchObject({ code: "storage-failed" });
    expect(told).toEqual([]);
    const missing = startDatabaseWorker(new URL("./no-such-worker.ts", import.meta.url));
    await expect(
      openHistory({ worker: missing, folder, key, mode: "memory", onTrouble: (error) => told.push(error) }),
    ).rejects.toMatchObject({
      code: "storage-failed",
    });
    expect(told.map((error) => error.code)).toEqual(["storage-failed"]);
  });
});
