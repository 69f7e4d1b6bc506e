import type { ErrorInfo } from "../../../shared/errors.ts";
import { messageStates } from "../../../shared/model/message.ts";
import type { Statements } from "../../database/statements.ts";
import type { MessageVersion, RecordedFile, StateChange } from "../recorded-message.ts";
import { authorKeyOf } from "./author-column.ts";
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
  const select = <T extends { readonly message: number }>(
    table: string,
    columns: string,
    wanted: readonly number[],
    order = "d.n",
  ): T[] =>
    wanted.length === 0
      ? []
      : sql.all<T>(
          `SELECT d.message, ${columns} FROM json_each(?) wanted CROSS JOIN ${table} d ON d.message = wanted.value ORDER BY wanted.key, ${order}`,
          [JSON.stringify(wanted)],
        );
  const changed = seqs((row) => row.corrected_at !== null || row.retracted_at !== null);
  for (const { message, body, since, until } of select<VersionRow>(
    "version",
    "d.body, d.since, d.until",
    changed,
    "d.since, d.n",
  ))
    of(message).versions.push({ body, since, until });
  for (const { message, wire_id } of select<{ message: number; wire_id: string }>(
    "alias",
    "d.wire_id",
    seqs(() => true),
    "d.wire_id",
  ))
    of(message).aliases.push(wire_id);
  for (const { message, state, at, error } of select<StateRow>(
    "state_change",
    "d.state, d.at, d.error",
    seqs((row) => row.direction === 1),
  ))
    of(message).states.push({
      state: messageStates[state] ?? "received",
      at,
      error: error === null ? undefined : (JSON.parse(error) as ErrorInfo),
    });
  for (const { message, name, sha256, size, type } of select<FileRow>(
    "file",
    "d.name, d.sha256, d.size, d.type",
    seqs((row) => (row.flags & hasFilesFlag) !== 0),
  ))
    of(message).files.push({ name, sha256, size, type: type ?? undefined });
  return result;
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
  row: Written,
  conversation: number,
  { versions, states, files, aliases }: Details,
): void {
  const { seq, direction } = row;
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

export function addState(
  sql: Statements,
  seq: number,
  state: StateChange["state"],
  at: number,
  error: ErrorInfo | undefined,
): void {
  sql.run(
    "INSERT INTO state_change(message, n, at, state, error) VALUES (?, (SELECT coalesce(max(n) + 1, 0) FROM state_change WHERE message = ?), ?, ?, ?)",
    [seq, seq, at, stateNumber(state), errorText(error)],
  );
}

function errorText(error: ErrorInfo | undefined): string | null {
  return error ? JSON.stringify(error) : null;
}
