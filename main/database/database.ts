import { createHmac, timingSafeEqual } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "@signalapp/sqlcipher";
import { HallwayError } from "../../shared/errors.ts";
import { truncate } from "../../shared/text/truncate.ts";

/**
 * One step of the schema; its place in the list, from 1, is the `user_version` after it. Steps are never changed, only
 * added.
 */
export type Migration = (db: Database) => void;

export interface DatabaseOptions {
  /** Undefined: in memory, without a key. */
  readonly path: string | undefined;
  /** 32 random bytes; used as SQLCipher's raw key, without derivation. */
  readonly key: Uint8Array | undefined;
  readonly migrations: readonly Migration[];
  /** Size of the page cache in KiB. */
  readonly cacheKiB: number;
}

/**
 * Opens an encrypted database (SQLCipher 4: AES-256-CBC with HMAC-SHA512 a page) and brings its schema up to date.
 * Errors: `storage-corrupt` (the key is right, the file is not), `vault-unavailable` (the file belongs to another key,
 * and is left alone), `storage-full`, `storage-failed`.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const { path, key } = options;
  if (path !== undefined) makeFolder(dirname(path));
  const isNew = path === undefined || !existsSync(path) || statSync(path).size === 0;
  const keyIsRight = path === undefined || key === undefined || isNew ? true : checkKey(path, key);
  if (keyIsRight === false) throw new HallwayError("vault-unavailable", { file: basename(path ?? "") });
  let db: Database | undefined;
  try {
    db = new Database(path ?? ":memory:", { cacheStatements: false });
    if (path !== undefined && key !== undefined) giveKey(db, key);
    configure(db, options);
    migrate(db, options.migrations);
    if (path !== undefined && key !== undefined) writeKeyCheck(path, key);
    return db;
  } catch (error) {
    closeQuietly(db);
    const translated = translate(error);
    // Without a recorded check of the key, an unreadable file may as well be a wrong key: it is left alone.
    if (translated.code === "storage-corrupt" && keyIsRight === undefined)
      throw new HallwayError("vault-unavailable", { file: basename(path ?? "") }, error);
    throw translated;
  }
}

function giveKey(db: Database, key: Uint8Array): void {
  db.pragma("cipher_log_level=NONE");
  db.pragma(`key="x'${Buffer.from(key).toString("hex")}'"`);
}

/** Opens a database that was set aside, as it is, to read what can still be read of it. Throws what SQLite throws. */
export function openSetAside(path: string, key: Uint8Array): Database {
  const db = new Database(path);
  try {
    giveKey(db, key);
    return db;
  } catch (error) {
    closeQuietly(db);
    throw error;
  }
}

function configure(db: Database, options: DatabaseOptions): void {
  if (options.path !== undefined) {
    // The first read: a wrong key or a broken first page shows here.
    db.prepare("SELECT count(*) FROM sqlite_master").get();
    // Never shortened, so that a small change can still be written when the disk is full.
    db.pragma("journal_mode=WAL");
    db.pragma("synchronous=NORMAL");
    // In pages, 16 MiB: a catch-up writes the same pages of the indexes again and again, and a checkpoint copies each
    // once.
    db.pragma("wal_autocheckpoint=4000");
    for (const suffix of ["", "-wal", "-shm"])
      if (existsSync(options.path + suffix)) chmodSync(options.path + suffix, 0o600);
  }
  db.pragma("foreign_keys=ON");
  db.pragma("secure_delete=ON");
  db.pragma("temp_store=MEMORY");
  db.pragma(`cache_size=-${options.cacheKiB}`);
}

function migrate(db: Database, migrations: readonly Migration[]): void {
  const version = Number(db.pragma("user_version", { simple: true }) ?? 0);
  // Written by a later Hallway: reading on could harm it.
  if (version > migrations.length) throw new HallwayError("storage-failed", { reason: "newer-version" });
  migrations.slice(version).forEach((step, index) => {
    inTransaction(db, () => {
      step(db);
      db.pragma(`user_version=${version + index + 1}`);
    });
  });
}

/**
 * All of `work` or none of it. Where SQLite has already rolled back by itself (a full disk), the reason is what is
 * thrown, not that there is nothing left to roll back.
 */
export function inTransaction<T>(db: Database, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      db.exec("ROLLBACK");
    } catch {
      // SQLite has rolled it back already, or the connection is beyond use.
    }
    throw error;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw translate(error);
  }
}

/** A tag that tells whether a key is the one a database was made with, and nothing about the key. */
function keyTag(key: Uint8Array): Buffer {
  return createHmac("sha256", key).update("hallway database key check, version 1").digest().subarray(0, 16);
}

function keyCheckPath(path: string): string {
  return join(dirname(path), `${basename(path)}.keycheck`);
}

/** Undefined: not known, there is no tag. */
export function checkKey(path: string, key: Uint8Array): boolean | undefined {
  try {
    const stored = Buffer.from(readFileSync(keyCheckPath(path), "utf8").trim(), "base64");
    if (stored.length !== 16) return undefined;
    return timingSafeEqual(stored, keyTag(key));
  } catch {
    return undefined;
  }
}

export function writeKeyCheck(path: string, key: Uint8Array): void {
  if (checkKey(path, key) === true) return;
  try {
    writeFileSync(keyCheckPath(path), `${keyTag(key).toString("base64")}\n`, { mode: 0o600 });
  } catch {
    // Without it, an unreadable file is taken for a wrong key, which is the careful side.
  }
}

/** Whatever SQLite or the file system threw, as one of our codes. */
export function translate(error: unknown): HallwayError {
  if (error instanceof HallwayError) return error;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const message = error instanceof Error ? error.message : "";
  if (code === "SQLITE_FULL" || code === "ENOSPC" || code === "EDQUOT")
    return new HallwayError("storage-full", undefined, error);
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB" || code === "SQLITE_FORMAT")
    return new HallwayError("storage-corrupt", undefined, error);
  return new HallwayError("storage-failed", { reason: code === "" ? truncate(message, 80) : code }, error);
}

/**
 * As `translate`, and where the error tells little, asks the connection: SQLCipher answers nothing more once a page has
 * failed its authentication, but the first call to meet the page may have a general error.
 */
export function diagnose(error: unknown, db: Database): HallwayError {
  const known = translate(error);
  if (known.code !== "storage-failed") return known;
  try {
    db.prepare("SELECT count(*) FROM sqlite_master").get();
    return known;
  } catch (second) {
    const probed = translate(second);
    return probed.code === "storage-corrupt" ? new HallwayError("storage-corrupt", undefined, error) : known;
  }
}

export function closeQuietly(db: { close(): void } | undefined): void {
  try {
    db?.close();
  } catch {
    // It is being given up anyway.
  }
}

/**
 * Renames a database that cannot be read, with its log, to `<name>-corrupt-<date>.db`. Nothing is deleted. Answers the
 * new path.
 */
export function setAside(path: string, now: Date): string {
  const stamp = now.toISOString().replace(/[:.]/g, "-");
  const stem = path.replace(/\.db$/, "");
  let target = `${stem}-corrupt-${stamp}.db`;
  for (let n = 2; existsSync(target); n++) target = `${stem}-corrupt-${stamp}-${n}.db`;
  renameSync(path, target);
  for (const suffix of ["-wal", "-shm"]) if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  return target;
}
