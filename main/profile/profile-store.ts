import type Database from "@signalapp/sqlcipher";
import { HallwayError } from "../../shared/errors.ts";
import {
  closeQuietly,
  diagnose,
  inTransaction,
  type Migration,
  openDatabase,
  openSetAside,
  setAside,
  translate,
} from "../database/database.ts";
import { goneSchema } from "../history/store/gone-messages.ts";
import { type ProfileNamespace, profileNamespaces } from "./profile.ts";

/** Longest value, in UTF-16 units: 16 Mi. */
export const maxProfileValue = 16 * 1024 * 1024;

const migrations: readonly Migration[] = [
  (db) =>
    db.exec(
      "CREATE TABLE entry (namespace TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (namespace, key)) STRICT, WITHOUT ROWID",
    ),
  (db) => db.exec(goneSchema),
];

export interface ProfileEntry {
  readonly namespace: ProfileNamespace;
  readonly key: string;
  readonly value: string | undefined;
}

/** profile.db, in the worker. Every write is on disk when it returns (synchronous=FULL). */
export class ProfileStore {
  readonly #path: string;
  readonly #key: Uint8Array;
  readonly #trouble: ((error: HallwayError) => void) | undefined;
  #db: Database;

  /**
   * `trouble`: told when a broken file was set aside and another begun; undefined: a broken file is left as it is, and
   * all fails.
   */
  constructor(path: string, key: Uint8Array, trouble: ((error: HallwayError) => void) | undefined) {
    this.#path = path;
    this.#key = key;
    this.#trouble = trouble;
    try {
      this.#db = this.#open();
    } catch (error) {
      if (translate(error).code !== "storage-corrupt") throw error;
      this.#db = this.#begin(error);
    }
  }

  get(namespace: ProfileNamespace, key: string): string | undefined {
    return this.#run((db) =>
      db
        .prepare("SELECT value FROM entry WHERE namespace = ? AND key = ?", { pluck: true })
        .get<string>([namespace, key]),
    );
  }

  all(namespace: ProfileNamespace): Map<string, string> {
    const rows = this.#run((db) =>
      db
        .prepare("SELECT key, value FROM entry WHERE namespace = ? ORDER BY key")
        .all<{ key: string; value: string }>([namespace]),
    );
    return new Map(rows.map((row) => [row.key, row.value]));
  }

  /** For what has a table of its own in this file. */
  within<T>(work: (db: Database) => T): T {
    return this.#run(work);
  }

  put(entries: readonly ProfileEntry[]): void {
    for (const entry of entries) if ((entry.value?.length ?? 0) > maxProfileValue) throw new HallwayError("too-large");
    this.#run((db) => {
      const upsert = db.prepare("INSERT INTO entry VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value");
      const remove = db.prepare("DELETE FROM entry WHERE namespace = ? AND key = ?");
      inTransaction(db, () => {
        for (const { namespace, key, value } of entries) {
          if (value === undefined) remove.run([namespace, key]);
          else upsert.run([namespace, key, value]);
        }
      });
      upsert.close();
      remove.close();
    });
  }

  close(): void {
    closeQuietly(this.#db);
  }

  #open(): Database {
    const db = openDatabase({ path: this.#path, key: this.#key, migrations, cacheKiB: 2000 });
    db.pragma("synchronous=FULL");
    return db;
  }

  /** Sets the broken file aside, says so, and begins a new one with what can still be read of the old. */
  #begin(cause: unknown): Database {
    if (!this.#trouble) throw translate(cause);
    const aside = setAside(this.#path, new Date());
    const db = this.#open();
    this.#salvage(aside, db);
    this.#trouble(new HallwayError("storage-corrupt", { file: aside }, cause));
    return db;
  }

  #salvage(from: string, into: Database): void {
    let old: Database | undefined;
    try {
      old = openSetAside(from, this.#key);
      const keep = into.prepare("INSERT OR IGNORE INTO entry VALUES (?, ?, ?)");
      // Namespace by namespace, so that a broken page costs what stands on it and not the rest.
      for (const namespace of profileNamespaces) {
        try {
          for (const row of old
            .prepare("SELECT key, value FROM entry WHERE namespace = ?")
            .all<{ key: string; value: string }>([namespace]))
            keep.run([namespace, row.key, row.value]);
        } catch {
          old.close();
          old = openSetAside(from, this.#key);
        }
      }
      const keepGone = into.prepare("INSERT OR IGNORE INTO gone VALUES (?, ?, ?, ?)");
      for (const row of old.prepare("SELECT hash, at, said_at, text FROM gone").all<Record<string, number | null>>())
        keepGone.run([row["hash"] ?? 0, row["at"] ?? 0, row["said_at"] ?? null, row["text"] ?? null]);
    } catch {
      // What cannot be read stays in the file that was set aside.
    } finally {
      closeQuietly(old);
    }
  }

  #run<T>(work: (db: Database) => T): T {
    try {
      return work(this.#db);
    } catch (error) {
      const known = diagnose(error, this.#db);
      if (known.code !== "storage-corrupt") throw known;
      closeQuietly(this.#db);
      this.#db = this.#begin(known);
      return work(this.#db);
    }
  }
}
