import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startDatabaseWorker } from "../history/database-worker.ts";
import { append, firstAt } from "../history/export/history.test-helper.ts";
import { verifyExport } from "../history/export/verify.ts";
import { openHistory } from "../history/open-history.ts";
import { exportWorkerUrl, workerUrl } from "../history/workers.test-helper.ts";
import { lockInstance } from "../instance-lock.ts";
import type { SecretStore } from "../secrets/secret-store.ts";
import { createVault } from "../secrets/vault.ts";
import type { PolicySnapshot } from "../settings/sources/source.ts";
import { auditCommand } from "./audit.ts";
import type { CommandResult } from "./command.ts";
import { exportCommand } from "./export.ts";
import { parseExport } from "./export-arguments.ts";

const passphrase = "correct horse battery";
let folder = "";
let out = "";
let kept: Map<string, string>;
let withStore = true;
let mandatory: PolicySnapshot["mandatory"];

const secrets: SecretStore = {
  probe: async () => (withStore ? "available" : "absent"),
  get: async (name) => (withStore ? kept.get(name) : undefined),
  set: async (name, value) => void kept.set(name, value),
  delete: async (name) => void kept.delete(name),
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-cli-"));
  out = await mkdtemp(join(tmpdir(), "hallway-cli-out-"));
  kept = new Map();
  withStore = true;
  mandatory = new Map();
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await rm(out, { recursive: true });
});

/** A person's folder with 200 messages in it. */
async function fill(): Promise<void> {
  const vault = createVault({ folder, secrets, profile: () => undefined });
  await vault.open();
  if (vault.state.state === "new") await vault.create(passphrase);
  const worker = startDatabaseWorker(workerUrl);
  const key = vault.key ?? new Uint8Array();
  const history = await openHistory({ worker, folder, key, mode: "encrypted", onTrouble: (error) => console.error(error) });
  await append(history, 200);
  await history.close();
  await worker.stop();
  vault.close();
}

function run(args: readonly string[], stop = new AbortController().signal, locale = "en"): Promise<CommandResult> {
  return exportCommand(args, {
    folder,
    secrets,
    policy: { read: async () => ({ snapshot: { mandatory, recommended: new Map() }, problems: [], complete: true }), watch: () => () => undefined },
    workerUrl,
    exportWorkerUrl,
    version: "0.2.0",
    locale,
    askPassphrase: async () => passphrase,
    progress: () => undefined,
    stop,
    now: Date.now,
  });
}

const audit = (): Promise<CommandResult> =>
  auditCommand(["verify", "--json"], { folder, secrets, workerUrl, locale: "en", askPassphrase: async () => passphrase });

test("IT exports what it asks for, whatever the person may do; it is on record, and verifies", async () => {
  await fill();
  mandatory = new Map([["HistoryExportEnabled", { value: false, source: "x" }]]);
  const target = join(out, "case 7");
  const day = new Date(firstAt).toISOString().slice(0, 10);
  const result = await run(["--format", "json", "--with", "Person.1@example.test", "--from", day, "--to", day, "--direction", "in", "--out", target]);
  expect(result).toMatchObject({ status: 0, err: "" });
  expect(result.out).toContain("27 messages were exported.");
  const lines = (await readFile(join(target, "messages.jsonl"), "utf8")).trim().split("\n");
  expect(lines).toHaveLength(27);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ from: "person.1@example.test", direction: "in" });
  const { manifest, findings } = await verifyExport(target);
  expect(findings).toEqual([]);
  expect(manifest).toMatchObject({ madeBy: "it", version: "0.2.0", query: { peers: ["Person.1@example.test", "person.1@example.test"], deleted: true } });

  const chain = JSON.parse((await audit()).out) as { verdict: string; entries: number; publicKey: string };
  expect(chain).toMatchObject({ verdict: "whole", publicKey: manifest?.device });
  expect(chain.entries).toBeGreaterThanOrEqual(2);
  const verified = await run(["verify", "--device", chain.publicKey, target]);
  expect(verified).toMatchObject({ status: 0 });
  expect(verified.out).toContain("The export is as it was made.");
  expect(verified.out).toContain("IT, as ");
  await writeFile(join(target, "messages.jsonl"), lines.slice(1).join("\n"));
  expect(await run(["verify", target])).toMatchObject({ status: 1, out: expect.stringContaining("Changed: messages.jsonl") });
  expect(JSON.parse((await run(["verify", "--json", target])).out)).toMatchObject({ verdict: "broken", findings: [{ what: "changed" }] });
});

test("with a passphrase, in French", async () => {
  withStore = false;
  await fill();
  expect(await run(["--format", "html", "--out", join(out, "pages")], undefined, "fr")).toMatchObject({
    status: 0,
    out: expect.stringContaining("200 messages ont été exportés."),
  });
  expect((await verifyExport(join(out, "pages"))).findings).toEqual([]);
});

test("while Hallway runs, where nothing is kept, and where something is in the way, it says so and changes nothing", async () => {
  expect(await run(["--format", "json", "--out", join(out, "x")])).toMatchObject({ status: 2, err: expect.stringContaining("No history is kept here.") });
  await fill();
  const release = await lockInstance(folder, () => undefined);
  expect(await run(["--format", "json", "--out", join(out, "x")])).toMatchObject({ status: 2, err: expect.stringContaining("Hallway is open") });
  await release?.();
  await writeFile(join(out, "x"), "mine");
  expect(await run(["--format", "json", "--out", join(out, "x")])).toMatchObject({
    status: 2,
    err: expect.stringContaining("cannot be written to this folder"),
  });
  expect(await readdir(out)).toEqual(["x"]);
  // It can be had again at once.
  await (await lockInstance(folder, () => undefined))?.();
});

test("stopped, nothing is left", async () => {
  await fill();
  const stop = new AbortController();
  stop.abort();
  expect(await run(["--format", "eml", "--out", join(out, "x")], stop.signal)).toMatchObject({ status: 2, err: expect.stringContaining("Stopped.") });
  expect(existsSync(join(out, "x"))).toBe(false);
  expect(await readdir(out)).toEqual([]);
});

test("what makes no sense is refused with what it is", async () => {
  for (const [args, what] of [
    [["--format", "pdf", "--out", "x"], "pdf"],
    [["--format", "json"], "--out"],
    [["--format", "json", "--out", "x", "--with", "nobody"], "nobody"],
    [["--format", "json", "--out", "x", "--from", "32.13."], "32.13."],
    [["--format", "json", "--out", "x", "--from", "2026-02", "--to", "2026-01"], "2026-02 2026-01"],
    [["--format", "json", "--out", "x", "--direction", "up"], "up"],
  ] as const)
    expect(parseExport(args, Date.now()), args.join(" ")).toEqual({ command: "wrong", what });
  for (const args of [["--format", "json", "--out", "x", "--everything"], ["verify"], ["verify", "a", "b"], ["frob"]]) {
    expect(parseExport(args, Date.now()), args.join(" ")).toMatchObject({ command: "wrong" });
  }
  expect(await run(["--format", "pdf"])).toMatchObject({ status: 2, err: expect.stringContaining("(pdf)") });
  expect((await run(["help"])).out).toContain("hallway export verify");
});
