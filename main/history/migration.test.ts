import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDatabase } from "../database/database.ts";
import { Statements } from "../database/statements.ts";
import { createKilledProgram } from "./killed-program.test-helper.ts";
import { historyMigrations } from "./store/history-schema.ts";
import { RecordReader } from "./store/record-reader.ts";

/** A history of the version before (main/app/fixtures/369be8c) whose migration is killed at any moment. */
const fixture = new URL("../app/fixtures/369be8c/", import.meta.url);
const expected = JSON.parse(await readFile(new URL("expected.json", fixture), "utf8")) as {
  readonly secrets: Readonly<Record<string, string>>;
};
const kills = 24;
const migrate = await createKilledProgram(new URL("./migration-writer.test-helper.ts", import.meta.url));

function keyOf(): Uint8Array {
  const [, text = ""] = Object.entries(expected.secrets).find(([name]) => name.endsWith("/profile-key")) ?? [];
  return new Uint8Array(Buffer.from(text, "base64"));
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
    const { messages } = new RecordReader(sql).page({ deleted: true }, undefined, 500, "seq");
    return { messages, ahead, aliases };
  } finally {
    db.close();
  }
}

it("killed at any moment of its migration, a history of the version before opens with nothing lost", async () => {
  const key = keyOf();
  const folder = await mkdtemp(join(tmpdir(), "hallway-migration-"));
  const copy = async (name: string): Promise<string> => {
    const path = join(folder, name);
    await cp(new URL("history.db", fixture), path);
    return path;
  };
  const whole = recorded(await copy("whole.db"), key);
  expect(whole.messages.length).toBeGreaterThan(12);
  expect(whole.ahead).toMatchObject([{ wire_id: "b9", author: "" }]);
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
});
