import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { basename } from "node:path";
import { HallwayError } from "../../../shared/errors.ts";
import { type Migration, openDatabase, setAside, translate } from "../../database/database.ts";
import { Statements } from "../../database/statements.ts";
import { isSignedText, readPublicKey, showPublicKey, signText } from "../../secrets/signing.ts";
import type { AuditEvent } from "./audit.ts";
import { type AuditEntry, type AuditPosition, detailsText, hashOf, origin, type UnchainedEntry } from "./entry.ts";

/** Triggers are a hurdle for slips and simple tools only; what detects a change is the chain. */
const migrations: readonly Migration[] = [
  (db) =>
    db.exec(`
      CREATE TABLE entry (
        n INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, action TEXT NOT NULL, details TEXT NOT NULL,
        previous TEXT NOT NULL, hash TEXT NOT NULL, signature TEXT NOT NULL
      ) STRICT;
      CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'audit entries are not changed'); END;
      CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'audit entries are not deleted'); END;
    `),
];

export interface AuditStoreOptions {
  readonly path: string;
  /** The vault's. */
  readonly key: Uint8Array;
  /** PKCS #8, DER, Ed25519; undefined: only to be read. */
  readonly signWith: Uint8Array | undefined;
  /** The head as it was sealed last; undefined: the seal is gone. Not looked at when it is only read. */
  readonly sealed: AuditPosition | undefined;
  /** For what is written when it is opened, milliseconds. */
  readonly now: number;
  /** Limits the file, in pages of 4 KiB; for tests of a full disk. */
  readonly maxPages?: number | undefined;
}

/** Where the chain ends. `stopped`: the last entry says that no more is written. */
export interface AuditEnd extends AuditPosition {
  readonly stopped: boolean;
}

const columns = "n, at, kind, action, details, previous, hash, signature";

/** audit.db, in the worker. Every append is on disk when it returns. */
export class AuditStore {
  readonly #options: AuditStoreOptions;
  readonly #trouble: (error: HallwayError) => void;
  readonly #signWith: KeyObject | undefined;
  #statements: Statements;
  #last: AuditEntry | undefined;

  constructor(options: AuditStoreOptions, trouble: (error: HallwayError) => void) {
    this.#options = options;
    this.#trouble = trouble;
    this.#signWith =
      options.signWith && createPrivateKey({ key: Buffer.from(options.signWith), format: "der", type: "pkcs8" });
    try {
      this.#statements = this.#open();
    } catch (error) {
      if (!this.#signWith || translate(error).code !== "storage-corrupt") throw error;
      this.#statements = this.#beginAnew(error, options.now, options.sealed);
      return;
    }
    this.#noticeBreak();
  }

  get end(): AuditEnd {
    const { kind, action } = this.#last ?? {};
    return { n: this.#last?.n ?? 0, hash: this.#last?.hash ?? "", stopped: kind === "chain" && action === "stopped" };
  }

  /**
   * Chains, signs and writes these after entry `after` (0: none is known), all or none. Asked again with the same, it
   * writes them once. Errors: `storage-full`, `storage-failed`.
   */
  append(after: number, events: readonly UnchainedEntry[]): AuditEnd {
    const [first] = events;
    if (!first || this.#isWritten(after, events)) return this.end;
    try {
      this.#write(events);
    } catch (error) {
      const known = this.#statements.diagnose(error);
      if (known.code !== "storage-corrupt") throw known;
      const before = this.end;
      this.#close();
      this.#statements = this.#beginAnew(error, first.at, before);
      this.#write(events);
    }
    return this.end;
  }

  /** At most `limit` entries after a position; from the first where the entry there is another one. */
  read(after: AuditPosition, limit: number): readonly AuditEntry[] {
    const { n } = after.n === 0 || after.hash === "" || this.#at(after.n)?.hash === after.hash ? after : origin;
    return this.#read(n, limit);
  }

  close(): void {
    this.#close();
  }

  #open(): Statements {
    const { path, key, maxPages } = this.#options;
    const db = openDatabase({ path, key, migrations, cacheKiB: 2000 });
    db.pragma("synchronous=FULL");
    // `hallway audit verify` reads while Hallway writes.
    db.pragma("busy_timeout=5000");
    if (!this.#signWith) db.pragma("query_only=ON");
    if (maxPages !== undefined) db.pragma(`max_page_count=${maxPages}`);
    const statements = new Statements(db);
    try {
      this.#last = statements.all<AuditEntry>(`SELECT ${columns} FROM entry ORDER BY n DESC LIMIT 1`, [])[0];
      return statements;
    } catch (error) {
      const known = statements.diagnose(error);
      statements.close();
      // The table is gone or another one.
      throw known.params?.["reason"] === "SQLITE_ERROR" ? new HallwayError("storage-corrupt", undefined, error) : known;
    }
  }

  #close(): void {
    try {
      this.#statements.close();
    } catch {
      // It is being given up anyway.
    }
  }

  /** Sets a file aside that cannot be read, and begins another whose first entry says so. */
  #beginAnew(cause: unknown, at: number, before: AuditPosition | undefined): Statements {
    const aside = setAside(this.#options.path, new Date(at));
    this.#trouble(translate(cause));
    this.#last = undefined;
    this.#statements = this.#open();
    this.#write([
      entry(at, "begun", {
        publicKey: this.#publicKey(),
        reason: "unreadable",
        file: basename(aside),
        ...sealedDetails(before),
      }),
    ]);
    return this.#statements;
  }

