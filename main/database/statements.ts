import type Database from "@signalapp/sqlcipher";
import type { Statement } from "@signalapp/sqlcipher";
import type { HallwayError } from "../../shared/errors.ts";
import { diagnose, inTransaction } from "./database.ts";

export type Parameters = readonly (string | number | null | Uint8Array<ArrayBuffer>)[];

/** An open database with its prepared statements, each prepared once. */
export class Statements {
  readonly #db: Database;
  readonly #prepared = new Map<string, Statement>();

  constructor(db: Database) {
    this.#db = db;
  }

  run(sql: string, parameters: Parameters): { readonly changes: number } {
    return this.#prepare(sql).run(parameters);
  }

  /** `T` says what the columns of the statement are. */
  all<T>(sql: string, parameters: Parameters): T[] {
    return this.#prepare(sql).all(parameters) as unknown as T[];
  }

  /** The first column of the first row, a number. */
  number(sql: string, parameters: Parameters): number | undefined {
    const row = this.#prepare(sql).get<Record<string, number | null>>(parameters);
    return row === undefined ? undefined : (Object.values(row)[0] ?? undefined);
  }

  /** `durable`: on disk when it returns, whatever happens to the machine. */
  transaction<T>(durable: boolean, work: () => T): T {
    if (durable) this.#db.pragma("synchronous=FULL");
    try {
      return inTransaction(this.#db, work);
    } finally {
      if (durable) this.#relax();
    }
  }

  /** Brings all of the log into the file and empties it. Nobody else reads meanwhile: there is one connection. */
  emptyLog(): void {
    this.#db.pragma("wal_checkpoint(TRUNCATE)");
  }

  /** Cause of an error that one of these methods threw. */
  diagnose(error: unknown): HallwayError {
    return diagnose(error, this.#db);
  }

  close(): void {
    for (const statement of this.#prepared.values()) statement.close();
    this.#prepared.clear();
    this.#db.close();
  }

  #relax(): void {
    try {
      this.#db.pragma("synchronous=NORMAL");
    } catch {
      // The connection is beyond use; why is what the transaction has thrown.
    }
  }

  #prepare(sql: string): Statement {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql, { persistent: true });
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}
