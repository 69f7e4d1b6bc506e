import { randomBytes } from "node:crypto";
import { open as openFile, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import { openHistory } from "./open-history.ts";
import { allIds, bob, fill, key, message, TroubledHistory } from "./trouble.test-helper.ts";
import { workerUrl } from "./workers.test-helper.ts";

const pageSize = 4096;
const fixture = new TroubledHistory();

/** Writes over one page of a database. */
async function spoil(path: string, page: number): Promise<void> {
  const file = await openFile(path, "r+");
  await file.write(randomBytes(pageSize), 0, pageSize, (page - 1) * pageSize);
  await file.close();
}

describe("a corrupt history", () => {
  it.each(["first", "middle", "last"])(
    "on its %s page is set aside, begun anew, and brought over as far as it can be read",
    async (where) => {
      const path = join(fixture.folder, "history.db");
      const ids = await fill(await fixture.open(), 3000);
      await fixture.close();
      const pages = (await stat(path)).size / pageSize;
      // A single page may be of an index that nothing here reads.
      if (where === "middle") for (let page = 0; page < 8; page++) await spoil(path, Math.floor(pages / 2) + page);
      else await spoil(path, where === "first" ? 1 : pages);
      const history = await fixture.open();
      // A broken page shows when it is read.
      await allIds(history);
      await history.search({ text: "filler", limit: 50 });
      await history.append([message({ id: "after" })]);
      if (fixture.troubles.length === 0) await history.markRead(bob, "after");
      expect(await history.get("after")).toBeDefined();
      // The page may be one that none of this touches.
      if (where === "last" && fixture.troubles.length === 0) return;
      expect(fixture.troubles.map((error) => error.code)).toEqual(["storage-corrupt"]);
      const aside = (await readdir(fixture.folder)).filter((name) => /^history-corrupt-.*\.db$/.test(name));
      expect(aside).toHaveLength(1);
      expect(fixture.troubles[0]?.params?.["file"]).toBe(join(fixture.folder, aside[0] ?? ""));
      // Without its first page nothing of a file can be read.
      if (where !== "first")
        await expect.poll(async () => (await allIds(history)).length).toBeGreaterThan(ids.length * 0.9);
      const found = await allIds(history);
      expect(found).toContain("after");
      expect(new Set(found).size).toBe(found.length);
      expect(found.filter((id) => id !== "after")).toEqual(ids.filter((id) => found.includes(id)));
      const again = await fixture.open();
      expect((await allIds(again)).length).toBe(found.length);
      expect(fixture.troubles).toHaveLength(1);
    },
  );
});

describe("a history that is being brought over", () => {
  it("goes on after a restart, keeps what is unread, and changes nothing that is newer", async () => {
    const path = join(fixture.folder, "history.db");
    const first = await fixture.open();
    const ids = await fill(first, 5000);
    await first.append([message({ id: "own", direction: "out" })]);
    await first.markRead(bob, ids[2499] ?? "");
    await fixture.close();
    // A single page may be of an index that nothing here reads.
    for (let page = 0; page < 4; page++) await spoil(path, Math.floor((await stat(path)).size / pageSize / 2) + page);
    // A worker of its own, which is ended in the middle.
    const crashable = startDatabaseWorker(workerUrl);
    const told = Promise.withResolvers<void>();
    const broken = await openHistory({
      worker: crashable,
      folder: fixture.folder,
      key,
      mode: "encrypted",
      onTrouble(error) {
        fixture.troubles.push(error);
        told.resolve();
      },
    });
    await allIds(broken);
    await broken.append([message({ id: "after" })]);
    await told.promise;
    await expect.poll(() => broken.get("own"), { interval: 1 }).toBeDefined();
    await broken.setState({ conversationId: bob, wireId: "own", state: "sent" });
    await crashable.stop();
    const again = await fixture.open();
    await expect.poll(async () => (await allIds(again)).length).toBeGreaterThan(4700);
    expect((await again.get("own"))?.state).toBe("sent");
    await expect.poll(async () => (await again.conversations())[0]?.unread).toBeGreaterThan(2300);
    expect((await again.conversations())[0]?.unread).toBeLessThan(2502);
    expect(fixture.troubles.map((error) => error.code)).toEqual(["storage-corrupt"]);
  });
});

describe("a history of another key", () => {
  it("is left alone, and memory serves", async () => {
    await fill(await fixture.open(), 10);
    await fixture.close();
    const before = await readFile(join(fixture.folder, "history.db"));
    const history = await fixture.open({ key: new Uint8Array(randomBytes(32)) });
    expect(fixture.troubles).toEqual([{ code: "vault-unavailable", params: { file: "history.db" } }]);
    const [stored] = await history.append([message({ body: "in memory" })]);
    expect(stored?.isNew).toBe(true);
    expect((await history.search({ text: "memory", limit: 5 })).hits).toHaveLength(1);
    await fixture.close();
    expect(await readFile(join(fixture.folder, "history.db"))).toEqual(before);
    expect((await readdir(fixture.folder)).filter((name) => name.includes("corrupt"))).toEqual([]);
    expect(await allIds(await fixture.open())).toHaveLength(10);
  });

  it("is not taken for corrupt when nothing tells which key it had", async () => {
    await fill(await fixture.open(), 10);
    await fixture.close();
    await rm(join(fixture.folder, "history.db.keycheck"));
    await fixture.open({ key: new Uint8Array(randomBytes(32)) });
    expect(fixture.troubles.map((error) => error.code)).toEqual(["vault-unavailable"]);
    expect(await allIds(await fixture.open())).toHaveLength(10);
  });
});
