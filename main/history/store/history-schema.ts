import type Database from "@signalapp/sqlcipher";
import type { Migration } from "./database.ts";

/**
 * history.db. `message.seq` grows with storing; a conversation is read by (at, seq). Unread messages stand in a table of
 * their own, so that reading them rewrites no message, and each conversation carries its count and its last line. Ids are
 * unique by their hashes (see hashes.ts).
 *
 * `message_words` is a contentless index of the words of each message (see words.ts), plus one word that names its
 * conversation. `detail=none` because order within a message is not looked for; prefixes of one to five characters have
 * lists of their own, so that what is typed first is found as fast as a whole word.
 */
export const historyMigrations: readonly Migration[] = [
  (db: Database) => {
    db.exec(`
      CREATE TABLE account (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE conversation (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, account INTEGER NOT NULL REFERENCES account(id),
        unread INTEGER NOT NULL DEFAULT 0, last_at INTEGER, last_seq INTEGER, last_text TEXT, last_direction INTEGER
      ) STRICT;
      CREATE INDEX conversation_account ON conversation(account);
      CREATE TABLE message (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversation(id), account INTEGER NOT NULL,
        id TEXT NOT NULL, direction INTEGER NOT NULL, wire_id TEXT, archive_id TEXT, body TEXT NOT NULL, at INTEGER NOT NULL,
        stored_at INTEGER NOT NULL, state INTEGER NOT NULL, error TEXT, flags INTEGER NOT NULL,
        id_hash INTEGER NOT NULL, wire_hash INTEGER, archive_hash INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX message_id ON message(id_hash);
      CREATE UNIQUE INDEX message_wire ON message(wire_hash) WHERE wire_hash IS NOT NULL;
      CREATE UNIQUE INDEX message_archive ON message(archive_hash) WHERE archive_hash IS NOT NULL;
      CREATE INDEX message_order ON message(conversation, at, seq);
      CREATE INDEX message_waiting ON message(account, at, seq) WHERE state = 0;
      CREATE TABLE unread (conversation INTEGER NOT NULL, at INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (conversation, at, seq)) STRICT, WITHOUT ROWID;
      CREATE VIRTUAL TABLE message_words USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii', prefix='1 2 3 4 5');
      INSERT INTO message_words(message_words, rank) VALUES('secure-delete', 1);
    `);
  },
  // A file that was set aside and how far it has been brought over, so that this goes on after a restart.
  (db: Database) => {
    db.exec("CREATE TABLE salvage (file TEXT PRIMARY KEY, below INTEGER NOT NULL) STRICT");
  },
];
