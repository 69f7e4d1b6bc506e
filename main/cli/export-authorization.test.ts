import { generateKeyPairSync, sign } from "node:crypto";
import { chmod, readdir, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyExport } from "../record/export/verify.ts";
import type { CommandResult } from "./command.ts";
import { ExportFixture, type Runner } from "./export.test-helper.ts";

const root = process.getuid?.() ?? 0;
const person: Runner = {};
const fixture = new ExportFixture();

test("the person alone cannot have it made, whatever HistoryExportEnabled says, and nothing of it is written", async () => {
  await fixture.fill();
  for (const enabled of [true, false]) {
    fixture.mandatory = new Map([["HistoryExportEnabled", { value: enabled, source: "x" }]]);
    const result = await fixture.run(["--format", "json", "--out", join(fixture.out, "x")], { runner: person });
    expect(result).toMatchObject({ status: 2, err: expect.stringContaining("not authorized") });
  }
  expect(await readdir(fixture.out)).toEqual([]);
});

test("a locked Hallway is not exported by the administrator either, and that is on record; whoever types the passphrase may", async () => {
  await fixture.fill();
  await fixture.lockHallway();
  const args = ["--format", "json", "--out", join(fixture.out, "x")];
  expect(await fixture.run(args)).toMatchObject({ status: 2, err: expect.stringContaining("locked") });
  expect(await readdir(fixture.out)).toEqual([]);
  const entries = JSON.parse((await fixture.audit()).out) as { entries: number };
  // The beginning of the chain, and the refusal.
  expect(entries.entries).toBe(2);
  await rm(fixture.folder, { recursive: true });
  await fixture.begin();
  fixture.withStore = false;
  await fixture.fill();
  await fixture.lockHallway();
  expect(await fixture.run(args)).toMatchObject({ status: 0 });
});

test("an authorization that the policy's key has signed allows it, for its user, its time, and the lock where it says so", async () => {
  await fixture.fill();
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const stranger = generateKeyPairSync("ed25519").privateKey;
  fixture.mandatory = new Map([
    ["PolicyPublicKey", { value: String(publicKey.export({ type: "spki", format: "pem" })), source: "x" }],
  ]);
  const good = {
    authorization: "hallway export 1",
    by: "Dana Legal",
    matter: "Case 7",
    user: userInfo().username,
    notAfter: "2999-01-01T00:00:00Z",
  };
  const file = join(fixture.out, "case-7.json");
  let n = 0;
  async function attempt(content: object, key = privateKey, runner = person): Promise<CommandResult> {
    const bytes = Buffer.from(JSON.stringify(content));
    await writeFile(file, bytes);
    await writeFile(`${file}.sig`, sign(null, bytes, key));
    return await fixture.run(["--format", "json", "--out", join(fixture.out, String(++n)), "--authorization", file], {
      runner,
    });
  }
  const made = await attempt(good);
  expect(made).toMatchObject({ status: 0 });
  const { manifest } = await verifyExport(join(fixture.out, "1"));
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
  await fixture.lockHallway();
  expect(await attempt(good)).toMatchObject({ status: 2, err: expect.stringContaining("locked") });
  expect(await attempt({ ...good, evenIfLocked: true })).toMatchObject({ status: 0 });
  // Without a policy that names a key, nobody has signed anything.
  fixture.mandatory = new Map();
  expect(await attempt(good)).toMatchObject({ status: 2, err: expect.stringContaining("not authorized") });
});

test("an authorization that only the administrator could have written needs no signature", async () => {
  await fixture.fill();
  const file = join(fixture.out, "case-8.json");
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
    fixture.run(["--format", "json", "--out", join(fixture.out, name), "--authorization", file], { runner });
  expect(await attempt("1", {})).toMatchObject({ status: 2 });
  expect(await attempt("1", { root: root + 1 })).toMatchObject({ status: 2 });
  expect(await attempt("1", { root })).toMatchObject({ status: 0 });
  await chmod(file, 0o666);
  expect(await attempt("2", { root })).toMatchObject({ status: 2, err: expect.stringContaining("not authorized") });
});
