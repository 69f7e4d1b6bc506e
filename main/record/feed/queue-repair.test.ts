import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ErrorInfo } from "../../../shared/errors.ts";
import { placeOf } from "../../../shared/model/conversation-id.ts";
import { startDatabaseWorker } from "../../app/start-database-worker.ts";
import type { WorkerMethods } from "../../app/worker-methods.ts";
import type { DatabaseWorker } from "../../database/database-worker.ts";
import type { History } from "../../history/history.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import { workerUrl } from "../../history/workers.test-helper.ts";
import type { ComplianceFeed } from "./compliance-feed.ts";
import { openComplianceFeed } from "./open-compliance-feed.ts";
import { inFolder } from "./receivers.test-helper.ts";
import { ownItem } from "./recorded.ts";

const key = new Uint8Array(randomBytes(32));
const account = { network: "xmpp", own: "me@x.example" } as const;
const conversationId = "account-1|bob@x.example";
const count = 600;
const pageSize = 4096;
/** Long enough that not many stand on a page. */
const item = (n: number) => {
  const body = `message ${n} ${"x".repeat(300)}`;
  return ownItem({ id: `m${n}`, conversationId, place: placeOf(conversationId), body, at: n }, account);
};
const items = Array.from({ length: count }, (_, n) => item(n));
const eventually = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 60_000, interval: 20 });

let worker: DatabaseWorker<WorkerMethods>;
let folder: string;
let place: string;
let troubles: ErrorInfo[];
let archive: ComplianceFeed | undefined;
/** Stored progress of the archive. */
let progress: string | undefined;
/** Contents of the record; it cannot be read before it is `opened`. */
let recorded: readonly RecordedMessage[];
let opened: PromiseWithResolvers<Pick<History, "record">>;

beforeAll(() => {
  worker = startDatabaseWorker(workerUrl);
});
afterAll(() => worker.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-repair-"));
  place = join(folder, "archive");
  troubles = [];
  progress = undefined;
  recorded = [];
});
afterEach(async () => {
  await archive?.close();
  await rm(folder, { recursive: true });
});

async function start(more: { readonly maxPages?: number } = {}): Promise<ComplianceFeed> {
  await archive?.close();
  opened = Promise.withResolvers();
  archive = await openComplianceFeed({
    worker,
    folder,
    key,
    ...inFolder(() => place),
    progress: {
      read: async () => progress,
      async write(value) {
        progress = value;
      },
    },
    record: opened.promise,
    account: () => account,
    onTrouble: (error) => troubles.push(error),
    onWell: () => undefined,
    ...more,
  });
  return archive;
}

/** The record, in pieces. */
function openRecord(): void {
  opened.resolve({
    record: async (_query, { after, limit }) => {
      const from = after?.order === "seq" ? after.seq : 0;
      const end = from + limit;
      return {
        messages: recorded.slice(from, end),
        next: end < recorded.length ? { layer: "file", order: "seq", seq: end } : undefined,
      };
    },
  });
}

async function arrived(): Promise<Set<string>> {
  const names = (await readdir(place)).filter((name) => name.endsWith(".json"));
  return new Set(names.map((name) => name.replace(".json", "")));
}

/** Everything waits in a queue that is closed; what stood on some of its pages is noise then. */
async function damagedQueue(pages: (all: number) => readonly number[]): Promise<void> {
  const first = await start();
  await first.add(items);
  await first.close();
  archive = undefined;
  const path = join(folder, "archive.db");
  const all = Math.floor((await stat(path)).size / pageSize);
  expect(all).toBeGreaterThan(60);
  const file = await open(path, "r+");
  for (const page of pages(all)) await file.write(randomBytes(pageSize), 0, pageSize, page * pageSize);
  await file.close();
}

const missing = (found: ReadonlySet<string>) => items.filter(({ id }) => !found.has(id)).length;
const some = (all: number) => [Math.floor(all / 3), Math.floor(all / 2), Math.floor((all * 2) / 3)];

describe("a queue of the archive with pages that cannot be read", { timeout: 120_000 }, () => {
  it("loses nothing that is in the record, says so once, and lets nothing be sent before it is whole", async () => {
    await damagedQueue(some);
    recorded = items.map(({ message }) => ({ ...message, storedAt: Date.now() }));
    const again = await start();
    await mkdir(place);
    // It is found out with the first page that is read; the archive takes what can be read meanwhile.
    await eventually(() => expect(again.blocked).toEqual({ code: "archive-queue-damaged" }));
    let sent = false;
    const waiting = again.taken(
      { id: "own", conversationId, place: placeOf(conversationId), body: "own", at: Date.now() },
      new AbortController().signal,
    );
    const done = waiting?.then(() => {
      sent = true;
    });
    await eventually(async () => expect((await arrived()).size).toBeGreaterThan(count / 2));
    expect(sent).toBe(false);
    expect(again.blocked).toEqual({ code: "archive-queue-damaged" });
    openRecord();
    await eventually(async () => expect(missing(await arrived())).toBe(0));
    await done;
    await eventually(() => expect(again.blocked).toBeUndefined());
    expect(troubles).toEqual([{ code: "archive-queue-damaged" }]);
    expect((await readdir(folder)).filter((name) => /^archive-corrupt-.*\.db$/.test(name))).toHaveLength(1);
    // Whole: nothing of it is done again at the next start.
    const files = await arrived();
    await rm(place, { recursive: true });
    await mkdir(place);
    const later = await start();
    openRecord();
    await later.add([item(count)]);
    await eventually(async () => expect(await arrived()).toEqual(new Set([item(count).id])));
    expect(later.blocked).toBeUndefined();
    expect(files.size).toBe(count + 1);
  });

  it("without a record, all that can be read goes out: only what stood on those pages is lost", async () => {
    await damagedQueue(some);
    await start();
    openRecord();
    await mkdir(place);
    await eventually(async () => {
      expect(archive?.blocked).toBeUndefined();
      expect((await arrived()).size).toBeGreaterThan(0);
    });
    await eventually(async () => expect(missing(await arrived())).toBeLessThan(100));
    expect(troubles).toEqual([{ code: "archive-queue-damaged" }]);
  });

  it("goes on with it after a sudden end in the middle of it", async () => {
    await damagedQueue(some);
    recorded = items.map(({ message }) => ({ ...message, storedAt: Date.now() }));
    await mkdir(place);
    const again = await start();
    await eventually(() => expect(again.blocked).toEqual({ code: "archive-queue-damaged" }));
    // The record was never open: it ends before that.
    const third = await start();
    expect(third.blocked).toEqual({ code: "archive-queue-damaged" });
    openRecord();
    await eventually(async () => expect(missing(await arrived())).toBe(0));
    await eventually(() => expect(third.blocked).toBeUndefined());
  });
});

