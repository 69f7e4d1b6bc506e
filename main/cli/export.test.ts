import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import { openHistory } from "../history/open-history.ts";
import { exportWorkerUrl, workerUrl } from "../history/workers.test-helper.ts";
import { lockInstance } from "../instance/lock.ts";
import { openProfile } from "../profile/open-profile.ts";
import { append, firstAt } from "../record/export/history.test-helper.ts";
import { verifyExport } from "../record/export/verify.ts";
import type { SecretStore } from "../secrets/secret-store.ts";
import { createVault } from "../secrets/vault.ts";
import type { PolicySnapshot } from "../settings/sources/source.ts";
import { auditCommand } from "./audit.ts";
import type { CommandResult } from "./command.ts";
import { exportCommand } from "./export.ts";
import { parseExport } from "./export-arguments.ts";

const passphrase = "battery horse staple";
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
  const history = await openHistory({
    worker,
    folder,
    key,
    mode: "encrypted",
    onTrouble: (error) => console.error(error),
  });
  await append(history, 200);
  await history.close();
  await worker.stop();
  vault.close();
}

/** User who runs it: the administrator, unless a test says otherwise. */
type Runner = { readonly administrator?: boolean; readonly root?: number };
const root = process.getuid?.() ?? 0;

function run(
  args: readonly string[],
  stop = new AbortController().signal,
  locale = "en",
  runner: Runner = { administrator: true },
): Promise<CommandResult> {
  return exportCommand(args, {
    ...runner,
    folder,
    secrets,
    policy: {
      read: async () => ({ snapshot: { mandatory, recommended: new Map() }, problems: [], complete: true }),
      watch: () => () => undefined,
    },
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
  auditCommand(["verify", "--json"], {
    folder,
    secrets,
    workerUrl,
    locale: "en",
    askPassphrase: async () => passphrase,
  });

test("IT exports what it asks for, whatever the person may do; it is on record, and verifies", async () => {
  await fill();
  mandatory = new Map([["HistoryExportEnabled", { value: false, source: "x" }]]);
  const target = join(out, "case 7");
  const day = new Date(firstAt).toISOString().slice(0, 10);
  const result = await run([
    "--format",
    "json",
    "--with",
    "Person.1@example.test",
    "--from",
    day,
    "--to",
    day,
    "--direction",
    "in",
    "--out",
    target,
  ]);
  expect(result).toMatchObject({ status: 0, err: "" });
  expect(result.out).toContain("27 messages were exported.");
  const lines = (await readFile(join(target, "messages.jsonl"), "utf8")).trim().split("\n");
  expect(lines).toHaveLength(27);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ from: "person.1@example.test", direction: "in" });
  const { manifest, findings } = await verifyExport(target);
  expect(findings).toEqual([]);
  expect(manifest).toMatchObject({
    madeBy: "it",
    version: "0.2.0",
    query: { peers: ["Person.1@example.test", "person.1@example.test"], deleted: true },
  });

  const chain = JSON.parse((await audit()).out) as { verdict: string; entries: number; publicKey: string };
  expect(chain).toMatchObject({ verdict: "whole", publicKey: manifest?.device });
  expect(chain.entries).toBeGreaterThanOrEqual(2);
  const verified = await run(["verify", "--device", chain.publicKey, target]);
  expect(verified).toMatchObject({ status: 0 });
  expect(verified.out).toContain("The export is unchanged.");
  expect(verified.out).toContain("IT, as ");
  expect(verified.out).toContain("Authorized by: administrator ");
  await writeFile(join(target, "messages.jsonl"), lines.slice(1).join("\n"));
  expect(await run(["verify", target])).toMatchObject({
    status: 1,
    out: expect.stringContaining("Changed: messages.jsonl"),
  });
  expect(JSON.parse((await run(["verify", "--json", target])).out)).toMatchObject({
    verdict: "broken",
    findings: [{ what: "changed" }],
  });
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
  expect(await run(["--format", "json", "--out", join(out, "x")])).toMatchObject({
    status: 2,
    err: expect.stringContaining("There is no history here."),
  });
  await fill();
  const release = await lockInstance(folder, () => undefined);
  expect(await run(["--format", "json", "--out", join(out, "x")])).toMatchObject({
    status: 2,
    err: expect.stringContaining("Hallway is open"),
  });
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
  expect(await run(["--format", "eml", "--out", join(out, "x")], stop.signal)).toMatchObject({
    status: 2,
    err: expect.stringContaining("Stopped."),
  });
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

/** Locks Hallway, as the person did before it was closed. */
async function lockHallway(): Promise<void> {
  const vault = createVault({ folder, secrets, profile: () => undefined });
  await vault.open();
  if (vault.state.state === "locked") await vault.unlock(passphrase);
  const worker = startDatabaseWorker(workerUrl);
  const profile = await openProfile({
    worker,
    folder,
    key: vault.key ?? new Uint8Array(),
    onTrouble: (error) => console.error(error),
  });
  await profile.put([{ namespace: "app", key: "lock", value: JSON.stringify({ by: "password", wrong: 0, at: 0 }) }]);
  await profile.close();
  await worker.stop();
  vault.close();
}

const person: Runner = {};
const noStop = new AbortController().signal;

test("the person alone cannot have it made, whatever HistoryExportEnabled says, and nothing of it is written", async () => {
  await fill();
  for (const enabled of [true, false]) {
    mandatory = new Map([["HistoryExportEnabled", { value: enabled, source: "x" }]]);
    const result = await run(["--format", "json", "--out", join(out, "x")], noStop, "en", person);
    expect(result).toMatchObject({ status: 2, err: expect.stringContaining("not authorized") });
  }
  expect(await readdir(out)).toEqual([]);
});

test("a locked Hallway is not exported by the administrator either, and that is on record; whoever types the passphrase may", async () => {
  await fill();
  await lockHallway();
  const args = ["--format", "json", "--out", join(out, "x")];
  expect(await run(args)).toMatchObject({ status: 2, err: expect.stringContaining("locked") });
  expect(await readdir(out)).toEqual([]);
  const entries = JSON.parse((await audit()).out) as { entries: number };
  // The beginning of the chain, and the refusal.
  expect(entries.entries).toBe(2);
  await rm(folder, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), "hallway-cli-"));
  kept.clear();
  withStore = false;
  await fill();
  await lockHallway();
  expect(await run(args)).toMatchObject({ status: 0 });
});

test("an authorization that the policy's key has signed allows it, for its user, its time, and the lock where it says so", async () => {
  await fill();
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const stranger = generateKeyPairSync("ed25519").privateKey;
  mandatory = new Map([
    ["PolicyPublicKey", { value: String(publicKey.export({ type: "spki", format: "pem" })), source: "x" }],
  ]);
  const good = {
    authorization: "hallway export 1",
    by: "Dana Legal",
    matter: "Case 7",
    user: userInfo().username,
    notAfter: "2999-01-01T00:00:00Z",
  };
  const file = join(out, "case-7.json");
  let n = 0;
  async function attempt(content: object, key = privateKey, runner = person): Promise<CommandResult> {
    const bytes = Buffer.from(JSON.stringify(content));
    await writeFile(file, bytes);
    await writeFile(`${file}.sig`, sign(null, bytes, key));
    return await run(
      ["--format", "json", "--out", join(out, String(++n)), "--authorization", file],
      noStop,
      "en",
      runner,
    );
  }
  const made = await attempt(good);
  expect(made).toMatchObject({ status: 0 });
  const { manifest } = await verifyExport(join(out, "1"));
  expect(manifest).toMatchObject({ madeBy: "it", authorizedBy: "Dana Legal (Case 7)" });
  for (const [content, key] of [
    [good, stranger],
    [{ ...good, notAfter: "2000-01-01T00:00:00Z" }, privateKey],
    [{ ...good, notAfter: "never" }, privateKey],
    [{ ...good, user: "somebody-else" }, privateKey],
    [{ ...good, unheard: true }, privateKey],
    [{ HistoryMode: "off" }, privateKey],
    [{}, privateKey],
  ] as const)
    expect(await attempt(content, key), JSON.stringify(content)).toMatchObject({
      status: 2,
      err: expect.stringContaining("not authorized"),
    });
  // A bad one is not made good by who shows it.
  expect(await attempt(good, stranger, { administrator: true })).toMatchObject({ status: 2 });
  await lockHallway();
  expect(await attempt(good)).toMatchObject({ status: 2, err: expect.stringContaining("locked") });
  expect(await attempt({ ...good, evenIfLocked: true })).toMatchObject({ status: 0 });
  // Without a policy that names a key, nobody has signed anything.
  mandatory = new Map();
  expect(await attempt(good)).toMatchObject({ status: 2, err: expect.stringContaining("not authorized") });
});

test("an authorization that only the administrator could have written needs no signature", async () => {
  await fill();
  const file = join(out, "case-8.json");
  await writeFile(
    file,
    JSON.stringify({
      authorization: "hallway export 1",
      by: "Dana",
      user: userInfo().username,
      notAfter: "2999-01-01T00:00:00Z",
    }),
  );
  await chmod(file, 0o644);
  const attempt = (name: string, runner: Runner) =>
    run(["--format", "json", "--out", join(out, name), "--authorization", file], noStop, "en", runner);
  expect(await attempt("1", {})).toMatchObject({ status: 2 });
  expect(await attempt("1", { root: root + 1 })).toMatchObject({ status: 2 });
  expect(await attempt("1", { root })).toMatchObject({ status: 0 });
  await chmod(file, 0o666);
  expect(await attempt("2", { root })).toMatchObject({ status: 2, err: expect.stringContaining("not authorized") });
});

test("where there is no folder nothing is verified, and nothing is said of an export", async () => {
  await writeFile(join(out, "file"), "mine");
  for (const args of [[join(out, "nowhere")], ["--json", join(out, "file")]])
    expect(await run(["verify", ...args])).toMatchObject({
      status: 2,
      out: "",
      err: expect.stringContaining("does not exist"),
    });
});

test("without the device's key an export is only said to agree with itself, so that a changed one that was signed anew is not vouched for", async () => {
  await fill();
  const target = join(out, "x");
  expect(await run(["--format", "json", "--out", target])).toMatchObject({ status: 0 });
  const { publicKey } = JSON.parse((await audit()).out) as { publicKey: string };
  expect(await run(["verify", "--device", publicKey, target])).toMatchObject({
    status: 0,
    out: expect.stringContaining("The export is unchanged."),
  });
  await forge(target);
  const alone = await run(["verify", target]);
  expect(alone.status).toBe(3);
  expect(alone.out).toContain("is consistent, but");
  expect(alone.out).toContain("hallway audit verify");
  expect(alone.out).not.toContain("The export is unchanged.");
  expect(JSON.parse((await run(["verify", "--json", target])).out)).toMatchObject({ verdict: "self-consistent" });
  const held = await run(["verify", "--device", publicKey, target]);
  expect([held.status, held.out]).toEqual([1, expect.stringContaining("Signed by another device")]);
  expect((await run(["verify", target], noStop, "fr")).out).toContain("cohérente");
});

/** Changes what was said, and signs all of it with a key of its own. */
async function forge(target: string): Promise<void> {
  const path = join(target, "messages.jsonl");
  const changed = (await readFile(path, "utf8")).replace(/"body":"[^"]*"/, '"body":"I never said that"');
  await writeFile(path, changed);
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const manifest = JSON.parse(await readFile(join(target, "manifest.json"), "utf8")) as {
    device: string;
    files: { path: string; size: number; sha256: string }[];
  };
  manifest.device = publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64");
  for (const file of manifest.files)
    if (file.path === "messages.jsonl")
      Object.assign(file, {
        size: Buffer.byteLength(changed),
        sha256: createHash("sha256").update(changed).digest("hex"),
      });
  const text = JSON.stringify(manifest);
  await writeFile(join(target, "manifest.json"), text);
  const parts = ["hallway export manifest 1", createHash("sha256").update(text).digest("hex")];
  const signed = Buffer.concat(
    parts.flatMap((part) => [
      Buffer.from(new Uint8Array(new Uint32Array([part.length]).buffer)).reverse(),
      Buffer.from(part),
    ]),
  );
  await writeFile(join(target, "manifest.sig"), sign(null, signed, privateKey).toString("base64"));
  await writeFile(join(target, "manifest.pub.pem"), String(publicKey.export({ type: "spki", format: "pem" })));
}
