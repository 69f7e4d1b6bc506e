import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { startDatabaseWorker } from "../../app/start-database-worker.ts";
import { createKilledProgram, kills } from "../../history/killed-program.test-helper.ts";
import { openHistory } from "../../history/open-history.ts";
import { workerUrl } from "../../history/workers.test-helper.ts";
import { createRemovals } from "./open-removals.ts";
import type { PurgeCursor } from "./removals.ts";
import { account, bob, eve, noRules, now, own } from "./retention-harness.test-helper.ts";

const each = 200;
const purge = await createKilledProgram(new URL("purger.test-helper.ts", import.meta.url));

it("killed again and again, at any moment, retention loses nothing that is held, leaves nothing half, counts what went, and goes on with the next run", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hallway-crash-"));
  const key = Buffer.alloc(32, 9);
  try {
    for (let round = 0; round < kills; round++) {
      const child = purge(folder, key.toString("hex"), String(round));
      const [said] = await Promise.race([once(child.stdout, "data"), child.ended.then(() => ["ended"])]);
      expect(String(said)).toBe("stored\n");
      // From the first step to after the last.
      await wait((round % 12) * 4);
      child.kill("SIGKILL");
      await child.ended;
    }

    const worker = startDatabaseWorker(workerUrl);
    const retention = {
      ...noRules,
      retentionDays: 30,
      holds: [{ type: "address" as const, address: "bob@example.com", matter: "Case" }],
    };
    const history = await openHistory({
      worker,
      folder,
      key,
      mode: "encrypted",
      retention,
      onTrouble: (error) => expect(error).toBeUndefined(),
    });
    const removals = createRemovals(worker);
    const before = (await history.record({ conversationId: eve }, { limit: 10_000 })).messages;
    // What is still there is whole, in the index too.
    expect(
      before.every(({ files, states, body }) => files.length === 1 && states.length === 1 && body.startsWith("free")),
    ).toBe(true);
    expect((await history.search({ text: "free", limit: 10_000 })).hits).toHaveLength(before.length);
    const moment = { now, own: new Map([[account, own]]) };
    let cursor: PurgeCursor | undefined;
    do cursor = (await removals.purgeSome(cursor, moment)).next;
    while (cursor);
    expect((await history.record({ conversationId: eve }, { limit: 10_000 })).messages).toEqual([]);
    const held = (await history.record({ conversationId: bob }, { limit: 10_000 })).messages;
    expect(held).toHaveLength((kills * each) / 2);
    expect(held.every(({ states, body }) => states.length === 1 && body.startsWith("held"))).toBe(true);
    expect((await history.search({ text: "held", limit: 10_000 })).hits).toHaveLength(held.length);
    expect((await history.search({ text: "free", limit: 10_000 })).hits).toEqual([]);
    expect(await removals.tallies()).toMatchObject([{ rule: "HistoryRetentionDays", messages: (kills * each) / 2 }]);
    await history.close();
    await worker.stop();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 600_000);
