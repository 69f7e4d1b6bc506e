import { copyFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "@signalapp/sqlcipher";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import { workerUrl } from "../history/workers.test-helper.ts";
import { openProfile } from "../profile/open-profile.ts";
import type { Profile } from "../profile/profile.ts";
import type { AuditEvent } from "../record/audit/audit.ts";
import type { AuditLog } from "../record/audit/audit-log.ts";
import { openAudit } from "../record/audit/open-audit.ts";
import { sealNothing } from "../record/audit/seal.ts";
import { headParcel } from "../record/feed/audit-parcels.ts";
import { openDeviceKey } from "../secrets/device-key.ts";
import type { SecretStore } from "../secrets/secret-store.ts";
import { createVault } from "../secrets/vault.ts";
import { auditCommand } from "./audit.ts";
import type { CommandResult } from "./command.ts";

const passphrase = "battery horse staple";
let folder: string;
/** Contents of the secret store; it is absent while `withStore` is false. */
let kept: Map<string, string>;
let withStore: boolean;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-cli-"));
  kept = new Map();
  withStore = true;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const secrets: SecretStore = {
  probe: async () => (withStore ? "available" : "absent"),
  get: async (name) => (withStore ? kept.get(name) : undefined),
  set: async (name, value) => void kept.set(name, value),
  delete: async (name) => void kept.delete(name),
};

/** As a started Hallway has it. */
async function start(): Promise<AuditLog & { readonly key: Uint8Array; stop(): Promise<void> }> {
  let profile: Profile | undefined;
  const vault = createVault({ folder, secrets, profile: () => profile });
  await vault.open();
  if (vault.state.state === "new") await vault.create(passphrase);
  if (vault.state.state === "locked") await vault.unlock(passphrase);
  const key = vault.key ?? new Uint8Array();
  const worker = startDatabaseWorker(workerUrl);
  profile = await openProfile({ worker, folder, key, onTrouble: () => undefined });
  const log = await openAudit({
    worker,
    folder,
    key,
    deviceKey: await openDeviceKey(vault.deviceSecrets, () => sealNothing(vault.deviceSecrets)),
    secrets: vault.deviceSecrets,
    kinds: () => ["hold", "sign-in"],
    enabled: () => true,
    onTrouble: () => undefined,
    onWell: () => undefined,
    now: Date.now,
  });
  return Object.assign(log, {
    key,
    async stop() {
      await log.close();
      await profile?.close();
      await worker.stop();
    },
  });
}

function run(args: readonly string[], typed: string | null = passphrase, locale = "en"): Promise<CommandResult> {
  return auditCommand(args, { folder, secrets, workerUrl, locale, askPassphrase: async () => typed ?? undefined });
}

const hold = (name: string): AuditEvent => ({ kind: "hold", action: "set", details: { name } });

/** Five entries of which the first begins the chain, and then whatever somebody with the key does to the file. */
async function tamper(...statements: readonly string[]): Promise<void> {
  const log = await start();
  for (const name of ["a", "b", "c", "d"]) await log.record(hold(name));
  const key = Buffer.from(log.key).toString("hex");
  await log.stop();
  const db = new Database(join(folder, "audit.db"));
  db.pragma(`key="x'${key}'"`);
  db.exec("DROP TRIGGER entry_stays; DROP TRIGGER entry_is_kept;");
  for (const statement of statements) db.exec(statement);
  db.close();
}

describe.each([
  ["in the secret store", true],
  ["under a passphrase", false],
])("hallway audit verify, the key %s", (_, store) => {
  beforeEach(() => {
    withStore = store;
  });

  it("finds the chain whole, also while Hallway runs and writes, and says whose it is", async () => {
    const log = await start();
    await log.record(hold("a"));
    for (const args of [["verify"], ["verify", "--every"]]) {
      const writing = Promise.all(Array.from({ length: 50 }, (_value, n) => log.record(hold(String(n)))));
      expect(await run(args)).toMatchObject({ status: 0, err: "" });
      await writing;
    }
    await log.stop();
    const { status, out } = await run(["verify"]);
    expect([status, out.split("\n")[0]]).toEqual([0, "The audit log is intact: 102 entries."]);
    expect((await run(["verify"], passphrase, "fr")).out).toMatch(/^Le journal d’audit est intact.:.102 entrées\.\n/u);
    expect(JSON.parse((await run(["verify", "--json", "--every"])).out)).toEqual({
      verdict: "whole",
      entries: 102,
      last: { n: 102, at: expect.any(Number), hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      sealed: { n: 102, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      publicKey: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      signatures: "every",
    });
  });

  it("names the first broken entry", async () => {
    await tamper("UPDATE entry SET details = '{}' WHERE n = 3");
    const { status, out } = await run(["verify"]);
    expect(status).toBe(1);
    expect(out).toContain("broken at entry 3.\nIt was changed after it was written");
    expect(JSON.parse((await run(["verify", "--json"])).out)).toMatchObject({
      verdict: "broken",
      broken: { n: 3, kind: "edited" },
    });
  });

  it("finds an older copy of the file in the place of the newest", async () => {
    const log = await start();
    await log.record(hold("a"));
    await log.stop();
    await copyFile(join(folder, "audit.db"), join(folder, "copy"));
    const again = await start();
    await again.record(hold("b"));
    await again.stop();
    await copyFile(join(folder, "copy"), join(folder, "audit.db"));
    expect(JSON.parse((await run(["verify", "--json"])).out)).toMatchObject({
      broken: { n: 3, kind: "truncated", to: 3 },
    });
    // Hallway goes on after it, and a new seal must not hide it.
    const third = await start();
    await third.record(hold("c"));
    await third.stop();
    expect(JSON.parse((await run(["verify", "--json"])).out)).toMatchObject({ broken: { n: 3, kind: "recorded" } });
  });
});

describe("hallway audit verify", () => {
  it.each([
    ["an edited field", "UPDATE entry SET at = at + 1 WHERE n = 4", { n: 4, kind: "edited" }],
    ["a deleted entry", "DELETE FROM entry WHERE n = 2", { n: 2, kind: "missing", to: 2 }],
    [
      "two entries that changed places",
      "UPDATE entry SET n = 9 WHERE n = 2; UPDATE entry SET n = 2 WHERE n = 3; UPDATE entry SET n = 3 WHERE n = 9",
      { n: 2, kind: "unlinked" },
    ],
    [
      "an entry that was put in",
      "INSERT INTO entry SELECT 0, at, kind, action, details, previous, hash, signature FROM entry WHERE n = 2",
      { n: 1, kind: "inserted" },
    ],
    ["a cut end", "DELETE FROM entry WHERE n > 3", { n: 4, kind: "truncated", to: 5 }],
    ["an empty log", "DELETE FROM entry", { n: 1, kind: "truncated", to: 5 }],
    [
      "a garbled signature",
      "UPDATE entry SET signature = (SELECT signature FROM entry WHERE n = 4) WHERE n = 3",
      { n: 3, kind: "signature" },
    ],
    [
      "a garbled signature of the last entry",
      "UPDATE entry SET signature = '' WHERE n = 5",
      { n: 5, kind: "signature" },
    ],
    [
      "entries by somebody else after the end",
      "INSERT INTO entry SELECT 6, at, kind, action, details, hash, previous, signature FROM entry WHERE n = 5",
      { n: 6, kind: "edited" },
    ],
    ["a table that is gone", "DROP TABLE entry", { n: 1, kind: "unreadable" }],
  ])("names it: %s, and goes on naming it when Hallway has written since", async (_, statement, broken) => {
    await tamper(statement);
    for (const args of [
      ["verify", "--json"],
      ["verify", "--json", "--every"],
    ]) {
      const { status, out } = await run(args);
      expect([status, (JSON.parse(out) as { broken: unknown }).broken]).toEqual([1, broken]);
    }
    const log = await start();
    await log.record(hold("e"));
    await log.stop();
    expect(JSON.parse((await run(["verify", "--json"])).out)).toMatchObject({
      verdict: "broken",
      broken: { n: broken.n },
    });
  });

  it("finds that the whole file is gone, that the seal or the key is gone, and that the file is another's", async () => {
    await tamper();
    const brokenNow = async (): Promise<unknown> =>
      (JSON.parse((await run(["verify", "--json"])).out) as { broken: unknown }).broken;
    const name = (end: string): string => [...kept.keys()].find((key) => key.endsWith(end)) ?? "";
    const [seal, deviceKey] = [name("/audit-head"), name("/device-key")];
    const sealed = kept.get(seal) ?? "";
    kept.delete(seal);
    expect(await brokenNow()).toEqual({ n: 1, kind: "no-seal" });
    kept.set(seal, sealed);
    const held = kept.get(deviceKey) ?? "";
    kept.delete(deviceKey);
    expect(await brokenNow()).toEqual({ n: 1, kind: "no-key" });
    // Hallway makes a new key then: what was signed with the old one does not pass.
    const log = await start();
    await log.stop();
    expect(await brokenNow()).toEqual({ n: 1, kind: "other-key" });
    kept.set(deviceKey, held).set(seal, sealed);
    await rm(join(folder, "audit.db"));
    expect(await brokenNow()).toEqual({ n: 1, kind: "truncated", to: 5 });
    await writeFile(join(folder, "audit.db"), "x".repeat(8192));
    expect(await brokenNow()).toEqual({ n: 1, kind: "unreadable" });
    const files = (await readdir(folder)).sort();
    expect(files.filter((file) => file.includes("corrupt"))).toEqual([]);
    // Hallway sets it aside, begins another, and says so in it.
    const again = await start();
    await again.record(hold("f"));
    await again.stop();
    expect((await readdir(folder)).some((file) => file.startsWith("audit-corrupt-"))).toBe(true);
    expect(await brokenNow()).toEqual({ n: 1, kind: "recorded" });
  });

  it("says that there is nothing where Hallway never ran, and makes nothing there", async () => {
    expect(await run(["verify"])).toEqual({
      status: 0,
      out: "Nothing has been written to the audit log yet.\n",
      err: "",
    });
    expect(await readdir(folder)).toEqual([]);
    expect(kept.size).toBe(0);
  });

  it("ends with status 2 when it cannot be checked: a wrong passphrase, none, a store that is shut, wrong use", async () => {
    withStore = false;
    await (await start()).stop();
    expect(await run(["verify"], "wrong")).toMatchObject({
      status: 2,
      out: "",
      err: expect.stringContaining("cannot be checked"),
    });
    expect(await run(["verify"], null)).toMatchObject({ status: 2, out: "" });
    for (const args of [["nonsense"], ["verify", "--folder=/tmp"], ["verify", "x"], ["verify", "--passphrase=x"]]) {
      const { status, out, err } = await run(args);
      expect([status, out]).toEqual([2, ""]);
      expect(err).toContain("hallway audit verify");
    }
    expect(await run(["help"])).toMatchObject({ status: 0, err: "" });
    await rm(folder, { recursive: true });
    withStore = true;
    folder = await mkdtemp(join(tmpdir(), "hallway-cli-"));
    await (await start()).stop();
    withStore = false;
    expect(await run(["verify"])).toMatchObject({ status: 2, out: "" });
  });

  it("holds it against what the archive received: an end that was cut off and sealed anew is found out", async () => {
    const log = await start();
    const head = (): string => {
      const found = log.head();
      return found ? headParcel(found, 0).text : "";
    };
    for (const name of ["a", "b", "c"]) await log.record(hold(name));
    const early = head();
    const [, , third] = await log.entries(undefined, 3);
    await log.record(hold("d"));
    const late = head();
    const device = log.head()?.publicKey ?? "";
    await log.stop();

    const received = join(folder, "received.log");
    const verify = async (...lines: readonly string[]) => {
      await writeFile(received, lines.join("\n"));
      const { status, out } = await run(["verify", "--json", "--head", received]);
      return [status, status === 2 ? undefined : (JSON.parse(out) as { broken?: unknown }).broken];
    };
    // As syslog brings it, among other things, one of them very long.
    const noise = [
      `{"item":"x","text":"{\\"audit\\":\\"head\\""}`,
      "x".repeat(200_000),
      '{"audit":"head","n":1',
      `${late.slice(0, -5)}AAA"}`,
    ];
    expect(
      await verify(
        ...noise,
        `<110>1 2026-11-25T00:00:00Z host Hallway - AUDITHEAD [hallway@32473 id="1"] ${late}`,
        early,
      ),
    ).toEqual([0, undefined]);
    expect((await run(["verify", "--head", received])).out).toContain("Last entry known to the archive: 5");

    // Whoever can use the secret store as this person cuts the end off and seals what is left.
    const seal = [...kept.keys()].find((key) => key.endsWith("/audit-head")) ?? "";
    await cutAfter(log.key, 3);
    kept.set(seal, JSON.stringify({ n: 3, hash: third?.hash }));
    expect((await run(["verify"])).status).toBe(0);
    expect(await verify(late)).toEqual([1, { n: 4, kind: "truncated", to: 5 }]);
    expect(await verify(early)).toEqual([1, { n: 4, kind: "truncated", to: 4 }]);
    // It goes on, and is as long again.
    const again = await start();
    for (const name of ["e", "f", "g"]) await again.record(hold(name));
    await again.stop();
    expect((await run(["verify"])).status).toBe(0);
    expect(await verify(late)).toEqual([1, { n: 5, kind: "not-sent" }]);
    const { out } = await run(["verify", "--head", received], passphrase, "fr");
    expect(out).toContain("rompu à l’entrée 5");

    // A head of another device says nothing of this one; that there is none of this one does.
    const another = `${device.slice(0, -4)}${device.at(-4) === "A" ? "B" : "A"}${device.slice(-3)}`;
    const other = JSON.stringify({ ...(JSON.parse(late) as object), device: another });
    expect(await verify(other)).toEqual([2, undefined]);
    expect((await run(["verify", "--head", join(folder, "missing")])).err).toContain(
      "contains no correctly signed head",
    );
    for (const name of ["/device-key", "/audit-head"])
      kept.delete([...kept.keys()].find((key) => key.endsWith(name)) ?? "");
    await rm(join(folder, "audit.db"));
    await (await start()).stop();
    expect((await run(["verify"])).status).toBe(0);
    expect(await verify(late)).toEqual([1, { n: 1, kind: "other-key" }]);
    // All of it is gone.
    const elsewhere = await mkdtemp(join(tmpdir(), "hallway-cli-"));
    await copyFile(received, join(elsewhere, "received.log"));
    await rm(folder, { recursive: true });
    folder = elsewhere;
    expect((await run(["verify"])).status).toBe(0);
    expect((await run(["verify", "--json", "--head", join(folder, "received.log")])).status).toBe(1);
  });
});

/** Takes away every entry after this one. */
async function cutAfter(key: Uint8Array, n: number): Promise<void> {
  const db = new Database(join(folder, "audit.db"));
  db.pragma(`key="x'${Buffer.from(key).toString("hex")}'"`);
  db.exec(`DROP TRIGGER entry_stays; DROP TRIGGER entry_is_kept; DELETE FROM entry WHERE n > ${n}`);
  db.close();
}
