import { randomBytes, randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDatabase } from "../database/database.ts";
import { Statements } from "../database/statements.ts";
import { type Expected, outcome, type Step, stepsOf } from "./crash-steps.test-helper.ts";
import type { RecordPlace } from "./history.ts";
import { createKilledProgram, kills } from "./killed-program.test-helper.ts";
import { historyMigrations } from "./store/history-schema.ts";
import { RecordReader } from "./store/record-reader.ts";

const key = new Uint8Array(randomBytes(32));
const lanes = 2;
/**
 * Steps are acknowledged before the kill, at most; and how long after the last of them it may come, in milliseconds.
 */
const mostSteps = 60;
const longestDelay = 3;
const write = await createKilledProgram(new URL("./crash-writer.test-helper.ts", import.meta.url));

/**
 * Lets a process write until it has acknowledged so many steps, kills it, and answers how many it has acknowledged in
 * all.
 */
async function killed(folder: string, round: number, after: number, delay: number): Promise<number> {
  const child = write(folder, Buffer.from(key).toString("hex"), String(round));
  let acknowledged = 0;
  child.stdout.on("data", (bytes: Buffer) => {
    const before = acknowledged;
    acknowledged += bytes.length;
    // At any moment of a step, not only after one.
    if (before < after && acknowledged >= after) setTimeout(() => child.kill("SIGKILL"), delay);
  });
  expect(await child.ended).toBe("SIGKILL");
  return acknowledged;
}

/** Record that the file holds of a round; throws where the file is not whole. */
function recorded(folder: string, round: number): Map<string, Expected> {
  const db = openDatabase({ path: join(folder, "history.db"), key, migrations: historyMigrations, cacheKiB: 4_000 });
  const sql = new Statements(db);
  try {
    expect(db.pragma("cipher_integrity_check")).toEqual([]);
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    expect(db.pragma("foreign_key_check")).toEqual([]);
    const messages = new Map<string, Expected>();
    const reader = new RecordReader(sql);
    for (let place: RecordPlace | undefined; ; ) {
      const page = reader.page({ from: round * 1_000_000, to: (round + 1) * 1_000_000 }, { after: place, limit: 500 });
      for (const { id, body, versions, states, retractedAt } of page.messages)
        messages.set(id, {
          body,
          versions: versions.map((one) => one.body),
          states: states.map((one) => one.state),
          retracted: retractedAt !== undefined,
        });
      place = page.next;
      if (!place) return messages;
    }
  } finally {
    sql.close();
  }
}

async function lane(rounds: readonly number[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "hallway-crash-"));
  let steps = 0;
  for (const round of rounds) {
    const acknowledged = await killed(folder, round, randomInt(1, mostSteps), randomInt(0, longestDelay + 1));
    const taken: Step[] = [];
    for (const step of stepsOf(round)) {
      taken.push(step);
      // One more was perhaps done, and not acknowledged yet.
      if (taken.length > acknowledged) break;
    }
    const found = recorded(folder, round);
    expect([outcome(taken.slice(0, -1)), outcome(taken)]).toContainEqual(found);
    steps += acknowledged;
  }
  await rm(folder, { recursive: true });
  return steps;
}

it("killed again and again while it appends, corrects, retracts and moves states, the history loses nothing that was acknowledged, and is whole", async () => {
  const rounds = Array.from({ length: kills }, (_, round) => round);
  const steps = await Promise.all(
    Array.from({ length: lanes }, (_, of) => lane(rounds.filter((round) => round % lanes === of))),
  );
  expect(steps.reduce((sum, some) => sum + some, 0)).toBeGreaterThan(kills);
}, 600_000);
