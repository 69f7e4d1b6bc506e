import type Database from "@signalapp/sqlcipher";
import type { Migration } from "../../database/database.ts";

/**
 * history.db. `message.seq` grows with storing; a conversation is read by (at, seq): `at` is the place of a message, by
 * arrival or by the archive, and `said_at` a stamp that says another time. Unread messages stand in a table of their
 * own, so that reading them rewrites no message, and each conversation carries its count and its last line. Ids are
 * unique by their hashes (see keys.ts).
 *
 * `message_words` is a contentless index of the words of each message (see shared/search/words.ts), plus one word that
 * names its conversation. `detail=none` because order within a message is not looked for; prefixes of one to five
 * characters have lists of their own, so that what is typed first is found as fast as a whole word.
 *
 * What the compliance record adds is described in docs/record.md. Columns added to `message` are null in older rows,
 * which are not rewritten: in those `stored_at` is when the message reached this device, which `received_at` says in
 * newer ones.
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
  // The compliance record. What hangs on a message goes with it.
  (db: Database) => {
    db.exec(`
      CREATE TABLE own (id INTEGER PRIMARY KEY, network TEXT NOT NULL, address TEXT NOT NULL, UNIQUE (network, address)) STRICT;
      CREATE TABLE membership (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, members TEXT NOT NULL) STRICT;
      ALTER TABLE message ADD COLUMN received_at INTEGER;
      ALTER TABLE message ADD COLUMN own INTEGER;
      ALTER TABLE message ADD COLUMN encryption TEXT;
      ALTER TABLE message ADD COLUMN label TEXT;
      ALTER TABLE message ADD COLUMN membership INTEGER;
      ALTER TABLE message ADD COLUMN corrected_at INTEGER;
      ALTER TABLE message ADD COLUMN retracted_at INTEGER;
      ALTER TABLE message ADD COLUMN deleted_at INTEGER;
      ALTER TABLE message ADD COLUMN replaces TEXT;
      CREATE INDEX message_replaces ON message(conversation, replaces) WHERE replaces IS NOT NULL;
      CREATE TABLE version (
        message INTEGER NOT NULL REFERENCES message(seq) ON DELETE CASCADE, n INTEGER NOT NULL,
        body TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (message, n)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE state_change (
        message INTEGER NOT NULL REFERENCES message(seq) ON DELETE CASCADE, n INTEGER NOT NULL,
        at INTEGER NOT NULL, state INTEGER NOT NULL, error TEXT, PRIMARY KEY (message, n)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE file (
        message INTEGER NOT NULL REFERENCES message(seq) ON DELETE CASCADE, n INTEGER NOT NULL,
        name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, type TEXT, PRIMARY KEY (message, n)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE alias (
        conversation INTEGER NOT NULL, direction INTEGER NOT NULL, wire_id TEXT NOT NULL,
        message INTEGER NOT NULL REFERENCES message(seq) ON DELETE CASCADE, PRIMARY KEY (conversation, direction, wire_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX alias_message ON alias(message);
      CREATE TABLE retraction_ahead (
        conversation INTEGER NOT NULL REFERENCES conversation(id) ON DELETE CASCADE, direction INTEGER NOT NULL, wire_id TEXT NOT NULL,
        at INTEGER NOT NULL, PRIMARY KEY (conversation, direction, wire_id)
      ) STRICT, WITHOUT ROWID;
    `);
  },
  // When the messages of each block of 4096 were said (see time-blocks.ts). What goes leaves it as it is: wide is not
  // wrong.
  (db: Database) => {
    db.exec(`
      CREATE TABLE time_block (n INTEGER PRIMARY KEY, min_at INTEGER NOT NULL, max_at INTEGER NOT NULL) STRICT;
      INSERT INTO time_block SELECT seq >> 12, min(at), max(at) FROM message GROUP BY seq >> 12;
      CREATE TRIGGER message_moved AFTER UPDATE OF at ON message BEGIN
        INSERT INTO time_block VALUES (new.seq >> 12, new.at, new.at)
          ON CONFLICT (n) DO UPDATE SET min_at = min(min_at, excluded.min_at), max_at = max(max_at, excluded.max_at);
      END;
    `);
  },
  // Retention finds messages by their age and what the person deleted; what went is counted until it stands in the
  // audit log.
  (db: Database) => {
    db.exec(`
      CREATE INDEX message_age ON message(coalesce(received_at, stored_at));
      CREATE INDEX message_deleted ON message(deleted_at) WHERE deleted_at IS NOT NULL;
      CREATE INDEX message_membership ON message(membership) WHERE membership IS NOT NULL;
      CREATE TABLE removed (rule TEXT PRIMARY KEY, cutoff INTEGER NOT NULL, messages INTEGER NOT NULL) STRICT;
    `);
  },
  // The stamp that a message came with, where that is not its place; in older rows it is the place (`at`).
  (db: Database) => db.exec("ALTER TABLE message ADD COLUMN said_at INTEGER"),
  // Texts are cut into words in another way from here on. Entries of messages below this `seq` were not yet cut anew
  // (see word-index.ts).
  (db: Database) => {
    db.exec(`
      CREATE TABLE former_cut (below INTEGER NOT NULL) STRICT;
      INSERT INTO former_cut SELECT seq + 1 FROM message ORDER BY seq DESC LIMIT 1;
    `);
  },
  // Hashes of ids stand in blocks (see id-index.ts); block 0 is what is here already.
  (db: Database) => {
    db.exec(`
      CREATE TABLE id_block (n INTEGER PRIMARY KEY, filter BLOB) STRICT;
      INSERT INTO id_block SELECT 0, NULL WHERE EXISTS (SELECT 1 FROM message);
    `);
  },
  // Own messages that have gone out and were not read there yet: a read marker finds those before it.
  (db: Database) =>
    db.exec(
      "CREATE INDEX message_unread_there ON message(conversation, at, seq) WHERE direction = 1 AND state IN (1, 2)",
    ),
  // What a message is that cannot be shown, as JSON of MessageNotice.
  (db: Database) => {
    db.exec("ALTER TABLE message ADD COLUMN notice TEXT");
    db.exec("ALTER TABLE conversation ADD COLUMN last_notice TEXT");
  },
  // Who wrote a message, where its direction does not say it (see json-columns.ts). Two authors may use the same wire
  // id, so what is known by one is known by its author, too.
  (db: Database) => {
    db.exec(`
      CREATE TABLE author (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE) STRICT;
      ALTER TABLE message ADD COLUMN author INTEGER;
      CREATE INDEX message_author ON message(author) WHERE author IS NOT NULL;
      ALTER TABLE alias RENAME TO former_alias;
      CREATE TABLE alias (
        conversation INTEGER NOT NULL, direction INTEGER NOT NULL, author TEXT NOT NULL, wire_id TEXT NOT NULL,
        message INTEGER NOT NULL REFERENCES message(seq) ON DELETE CASCADE, PRIMARY KEY (conversation, direction, author, wire_id)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO alias SELECT conversation, direction, '', wire_id, message FROM former_alias;
      DROP TABLE former_alias;
      CREATE INDEX alias_message ON alias(message);
      ALTER TABLE retraction_ahead RENAME TO former_ahead;
      CREATE TABLE retraction_ahead (
        conversation INTEGER NOT NULL REFERENCES conversation(id) ON DELETE CASCADE, direction INTEGER NOT NULL, author TEXT NOT NULL,
        wire_id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (conversation, direction, author, wire_id)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO retraction_ahead SELECT conversation, direction, '', wire_id, at FROM former_ahead;
      DROP TABLE former_ahead;
    `);
  },
  // Kind of a conversation (0: direct, 1: a room) and the address that it is with, which its key said until then.
  (db: Database) => {
    db.exec(`
      ALTER TABLE conversation ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE conversation ADD COLUMN address TEXT NOT NULL DEFAULT '';
      UPDATE conversation SET kind = ${formerKind("key")}, address = ${formerAddress("key")};
      CREATE INDEX conversation_address ON conversation(address);
    `);
  },
  // Author of the last line of a conversation, as JSON of Author where its direction does not say it.
  (db: Database) => {
    db.exec(`
      ALTER TABLE conversation ADD COLUMN last_author TEXT;
      UPDATE conversation SET last_author =
        (SELECT value FROM author WHERE id = (SELECT author FROM message WHERE seq = last_seq));
    `);
  },
  // Whether a block has hashes under another salt than the first (see id-index.ts); of what is here nobody knows.
  (db: Database) => {
    db.exec(`
      ALTER TABLE id_block ADD COLUMN salted INTEGER NOT NULL DEFAULT 0;
      INSERT OR IGNORE INTO id_block(n) SELECT 1 WHERE EXISTS (SELECT 1 FROM message WHERE id_hash < 0);
      UPDATE id_block SET salted = 1;
    `);
  },
];

/** Kind of a conversation in a file without a column for it, as an expression on its key: `room/account/address`. */
export function formerKind(key: string): string {
  return `(${key} GLOB 'room/*')`;
}

/** Address of a conversation in a file without a column for it; the key of a direct one is `account|address`. */
export function formerAddress(key: string): string {
  const afterRoom = `substr(${key}, 6)`;
  return `CASE WHEN ${formerKind(key)} THEN substr(${afterRoom}, instr(${afterRoom}, '/') + 1) ELSE substr(${key}, instr(${key}, '|') + 1) END`;
}

/** The `user_version` from which on a file has the tables of the compliance record. */
export const recordVersion = 3;
/** The `user_version` from which on a message has its stamp. */
export const stampVersion = 6;
/** The `user_version` from which on the index has words as they are cut now. */
export const cutVersion = 7;
/** The `user_version` from which on a message may be a notice. */
export const noticeVersion = 10;
/** The `user_version` from which on a message may have an author that its direction does not say. */
export const authorVersion = 11;
/** The `user_version` from which on a conversation has its kind and address. */
export const placeVersion = 12;
