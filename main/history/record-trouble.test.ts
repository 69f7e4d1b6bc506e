import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, open as openFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { placeOf } from "../../shared/model/conversation-id.ts";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import type { WorkerMethods } from "../app/worker-methods.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import type { History, NewMessage } from "./history.ts";
import { newMessage } from "./new-message.test-helper.ts";
import { openHistory } from "./open-history.ts";
import { workerUrl } from "./workers.test-helper.ts";

const bob = "account-1|bob@example.test";
const key = new Uint8Array(randomBytes(32));
const pageSize = 4096;

let worker: DatabaseWorker<WorkerMethods>;
let folder: string;
let troubles: string[];

beforeEach(async () => {
  worker = startDatabaseWorker(workerUrl);
  folder = await mkdtemp(join(tmpdir(), "hallway-record-"));
  troubles = [];
});
afterEach(async () => {
  await worker.stop();
  await rm(folder, { recursive: true, force: true });
});

const open = (at = folder): Promise<History> =>
  openHistory({
    worker,
    folder: at,
    key,
    mode: "encrypted",
    retryAfter: 0,
    rules: { demandsRecord: () => true },
    onTrouble: (error) => troubles.push(error.code),
  });

const message = (n: number, direction: "in" | "out" = "in"): NewMessage =>
  newMessage(`m${n}`, {
    ...{ direction, wireId: `m${n}`, at: n, body: `First words of ${n} ${"filler ".repeat(30)}` },
    receivedAt: n,
    files: [{ name: `${n}.pdf`, sha256: "ab".repeat(32), size: n, type: undefined }],
    members: [{ address: "bob@example.test", name: `Bob ${n % 3}` }],
  });

it("what hangs on messages is brought over from a history that was set aside", async () => {
  const count = 1_500;
  const ids = Array.from({ length: count }, (_, n) => `m${n}`);
  const first = await open();
  await first.append(ids.map((_, n) => message(n, n % 2 === 0 ? "in" : "out")));
  for (let n = 0; n < count; n += 50)
    await first.correct({
      conversationId: bob,
      place: placeOf(bob),
      direction: "in",
      author: { isSelf: false },
      wireId: `m${n}`,
      body: `Second words of ${n}`,
      at: n + 1,
    });
  for (let n = 1; n < count; n += 50) await first.setState({ conversationId: bob, wireId: `m${n}`, state: "sent" });
  await first.retract({
    conversationId: bob,
    place: placeOf(bob),
    direction: "in",
    author: { isSelf: false },
    wireId: "never-came",
    at: 5,
  });
  const before = new Map((await first.recorded(ids)).map((one) => [one.id, one]));
  await first.close();

  const path = join(folder, "history.db");
  const pages = (await stat(path)).size / pageSize;
  const file = await openFile(path, "r+");
  await file.write(randomBytes(8 * pageSize), 0, 8 * pageSize, Math.floor(pages / 2) * pageSize);
  await file.close();
  const second = await open();
  for (let page = await second.page({ conversationId: bob, limit: 200 }); page.before && troubles.length === 0; ) {
    const [oldest] = page.messages;
    page = await second.page({ conversationId: bob, limit: 200, before: oldest?.id ?? "" });
  }
  expect(troubles).toEqual(["storage-corrupt"]);
  await expect.poll(async () => (await second.recorded(ids)).length).toBeGreaterThan(count * 0.85);
  const after = await second.recorded(ids);
  // What hangs on a message may have been on a page that was broken; then the message is there without it.
  const whole = after.filter((one) => JSON.stringify(one) === JSON.stringify(before.get(one.id)));
  expect(whole.length).toBeGreaterThan(count * 0.7);
  expect(whole.some((one) => one.versions.length === 1)).toBe(true);
  expect(whole.some((one) => one.states.length === 2)).toBe(true);
  await second.append([{ ...message(9_999), id: "late", wireId: "never-came" }]);
  expect((await second.get("late"))?.retracted).toBe(true);
  await second.close();
});

it("corrections and retractions on a full disk are in memory, and go to the disk with what was said before", async ({
  skip,
}) => {
  const disk = join(folder, "disk");
  await mkdir(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], { stdio: "ignore" });
  } catch {
    skip("a small disk cannot be mounted here (needs root)");
  }
  try {
    const history = await open(disk);
    await history.append([message(1), message(2), message(3, "out")]);
    await writeFile(join(disk, "ballast"), new Uint8Array(16 * 1024 * 1024)).catch(() => undefined);
    for (let n = 100; troubles.length === 0; n += 100)
      await history.append(Array.from({ length: 100 }, (_, i) => message(n + i)));
    const corrected = await history.correct({
      conversationId: bob,
      place: placeOf(bob),
      direction: "in",
      author: { isSelf: false },
      wireId: "m1",
      body: "Second words",
      at: 10,
    });
    expect(corrected).toMatchObject({ outcome: "changed", record: { id: "m1", body: "Second words" } });
    expect(
      (
        await history.retract({
          conversationId: bob,
          place: placeOf(bob),
          direction: "in",
          author: { isSelf: false },
          wireId: "m2",
          at: 11,
        })
      ).outcome,
    ).toBe("changed");
    expect((await history.setState({ conversationId: bob, wireId: "m3", state: "sent" }))?.state).toBe("sent");
    const before = await history.recorded(["m1", "m2", "m3"]);
    expect(troubles).toEqual(["storage-full"]);
    execFileSync("mount", ["-o", "remount,size=64m", disk]);
    await history.append([message(50)]);
    await history.close();
    const again = await open(disk);
    expect(await again.recorded(["m1", "m2", "m3"])).toEqual(before);
    expect(before.map(({ body, versions }) => [body, versions.length])).toMatchObject([
      ["Second words", 1],
      ["", 1],
      [message(3).body, 0],
    ]);
    expect((await again.search({ text: "second", limit: 5 })).hits).toHaveLength(1);
    expect(troubles).toEqual(["storage-full"]);
    await again.close();
  } finally {
    execFileSync("umount", [disk]);
  }
});
