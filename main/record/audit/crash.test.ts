import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKilledProgram, kills } from "../../history/killed-program.test-helper.ts";
import { readPosition } from "./entry.ts";
import { readEntries } from "./testing.test-helper.ts";
import { verifyChain } from "./verify.ts";

const key = new Uint8Array(32).fill(9);
const write = await createKilledProgram(new URL("./writer.test-helper.ts", import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-audit-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/**
 * Writes until so many entries were acknowledged, then is killed in the middle of the next. Answers the names of all of
 * them.
 */
async function writeUntilKilled(acknowledged: number): Promise<readonly string[]> {
  const child = write(folder, Buffer.from(key).toString("hex"));
  const names: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    names.push(line);
    if (names.length === acknowledged) child.kill("SIGKILL");
  }
  expect(await child.ended).toBe("SIGKILL");
  return names;
}

describe("a process that is killed while it writes the audit log", () => {
  it("leaves a whole chain with all that was acknowledged, again and again", { timeout: 600_000 }, async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < kills; round++) {
      acknowledged.push(...(await writeUntilKilled(1 + ((round * 13) % 40))));
      const sealed = readPosition(readFileSync(join(folder, "audit-head"), "utf8"));
      const entries = await readEntries(folder, key);
      const { publicKey } = JSON.parse(entries[0]?.details ?? "{}") as { publicKey: string };
      const read = async (after: number, limit: number) => entries.filter(({ n }) => n > after).slice(0, limit);
      const verdict = await verifyChain({ read, sealed, publicKey, every: round === kills - 1 });
      expect(verdict).toMatchObject({ entries: entries.length, broken: undefined });
      const written = new Set(entries.map(({ details }) => (JSON.parse(details) as { name?: string }).name));
      expect(acknowledged.filter((name) => !written.has(name))).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThan(kills * 10);
  });
});
