import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import { openDatabase } from "../database/database.ts";
import { openHistory } from "./open-history.ts";
import { fillFormer, indexEntries } from "./store/former-index.test-helper.ts";
import { cutVersion, historyMigrations } from "./store/history-schema.ts";
import { workerUrl } from "./workers.test-helper.ts";

const key = new Uint8Array(32).fill(9);
/** The oldest comes last. */
const bodies = [
  "⚠️Oldest",
  ...Array.from({ length: 299 }, (_, n) => (n % 3 === 0 ? `plain text ${n}` : `⚠️Number${n} コーヒー`)),
];
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-renewal-"));
  path = join(folder, "history.db");
  const db = openDatabase({ path, key, migrations: historyMigrations.slice(0, cutVersion - 1), cacheKiB: 2000 });
  fillFormer(db, bodies);
  db.close();
});
afterEach(() => rm(folder, { recursive: true }));

/** The `seq` below which entries are former ones, and the file with it whole. */
function inspect(): { below: number; entries: string[] } {
  const db = openDatabase({ path, key, migrations: historyMigrations, cacheKiB: 2000 });
  try {
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    return {
      below: db.prepare("SELECT below FROM former_cut").get<{ below: number }>()?.below ?? 0,
      entries: indexEntries(db),
    };
  } finally {
    db.close();
  }
}

/** Opens the history in a process and kills it so many milliseconds later. */
async function kill(after: number): Promise<void> {
  const helper = fileURLToPath(new URL("./renewing-reader.test-helper.ts", import.meta.url));
  const child = spawn(process.execPath, [helper, folder, Buffer.from(key).toString("hex")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once("close", (_code, signal) => resolve(signal)),
  );
  child.stdout.once("data", () => setTimeout(() => child.kill("SIGKILL"), after));
  expect(await ended).toBe("SIGKILL");
}

it("an index of an earlier version is cut anew while the history is used, goes on after each kill, and is whole in the end", async () => {
  for (const after of [2, 12]) {
    await kill(after);
    // Whenever that was: what is below is as before, what is not as it is cut now.
    const { below, entries } = inspect();
    const former = bodies.slice(0, Math.max(0, below - 1));
    if (former.length > 0) expect(entries).toContain("1 \uFE0Foldest");
    if (below > 0 && below <= bodies.length)
      expect(entries.filter((entry) => entry.startsWith(`${below} `)).some((entry) => entry.includes("\uFE0F"))).toBe(
        false,
      );
  }
  const worker = startDatabaseWorker(workerUrl);
  const history = await openHistory({
    worker,
    folder,
    key,
    mode: "encrypted",
    onTrouble: (error) => expect.fail(error.code),
  });
  await vi.waitFor(async () => expect((await history.search({ text: "oldest", limit: 10 })).hits.length).toBe(1));
  await history.close();
  await worker.stop();
  const { below, entries } = inspect();
  expect(below).toBe(0);
  expect(entries.filter((entry) => entry.includes("\uFE0F"))).toEqual([]);
  expect(entries.filter((entry) => entry.endsWith(" コー")).length).toBe(199);
});
