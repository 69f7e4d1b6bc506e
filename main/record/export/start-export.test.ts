import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { exportFormats } from "../../../shared/model/export.ts";
import type { RecordPiece } from "../../history/history.ts";
import { append, exportOptions, firstAt, nthMessage, withHistory } from "./history.test-helper.ts";
import { startExport } from "./start-export.ts";
import { verifyExport } from "./verify.ts";

const count = 3000;
let profile = "";
let out = "";
const folders: string[] = [];

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hallway-export-"));
  folders.push(folder);
  return folder;
}

beforeAll(async () => {
  profile = await temporary();
  await withHistory(profile, "encrypted", (history) => append(history, count));
});
beforeEach(async () => {
  out = await temporary();
});
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** Lines of the JSON Lines of an export. */
async function linesOf(folder: string): Promise<{ readonly id: string; readonly text: string }[]> {
  const text = await readFile(join(folder, "messages.jsonl"), "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { id: string; text: string });
}

test.each(exportFormats)(
  "%s: every message is in it, the manifest says so, and nobody else can read it",
  async (format) => {
    const target = join(out, "export");
    const counts = await startExport({ ...exportOptions(profile), format, target }).result;
    expect(counts).toMatchObject({ messages: count });
    const { manifest, findings } = await verifyExport(target);
    expect(findings).toEqual([]);
    expect(manifest).toMatchObject({
      format,
      messages: count,
      conversations: 5,
      madeBy: "person",
      user: "alice",
      first: "2026-11-01T12:00:00.000Z",
    });
    const texts = await Promise.all((manifest?.files ?? []).map(({ path }) => readFile(join(target, path), "utf8")));
    const all = format === "eml" ? texts.join("").replace(/=\r\n/g, "") : texts.join("");
    for (const index of [0, 1, 1499, count - 1]) expect(all).toContain(`Words number ${index}`);
    expect((await stat(target)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(target, { recursive: true }))
      expect((await stat(join(target, name))).mode & 0o077).toBe(0);
    expect(await readdir(out)).toEqual(["export"]);
    expect(await readdir(join(profile, "exports"))).toEqual([]);
  },
);

test("only what is asked for: person, time, direction, words", async () => {
  const query = {
    peers: ["person.2@example.test"],
    from: firstAt + 600 * 60_000,
    to: firstAt + 1200 * 60_000,
    direction: "in" as const,
  };
  await startExport({ ...exportOptions(profile), query, format: "json", target: join(out, "some") }).result;
  const expected = Array.from({ length: 600 }, (_, offset) => nthMessage(600 + offset)).filter(
    ({ conversationId, direction }) => conversationId.endsWith("person.2@example.test") && direction === "in",
  );
  expect((await linesOf(join(out, "some"))).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  await startExport({
    ...exportOptions(profile),
    query: { text: "number 2718" },
    format: "json",
    target: join(out, "words"),
  }).result;
  expect((await linesOf(join(out, "words"))).map(({ id }) => id)).toEqual(["message-2718"]);
});

test("messages that are stored meanwhile wait for nothing, and the export is of one moment", async () => {
  const folder = await temporary();
  await withHistory(folder, "encrypted", async (history) => {
    await append(history, 2000);
    let stored: Promise<unknown> | undefined;
    const running = startExport({
      ...exportOptions(folder),
      format: "json",
      target: join(out, "moment"),
      onProgress() {
        stored ??= history.append([{ ...nthMessage(5), id: "late", wireId: "late", body: "Too late for this one" }]);
      },
    });
    expect(await running.result).toMatchObject({ messages: 2000 });
    await stored;
    expect(await history.get("late")).toMatchObject({ body: "Too late for this one" });
  });
});

test("where history is in memory only, it is read through its thread", async () => {
  const folder = await temporary();
  await withHistory(folder, "memory", async (history) => {
    await append(history, 1200);
    const record = (piece: RecordPiece) => history.record({}, piece);
    const running = startExport({
      ...exportOptions(folder),
      source: { kind: "relay", record },
      format: "html",
      target: join(out, "memory"),
    });
    expect(await running.result).toMatchObject({ messages: 1200, files: 6 });
    expect((await verifyExport(join(out, "memory"))).findings).toEqual([]);
  });
});

test("a cancelled export leaves nothing", async () => {
  const running = startExport({
    ...exportOptions(profile),
    format: "eml",
    target: join(out, "stopped"),
    onProgress: () => running.cancel(),
  });
  expect(await running.result).toBeUndefined();
  expect(await readdir(out)).toEqual([]);
  expect(await readdir(join(profile, "exports"))).toEqual([]);
});

test("a folder that is there, or that cannot be written, is refused and left alone", async () => {
  await mkdir(join(out, "mine"));
  await writeFile(join(out, "mine", "letter.txt"), "mine");
  await expect(
    startExport({ ...exportOptions(profile), format: "csv", target: join(out, "mine") }).result,
  ).rejects.toMatchObject({
    code: "export-no-folder",
  });
  expect(await readdir(join(out, "mine"))).toEqual(["letter.txt"]);
  await expect(
    startExport({ ...exportOptions(profile), format: "csv", target: join(out, "nowhere", "deep") }).result,
  ).rejects.toMatchObject({
    code: "export-no-folder",
    params: { reason: "ENOENT" },
  });
});

test("a full disk: a clear error, and nothing of it is left", async () => {
  const disk = await temporary();
  const mounted = await promisify(execFile)("mount", ["-t", "tmpfs", "-o", "size=200k,mode=700", "tmpfs", disk]).then(
    () => true,
    () => false,
  );
  // Only root may mount; /dev/full stands for the disk otherwise.
  if (!mounted) return expectFullDevice();
  try {
    await expect(
      startExport({ ...exportOptions(profile), format: "json", target: join(disk, "full") }).result,
    ).rejects.toMatchObject({
      code: "export-no-room",
    });
    expect(await readdir(disk)).toEqual([]);
  } finally {
    await promisify(execFile)("umount", [disk]);
  }
});

async function expectFullDevice(): Promise<void> {
  const { exportError } = await import("./export-error.ts");
  const { writeFileSync } = await import("node:fs");
  let error: unknown;
  try {
    writeFileSync("/dev/full", "x");
  } catch (thrown) {
    error = thrown;
  }
  expect(exportError(error).code).toBe("export-no-room");
}

test("a history that belongs to another key is not exported", async () => {
  const source = { kind: "file" as const, path: join(profile, "history.db"), key: new Uint8Array(32).fill(1) };
  await expect(
    startExport({ ...exportOptions(profile), source, format: "json", target: join(out, "foreign") }).result,
  ).rejects.toMatchObject({
    code: "vault-unavailable",
  });
  expect(existsSync(join(out, "foreign"))).toBe(false);
});

test("whatever is changed in an export is found", async () => {
  const target = join(out, "export");
  const options = exportOptions(profile);
  await startExport({ ...options, format: "html", target }).result;
  const { manifest } = await verifyExport(target, options.deviceKey.publicKey);
  const [first, second] = manifest?.files ?? [];
  if (!first || !second) throw new Error("Two files");
  expect((await verifyExport(target, exportOptions(profile).deviceKey.publicKey)).findings).toEqual([
    { what: "other-device", path: "manifest.json" },
  ]);

  const text = await readFile(join(target, first.path), "utf8");
  await writeFile(join(target, first.path), text.replace("Words number 0", "Words number 9"));
  await rm(join(target, second.path));
  await symlink("/etc/passwd", join(target, second.path));
  await writeFile(join(target, "conversations", "more.html"), "");
  await chmod(join(target, "conversations", "more.html"), 0o600);
  expect((await verifyExport(target)).findings).toEqual([
    { what: "changed", path: first.path },
    { what: "missing", path: second.path },
    { what: "added", path: "conversations/more.html" },
  ]);

  // Somebody who makes the manifest fit cannot sign it.
  const raw = await readFile(join(target, "manifest.json"), "utf8");
  await writeFile(join(target, "manifest.json"), raw.replace(`"messages":${count}`, '"messages":2'));
  expect((await verifyExport(target)).findings).toContainEqual({ what: "bad-signature", path: "manifest.sig" });
  await writeFile(join(target, "manifest.json"), raw.replace(/"path":"[^"]*"/, '"path":"../../etc/passwd"'));
  expect((await verifyExport(target)).findings).toEqual([{ what: "manifest-broken", path: "manifest.json" }]);
  await rm(join(target, "manifest.json"));
  expect((await verifyExport(target)).findings).toEqual([{ what: "no-manifest", path: "manifest.json" }]);
});

test("openssl says the same of the signature, as docs/record.md tells", async () => {
  const target = join(out, "export");
  await startExport({ ...exportOptions(profile), format: "csv", target }).result;
  const script = [
    "hash=$(sha256sum manifest.json | cut -d' ' -f1)",
    `{ printf '\\0\\0\\0\\31hallway export manifest 1\\0\\0\\0\\100'; printf '%s' "$hash"; } > ../signed`,
    "openssl base64 -d -A -in manifest.sig -out ../signature",
    "openssl pkeyutl -verify -pubin -inkey manifest.pub.pem -rawin -in ../signed -sigfile ../signature",
  ].join("\n");
  const run = () => promisify(execFile)("sh", ["-ec", script], { cwd: target });
  expect((await run()).stdout).toContain("Signature Verified Successfully");
  await writeFile(join(target, "manifest.json"), `${await readFile(join(target, "manifest.json"), "utf8")} `);
  await expect(run()).rejects.toMatchObject({ code: 1 });
});
