import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import Database from "@signalapp/sqlcipher";
import { HallwayError } from "../../shared/errors.ts";
import { checkKey, closeQuietly, translate, writeKeyCheck } from "./database.ts";

/**
 * Encrypts a database that nobody has open with another key. All pages go through the write-ahead log in one
 * transaction, so that whatever ends the process, the file opens with the one key or the other; asked again, it finds
 * what is done already. Needs as much free space again as the file takes. Answers whether the file has the new key now:
 * one that was set aside as broken may open with neither. Errors: `storage-full`, `storage-failed`.
 */
export function rekeyDatabase(path: string, from: Uint8Array, to: Uint8Array): boolean {
  if (!existsSync(path) || statSync(path).size === 0) return true;
  if (!opensWith(path, to)) {
    const db = open(path, from);
    if (!db) {
      // It was made with the old key and cannot be read: broken, which is what the next to open it should find.
      if (checkKey(path, from) === true) writeKeyCheck(path, to);
      return false;
    }
    try {
      // On disk when it returns: the old key is let go after this.
      db.pragma("synchronous=FULL");
      db.pragma("wal_checkpoint(TRUNCATE)");
      db.pragma(`rekey=${raw(to)}`);
      db.pragma("wal_checkpoint(TRUNCATE)");
    } catch (error) {
      throw translate(error);
    } finally {
      closeQuietly(db);
    }
    if (!opensWith(path, to)) throw new HallwayError("storage-failed", { reason: "not-rekeyed", file: basename(path) });
  }
  writeKeyCheck(path, to);
  return true;
}

function opensWith(path: string, key: Uint8Array): boolean {
  const db = open(path, key);
  closeQuietly(db);
  return db !== undefined;
}

/** Undefined: this is not its key, or it is broken. */
function open(path: string, key: Uint8Array): Database | undefined {
  let db: Database | undefined;
  try {
    db = new Database(path, { cacheStatements: false });
    db.pragma("cipher_log_level=NONE");
    db.pragma(`key=${raw(key)}`);
    db.prepare("SELECT count(*) FROM sqlite_master").get();
    return db;
  } catch (error) {
    closeQuietly(db);
    const known = translate(error);
    if (known.code === "storage-corrupt") return undefined;
    throw known;
  }
}

function raw(key: Uint8Array): string {
  return `"x'${Buffer.from(key).toString("hex")}'"`;
}
