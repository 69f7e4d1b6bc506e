import type { openDatabase } from "../../database/database.ts";
import { formerWords } from "./former-words.ts";
import { hash, hashed } from "./keys.ts";
import { conversationWord } from "./word-index.ts";

type Database = ReturnType<typeof openDatabase>;

export const formerPeer = "account-1|bob@x.example";

/** Puts messages into a database of version 6 as that version did, `seq` from 1, with their entries in the index. */
export function fillFormer(db: Database, bodies: readonly string[]): void {
  db.exec(`
    INSERT INTO account VALUES (1, 'account-1');
    INSERT INTO conversation VALUES (1, '${formerPeer}', 1, 0, ${bodies.length}, ${bodies.length}, 'last', 0);
    INSERT INTO time_block SELECT value, 1, ${bodies.length} FROM json_each('[${Array.from({ length: (bodies.length >> 12) + 1 }, (_, n) => n).join()}]');
  `);
  const message = db.prepare(
    `INSERT INTO message (seq, conversation, account, id, direction, wire_id, body, at, stored_at, received_at, state, flags, id_hash, wire_hash)
      VALUES (?, 1, 1, ?, 0, ?, ?, ?, ?, ?, 5, 0, ?, ?)`,
  );
  const entry = db.prepare("INSERT INTO message_words(rowid, words) VALUES (?, ?)");
  db.exec("BEGIN");
  bodies.forEach((body, index) => {
    const seq = index + 1;
    const id = `m${seq}`;
    message.run([
      seq,
      id,
      id,
      body,
      seq,
      seq,
      seq,
      hash(hashed.id(id), 0),
      hash(hashed.wire(1, { direction: 0, author: null }, id), 0),
    ]);
    entry.run([seq, `${conversationWord(1)} ${[...formerWords(body)].join(" ")}`]);
  });
  db.exec("COMMIT");
}

/** Every entry of the index: which word stands for which message. */
export function indexEntries(db: Database): string[] {
  db.exec("CREATE VIRTUAL TABLE IF NOT EXISTS temp.entries USING fts5vocab(main, message_words, instance)");
  return db
    .prepare("SELECT term, doc FROM temp.entries")
    .all<{ term: string; doc: number }>()
    .map(({ term, doc }) => `${doc} ${term}`)
    .sort();
}
