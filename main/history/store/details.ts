import type { ErrorInfo } from "../../../shared/errors.ts";
import { messageStates } from "../../../shared/model/message.ts";
import type { Statements } from "../../database/statements.ts";
import type { MessageVersion, RecordedFile, StateChange } from "../recorded-message.ts";
import { authorKeyOf } from "./json-columns.ts";
import { hasFilesFlag, type MessageRow, stateNumber } from "./message-row.ts";

/** Rows that hang on one message in tables of their own. */
export interface Details {
  /** Oldest first. */
  readonly versions: readonly MessageVersion[];
  /** Oldest first. */
  readonly states: readonly StateChange[];
  readonly files: readonly RecordedFile[];
  /** Wire ids of its corrections. */
  readonly aliases: readonly string[];
}

export const noDetails: Details = { versions: [], states: [], files: [], aliases: [] };

/** A message with all that hangs on it, as it goes from one database to another. */
export interface WholeMessage {
  readonly row: MessageRow;
  readonly details: Details;
}

type Detailed = Pick<MessageRow, "seq" | "direction" | "flags" | "corrected_at" | "retracted_at">;
type Written = Pick<MessageRow, "seq" | "direction" | "author">;

/**
 * Details by `seq`, read for many messages at once; a message without any is missing. Only what a row says it may have
 * is looked for.
 */
export function readDetails(sql: Statements, rows: readonly Detailed[]): ReadonlyMap<number, Details> {
  const result = new Map<
    number,
    { versions: MessageVersion[]; states: StateChange[]; files: RecordedFile[]; aliases: string[] }
  >();
  const of = (seq: number) => {
    let details = result.get(seq);
    if (!details) {
      details = { versions: [], states: [], files: [], aliases: [] };
      result.set(seq, details);
    }
    return details;
  };
  const seqs = (filter: (row: Detailed) => boolean): number[] => rows.filter(filter).map((row) => row.seq);
  const changed = seqs((row) => row.corrected_at !== null || row.retracted_at !== null);
  for (const { message, body, since, until } of select<VersionRow>(sql, changed, {
    table: "version",
    columns: "d.body, d.since, d.until",
    order: "d.since, d.n",
  }))
    of(message).versions.push({ body, since, until });
  for (const { message, wire_id } of select<{ message: number; wire_id: string }>(
    sql,
    seqs(() => true),
    { table: "alias", columns: "d.wire_id", order: "d.wire_id" },
  ))
    of(message).aliases.push(wire_id);
  for (const { message, state, at, error } of select<StateRow>(
    sql,
    seqs((row) => row.direction === 1),
    { table: "state_change", columns: "d.state, d.at, d.error", order: "d.n" },
  ))
    of(message).states.push({
      state: messageStates[state] ?? "received",
      at,
      error: error === null ? undefined : (JSON.parse(error) as ErrorInfo),
    });
  for (const { message, name, sha256, size, type } of select<FileRow>(
    sql,
    seqs((row) => (row.flags & hasFilesFlag) !== 0),
    { table: "file", columns: "d.name, d.sha256, d.size, d.type", order: "d.n" },
  ))
    of(message).files.push({ name, sha256, size, type: type ?? undefined });
  return result;
}

/** Rows of a table that belong to messages, by the order of these and then of their own. */
function select<T extends { readonly message: number }>(
  sql: Statements,
  seqs: readonly number[],
  { table, columns, order }: { readonly table: string; readonly columns: string; readonly order: string },
): T[] {
  if (seqs.length === 0) return [];
  return sql.all<T>(
    `SELECT d.message, ${columns} FROM json_each(?) wanted CROSS JOIN ${table} d ON d.message = wanted.value ORDER BY wanted.key, ${order}`,
    [JSON.stringify(seqs)],
  );
}

interface VersionRow extends MessageVersion {
  readonly message: number;
}

interface StateRow {
  readonly message: number;
  readonly state: number;
  readonly at: number;
  readonly error: string | null;
}

interface FileRow {
  readonly message: number;
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly type: string | null;
}

/** Adds details to a message that has none yet; `conversation` is its number. */
export function writeDetails(
  sql: Statements,
  row: Written & { readonly conversation: number },
  { versions, states, files, aliases }: Details,
): void {
  const { seq, direction, conversation } = row;
  for (const [n, { body, since, until }] of versions.entries())
    sql.run("INSERT INTO version(message, n, body, since, until) VALUES (?, ?, ?, ?, ?)", [seq, n, body, since, until]);
  for (const wireId of aliases)
    sql.run("INSERT OR IGNORE INTO alias VALUES (?, ?, ?, ?, ?)", [
      conversation,
      direction,
      authorKeyOf(row),
      wireId,
      seq,
    ]);
  for (const [n, { state, at, error }] of states.entries())
    sql.run("INSERT INTO state_change(message, n, at, state, error) VALUES (?, ?, ?, ?, ?)", [
      seq,
      n,
      at,
      stateNumber(state),
      errorText(error),
    ]);
  for (const [n, { name, sha256, size, type }] of files.entries())
    sql.run("INSERT INTO file(message, n, name, sha256, size, type) VALUES (?, ?, ?, ?, ?, ?)", [
      seq,
      n,
      name,
      sha256,
      size,
      type ?? null,
    ]);
}

/** Moves an own message to a state, and remembers when that was. */
export function moveState(sql: Statements, seq: number, { state, at, error }: StateChange): void {
  sql.run("UPDATE message SET state = ?, error = ? WHERE seq = ?", [stateNumber(state), errorText(error), seq]);
  sql.run(
    "INSERT INTO state_change(message, n, at, state, error) VALUES (?, (SELECT coalesce(max(n) + 1, 0) FROM state_change WHERE message = ?), ?, ?, ?)",
    [seq, seq, at, stateNumber(state), errorText(error)],
  );
}

function errorText(error: ErrorInfo | undefined): string | null {
  return error ? JSON.stringify(error) : null;
}