  /**
   * Hallway signs nothing over an end that it did not write: its signature would vouch for it. And whoever took away
   * what was sealed must not be able to have a new seal put over that. Either is written down before anything else.
   */
  #noticeBreak(): void {
    const { sealed, now } = this.#options;
    const reason = this.#signWith && this.#breakReason(sealed);
    if (!reason) return;
    const details = { reason, ...sealedDetails(sealed) };
    this.#write([
      this.#last ? entry(now, "broken", details) : entry(now, "begun", { publicKey: this.#publicKey(), ...details }),
    ]);
  }

  #breakReason(sealed: AuditPosition | undefined): string | undefined {
    if (!sealed) return "no-seal";
    if (sealed.n > 0 && this.#at(sealed.n)?.hash !== sealed.hash) return "not-what-was-sealed";
    const last = this.#last;
    if (!last) return undefined;
    const isWhole = last.hash === hashOf(last, this.#at(last.n - 1)?.signature ?? "");
    const signed = { purpose: "hallway audit entry 1", message: last.hash, signature: last.signature } as const;
    return isWhole && isSignedText(readPublicKey(this.#publicKey()), signed) ? undefined : "not-signed-here";
  }

  #write(events: readonly UnchainedEntry[]): void {
    const signWith = this.#signWith;
    if (!signWith) throw new Error("opened to be read");
    let last = this.#last;
    const begins =
      last === undefined && events[0]?.action !== "begun"
        ? [entry(events[0]?.at ?? 0, "begun", { publicKey: this.#publicKey() })]
        : [];
    this.#statements.transaction(false, () => {
      for (const event of [...begins, ...events]) {
        const { at, kind, action, details } = event;
        const linked = { n: (last?.n ?? 0) + 1, at, kind, action, details, previous: last?.hash ?? "" };
        const hash = hashOf(linked, last?.signature ?? "");
        last = { ...linked, hash, signature: signText(signWith, "hallway audit entry 1", hash) };
        this.#statements.run(`INSERT INTO entry (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, [
          last.n,
          at,
          kind,
          action,
          details,
          last.previous,
          hash,
          last.signature,
        ]);
      }
    });
    this.#last = last;
  }

  #publicKey(): string {
    return this.#signWith ? showPublicKey(createPublicKey(this.#signWith)) : "";
  }

  #isWritten(after: number, events: readonly UnchainedEntry[]): boolean {
    if (this.end.n <= after) return false;
    const said = ({ at, kind, action, details }: UnchainedEntry): string => JSON.stringify([at, kind, action, details]);
    const found = this.#read(after, events.length + 1).map(said);
    const wanted = events.map(said).join();
    return found.slice(0, events.length).join() === wanted || found.slice(1).join() === wanted;
  }

  #at(n: number): AuditEntry | undefined {
    return this.#read(n - 1, 1).find((found) => found.n === n);
  }

  #read(after: number, limit: number): AuditEntry[] {
    return this.#statements.all<AuditEntry>(`SELECT ${columns} FROM entry WHERE n > ? ORDER BY n LIMIT ?`, [
      after,
      limit,
    ]);
  }
}

function entry(at: number, action: string, details: AuditEvent["details"]): UnchainedEntry {
  return { at, kind: "chain", action, details: detailsText(details) };
}

function sealedDetails(sealed: AuditPosition | undefined): AuditEvent["details"] {
  return sealed && sealed.n > 0 ? { sealedN: sealed.n, sealedHash: sealed.hash } : {};
}
