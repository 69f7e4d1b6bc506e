import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDatabase } from "../database/database.ts";
import { Statements } from "../database/statements.ts";
import { createKilledProgram } from "./killed-program.test-helper.ts";
import type { RecordedMessage } from "./recorded-message.ts";
import { historyMigrations } from "./store/history-schema.ts";
import { MessageStore } from "./store/message-store.ts";
import { RecordReader } from "./store/record-reader.ts";
import { Salvage } from "./store/salvage.ts";

/** Histories of earlier versions (main/app/fixtures) whose migration is killed at any moment. */
const fixtures = new URL("../app/fixtures/", import.meta.url);
/** Kills of a migration, spread over a few milliseconds. */
const kills = 16;
const migrate = await createKilledProgram(new URL("./migration-writer.test-helper.ts", import.meta.url));

interface Expected {
  readonly secrets: Readonly<Record<string, string>>;
  /** All that the history recorded, where the version that wrote it named conversations as this one does. */
  readonly record?: readonly RecordedMessage[];
}

async function expectedOf(fixture: URL): Promise<Expected> {
  return JSON.parse(await readFile(new URL("expected.json", fixture), "utf8")) as Expected;
}

function keyOf({ secrets }: Expected): Uint8Array {
  const [, text = ""] = Object.entries(secrets).find(([name]) => name.endsWith("/profile-key")) ?? [];
  return new Uint8Array(Buffer.from(text, "base64"));
}

interface Conversation {
  readonly key: string;
  readonly kind: number;
  readonly address: string;
}

/** Author of the last line of a conversation, as it is kept beside it and as the message has it. */
interface LastLine {
  readonly kept: string | null;
  readonly written: string | null;
}

/** Everything that the record of a file holds, of whichever version it was. */
function recorded(path: string, key: Uint8Array) {
  const db = openDatabase({ path, key, migrations: historyMigrations, cacheKiB: 2_000 });
  try {
    expect(db.pragma("cipher_integrity_check")).toEqual([]);
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    expect(db.pragma("user_version", { simple: true })).toBe(historyMigrations.length);
    const sql = new Statements(db);
    const ahead = sql.all("SELECT direction, author, wire_id, at FROM retraction_ahead ORDER BY wire_id", []);
    const aliases = sql.all("SELECT direction, author, wire_id, message FROM alias ORDER BY wire_id", []);
    const conversations = sql.all<Conversation>("SELECT key, kind, address FROM conversation ORDER BY key", []);
    const { messages } = new RecordReader(sql).page({ deleted: true }, { limit: 500 });
    const lastLines = sql.all<LastLine>(
      `SELECT c.last_author AS kept, (SELECT value FROM author WHERE id = m.author) AS written
        FROM conversation c JOIN message m ON m.seq = c.last_seq ORDER BY c.key`,
      [],
    );
    return { messages, ahead, aliases, conversations, lastLines };
  } finally {
    db.close();
  }
}

it.each(["369be8c", "8251ba1"])(
  "killed at any moment of its migration, a history of version %s opens with nothing lost",
  async (version) => {
    const fixture = new URL(`${version}/`, fixtures);
    const expected = await expectedOf(fixture);
    const key = keyOf(expected);
    const folder = await mkdtemp(join(tmpdir(), "hallway-migration-"));
    const copy = async (name: string): Promise<string> => {
      const path = join(folder, name);
      await cp(new URL("history.db", fixture), path);
      return path;
    };
    const whole = recorded(await copy("whole.db"), key);
    expect(whole.messages.length).toBeGreaterThan(12);
    expect(whole.ahead).toContainEqual(expect.objectContaining({ wire_id: "b9", author: "" }));
    if (expected.record) expect(JSON.parse(JSON.stringify(whole.messages))).toEqual(withKinds(expected.record));
    for (const { key: id, kind, address } of whole.conversations)
      expect([kind, address, id]).toEqual(
        id.startsWith("room/") ? [1, "team@rooms.x.example", id] : [0, id.slice(id.indexOf("|") + 1), id],
      );
    for (const { kept, written } of whole.lastLines) expect(kept).toBe(written);
    expect(whole.lastLines.length).toBeGreaterThan(1);
    let before = 0;
    for (let n = 0; n < kills; n++) {
      const path = await copy(`${n}.db`);
      const child = migrate(path, Buffer.from(key).toString("hex"));
      let said = "";
      child.stdout.on("data", (bytes: Buffer) => {
        said += bytes.toString();
        // Later each time, by a quarter of a millisecond: before, within and after the transaction.
        if (said.startsWith("begin") && !said.includes("end")) {
          const until = performance.now() + n / 4;
          while (performance.now() < until);
          child.kill("SIGKILL");
        } else child.kill("SIGKILL");
      });
      expect(await child.ended).toBe("SIGKILL");
      if (!said.includes("end")) before += 1;
      expect(recorded(path, key)).toEqual(whole);
    }
    expect(before).toBeGreaterThan(0);
    await rm(folder, { recursive: true });
  },
);

it("a history of before places is brought over where it was set aside, rooms and occupants with it", async () => {
  const fixture = new URL("8251ba1/", fixtures);
  const expected = await expectedOf(fixture);
  const folder = await mkdtemp(join(tmpdir(), "hallway-migration-"));
  const path = join(folder, "history.db");
  await cp(new URL("history.db", fixture), path);
  const salvage = new Salvage(path, keyOf(expected), undefined);
  const db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 2_000 });
  let seq = 0;
  const store = new MessageStore(db, { indexed: true, nextSeq: () => ++seq, now: () => 0 });
  for (let part = salvage.next(); ; part = salvage.next()) {
    store.salvage("history.db", part, () => false);
    if (part.below === undefined) break;
  }
  store.addAhead(salvage.retractionsAhead());
  salvage.close();
  const { messages } = store.record.page({ deleted: true }, { limit: 500, order: "seq" });
  expect(JSON.parse(JSON.stringify(messages))).toEqual(withKinds(expected.record));
  expect(store.read.retractionsAhead()).toContainEqual(
    expect.objectContaining({ kind: 1, peer: "team@rooms.x.example", wire_id: "wire-ahead" }),
  );
  expect(
    store.read.search({ text: "", filter: { authors: [{ address: "bert@x.example" }] }, limit: 9 }).hits,
  ).toMatchObject([{ message: { body: "by room-2" } }]);
  store.close();
  await rm(folder, { recursive: true });
});

/** The fixture's record, written before messages had the kind of their conversation beside its id. */
function withKinds(record: readonly unknown[] | undefined): readonly unknown[] | undefined {
  return record?.map((message) => {
    const { conversationId } = message as { readonly conversationId: string };
    return { ...(message as object), kind: conversationId.startsWith("room/") ? "room" : "direct" };
  });
}
