import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exportWorkerUrl } from "../../history/workers.test-helper.ts";
import { type MailDraft, renderMail } from "../formats/mail.ts";
import { ThreadedFolder } from "./threaded-folder.ts";

let parent: string;
const head = {
  version: "0.2.0",
  format: "eml",
  madeBy: "person",
  user: "alice",
  device: "",
  query: {},
  started: "",
} as const;
const end = { messages: 3, conversations: 1, first: null, last: null, finished: "" };

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "hallway-folder-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

test("every file is written whole, with its hash, and more than may be on the way is waited for", async () => {
  const files = new ThreadedFolder(exportWorkerUrl, join(parent, "made"), head);
  const long = "0123456789 é\n".repeat(100_000);
  files.file("a/1.eml");
  files.write("one");
  files.write(" and more");
  files.file("a/2.eml");
  for (let n = 0; n < 20; n++) {
    files.write(long);
    await files.settled();
  }
  files.file("b/3.eml");
  files.write("three");
  const counts = await files.finish(end);
  const texts = { "a/1.eml": "one and more", "a/2.eml": long.repeat(20), "b/3.eml": "three" };
  const manifest = readFileSync(join(parent, "made", "manifest.json"));
  const expected = Object.entries(texts).map(([path, text]) => ({
    path,
    size: Buffer.byteLength(text),
    sha256: sha256(text),
  }));
  expect(JSON.parse(manifest.toString()).files).toEqual(expected);
  for (const [path, text] of Object.entries(texts))
    expect(readFileSync(join(parent, "made", path), "utf8") === text).toBe(true);
  expect(counts).toEqual({
    files: 3,
    bytes: expected.reduce((sum, { size }) => sum + size, 0),
    manifest: sha256(manifest),
  });
});

test("a mail is written out in the thread, into a file of its own, however many there are", async () => {
  const files = new ThreadedFolder(exportWorkerUrl, join(parent, "made"), head);
  const drafts = Array.from({ length: 300 }, (_, n) => draftOf(`${n} é\n`.repeat(1000)));
  files.file("a/first.eml");
  files.write("one");
  for (const [n, draft] of drafts.entries()) {
    files.mail(`a/${n}.eml`, draft);
    await files.settled();
  }
  files.file("b/last.eml");
  files.write("three");
  const counts = await files.finish(end);
  expect(counts.files).toBe(drafts.length + 2);
  expect(readFileSync(join(parent, "made", "a/first.eml"), "utf8")).toBe("one");
  expect(readFileSync(join(parent, "made", "b/last.eml"), "utf8")).toBe("three");
  for (const [n, draft] of drafts.entries())
    expect(readFileSync(join(parent, "made", `a/${n}.eml`), "utf8") === renderMail(draft)).toBe(true);
});

test("what goes wrong in the thread shows where it is waited for, and giving up then ends, too", async () => {
  const files = new ThreadedFolder(exportWorkerUrl, join(parent, "nowhere", "made"), head);
  files.file("1.eml");
  files.write("one");
  await expect(files.finish(end)).rejects.toMatchObject({ code: "export-no-folder", params: { reason: "ENOENT" } });
  await files.abandon();
});

test("a thread that ends before all is written is a failure", async () => {
  const files = new ThreadedFolder(new URL("data:text/javascript,process.exit(0)"), join(parent, "made"), head);
  await expect(files.finish(end)).rejects.toMatchObject({ code: "storage-failed", params: { reason: "worker-ended" } });
  await files.abandon();
});

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function draftOf(text: string): MailDraft {
  const about = {
    network: "xmpp",
    account: "alice@example.com",
    conversation: "bob@example.com",
    conversationId: "1|bob@example.com",
  } as const;
  const file = { type: "text/plain", name: "text.txt", text };
  return {
    ...about,
    id: { kind: "day" },
    inReplyTo: undefined,
    subject: "Chat",
    date: 0,
    participants: [],
    count: 1,
    first: 0,
    last: 0,
    extra: [],
    text,
    file,
  };
}
