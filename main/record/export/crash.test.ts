import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { createKilledProgram, kills } from "../../history/killed-program.test-helper.ts";
import { append, nthMessage, withHistory } from "./history.test-helper.ts";
import { removeLeftovers } from "./pending.ts";
import { verifyExport } from "./verify.ts";

const count = 1500;
const startExporter = await createKilledProgram(new URL("./exporter.test-helper.ts", import.meta.url));
/** When it is killed: while it opens things, while it writes, and about when an export takes its name. */
const moments = ["ready", "begun", "begun", "done"] as const;

/**
 * Exports in a process of its own, and kills that some milliseconds after it has said this. Answers the exports that it
 * said were done.
 */
async function exportAndKill(
  profile: string,
  out: string,
  word: (typeof moments)[number],
  after: number,
): Promise<string[]> {
  const child = startExporter(profile, out);
  const done: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [said, target = ""] = line.split(" ");
    if (said === "done") done.push(target);
    if (said === word) setTimeout(() => child.kill("SIGKILL"), after);
  });
  await child.ended;
  return done;
}

test("killed again and again: no half export under its name, what is left goes at the next start, the history is whole", {
  timeout: 600_000,
}, async () => {
  const profile = await mkdtemp(join(tmpdir(), "hallway-crash-"));
  const out = await mkdtemp(join(tmpdir(), "hallway-crash-out-"));
  await withHistory(profile, "encrypted", (history) => append(history, count));
  let finished = 0;
  let halves = 0;
  for (let n = 0; n < kills; n++) {
    const done = await exportAndKill(profile, out, moments[n % moments.length] ?? "ready", (n * 7) % 60);
    finished += done.length;
    const names = await readdir(out);
    halves += names.filter((name) => name.startsWith(".")).length;
    for (const target of done) expect(names).toContain(target.slice(out.length + 1));
    for (const name of names.filter((one) => !one.startsWith("."))) {
      const { manifest, findings } = await verifyExport(join(out, name));
      expect(findings, name).toEqual([]);
      expect(manifest?.messages).toBe(count);
      await rm(join(out, name), { recursive: true });
    }
  }
  // Else it was killed before or after, never meanwhile.
  expect(finished).toBeGreaterThan(0);
  expect(halves).toBeGreaterThan(0);
  await removeLeftovers(profile);
  expect(await readdir(out)).toEqual([]);
  expect(await readdir(join(profile, "exports"))).toEqual([]);
  await withHistory(profile, "encrypted", async (history) => {
    expect(await history.get(nthMessage(count - 1).id)).toMatchObject({ body: nthMessage(count - 1).body });
    expect((await history.conversations()).length).toBe(5);
  });
  for (const folder of [profile, out]) await rm(folder, { recursive: true });
});