describe("a queue of the archive of which nothing is left", { timeout: 120_000 }, () => {
  it.each([
    ["it is noise from end to end", () => damagedQueue((all) => Array.from({ length: all }, (_, n) => n))],
    [
      "the file is gone",
      async () => {
        await damagedQueue(() => []);
        for (const name of await readdir(folder)) if (name.startsWith("archive.db")) await rm(join(folder, name));
      },
    ],
  ])("is made again from the record: %s", async (_, damage) => {
    await damage();
    recorded = items.map(({ message }) => ({ ...message, storedAt: Date.now() }));
    const again = await start();
    await eventually(() => expect(again.blocked).toEqual({ code: "archive-queue-damaged" }));
    openRecord();
    await mkdir(place);
    await eventually(async () => expect(missing(await arrived())).toBe(0));
    await eventually(() => expect(again.blocked).toBeUndefined());
  });

  it("feeds again only what came since the archive is known to have had it all, with every version and no word that is not there", async () => {
    const now = Date.now();
    const day = 24 * 3_600_000;
    progress = JSON.stringify({ since: now - 30 * day, reached: now - 2 * day });
    const base = item(0).message;
    const at = (n: number, storedAt: number, more: Partial<RecordedMessage> = {}): RecordedMessage => ({
      ...base,
      wireId: `w${n}`,
      id: `w${n}`,
      storedAt,
      ...more,
    });
    recorded = [
      at(1, now - 10 * day),
      at(2, now - day, {
        body: "third",
        correctedAt: 30,
        versions: [
          { body: "first", since: 10, until: 20 },
          { body: "second", since: 20, until: 30 },
        ],
      }),
      at(3, now - day, { body: "", retractedAt: 40, versions: [{ body: "said", since: 10, until: 40 }] }),
      at(4, now - day, { body: "", retractedAt: 40 }),
    ];
    await mkdir(place);
    const again = await start();
    openRecord();
    await eventually(() => expect(again.blocked).toBeUndefined());
    const texts = async () =>
      Promise.all(
        [...(await arrived())].map(
          async (id) =>
            JSON.parse(await readFile(join(place, `${id}.json`), "utf8")) as {
              what: string;
              text: string;
              wireId: string;
            },
        ),
      );
    await eventually(async () => expect(await texts()).toHaveLength(6));
    expect((await texts()).map(({ what, text, wireId }) => `${wireId} ${what} ${text}`).sort()).toEqual([
      "w2 correction second",
      "w2 correction third",
      "w2 message first",
      "w3 message said",
      "w3 retraction ",
      "w4 retraction ",
    ]);
  });

  it("is nothing to speak of where nothing was ever archived", async () => {
    await mkdir(place);
    const first = await start();
    expect(first.blocked?.code).not.toBe("archive-queue-damaged");
    expect(troubles).toEqual([]);
    await eventually(() => expect(progress).toBeDefined());
  });
});

describe("a queue that could not be written when the program ended", { timeout: 120_000 }, () => {
  const fill = async (): Promise<void> => {
    const first = await start({ maxPages: 40 });
    for (const one of items.slice(0, 150)) await first.add([one]);
    expect(troubles).toMatchObject([{ code: "storage-full" }]);
    expect(first.keeps).toBe(false);
    await first.close();
    archive = undefined;
    recorded = items.slice(0, 150).map(({ message }) => ({ ...message, storedAt: Date.now() }));
    await mkdir(place);
    troubles = [];
  };
  const lost = async (): Promise<number> => {
    const found = await arrived();
    return items.slice(0, 150).filter(({ id }) => !found.has(id)).length;
  };

  it("gets what was in memory only out of the record, once, without a word to the person", async () => {
    await fill();
    const again = await start();
    expect(await lost()).toBeGreaterThan(0);
    expect(again.blocked?.code).not.toBe("archive-queue-damaged");
    openRecord();
    await eventually(async () => expect(await lost()).toBe(0));
    expect((await arrived()).size).toBe(150);
    expect(troubles).toEqual([]);
    await eventually(() => expect(JSON.parse(progress ?? "{}")).not.toHaveProperty("isBehind"));
  });

  it("goes on with it after another end in the middle of it", async () => {
    await fill();
    await start();
    await archive?.close();
    expect(JSON.parse(progress ?? "{}")).toHaveProperty("isBehind", true);
    await start();
    openRecord();
    await eventually(async () => expect(await lost()).toBe(0));
  });
});
