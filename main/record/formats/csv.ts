import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { Format } from "./format.ts";
import { instantOf } from "./moments.ts";
import { partiesOf } from "./parties.ts";

type Cell = (message: RecordedMessage) => string;

const at = (moment: number | undefined): string => (moment === undefined ? "" : instantOf(moment));
const list = (values: readonly unknown[]): string => (values.length === 0 ? "" : JSON.stringify(values));

/** The columns, in order. Lists are JSON. */
const columns: readonly (readonly [name: string, cell: Cell])[] = [
  ["id", ({ id }) => id],
  ["conversation", (message) => partiesOf(message).conversation],
  ["account", ({ own }) => own ?? ""],
  ["network", ({ network }) => network ?? ""],
  ["direction", ({ direction }) => direction],
  ["from", (message) => partiesOf(message).from ?? ""],
  ["to", (message) => partiesOf(message).to.join(" ")],
  ["sent", ({ sentAt }) => instantOf(sentAt)],
  ["stamped", ({ saidAt }) => at(saidAt)],
  ["received", ({ receivedAt }) => instantOf(receivedAt)],
  ["stored", ({ storedAt }) => instantOf(storedAt)],
  ["text", ({ body }) => body],
  ["state", ({ state }) => state],
  ["error", ({ error }) => error?.code ?? ""],
  ["corrected", ({ correctedAt }) => at(correctedAt)],
  ["retracted", ({ retractedAt }) => at(retractedAt)],
  ["deleted", ({ deletedAt }) => at(deletedAt)],
  [
    "versions",
    ({ versions }) =>
      list(versions.map(({ body, since, until }) => ({ text: body, from: instantOf(since), until: instantOf(until) }))),
  ],
  ["states", ({ states }) => list(states.map(writeState))],
  ["encryption", ({ encryption }) => encryption ?? ""],
  ["label", ({ label }) => label ?? ""],
  ["members", ({ members }) => list(members.map(({ address, name }) => ({ address, name: name ?? null })))],
  [
    "files",
    ({ files }) => list(files.map(({ name, sha256, size, type }) => ({ name, sha256, size, type: type ?? null }))),
  ],
  ["delayed", ({ delayed }) => (delayed ? "yes" : "")],
  ["other_device", ({ otherDevice }) => (otherDevice ? "yes" : "")],
  ["wire_id", ({ wireId }) => wireId ?? ""],
  ["archive_id", ({ archiveId }) => archiveId ?? ""],
  ["seq", ({ seq }) => String(seq)],
  ["notice", ({ notice }) => notice?.kind ?? ""],
  ["notice_what", ({ notice }) => notice?.what ?? ""],
  ["notice_who", ({ notice }) => notice?.who ?? ""],
  ["author", ({ author }) => author.address ?? ""],
  ["author_name", ({ author }) => author.name ?? ""],
  ["author_occupant", ({ author }) => author.occupant ?? ""],
  ["author_self", ({ author }) => (author.isSelf ? "yes" : "")],
];

/**
 * One cell (RFC 4180 section 2). A spreadsheet takes a cell that begins with one of these for a formula and may run it,
 * so an apostrophe goes before it; one before an apostrophe, too, so that the first can always be taken off again. NUL
 * and lone surrogates, which no table can hold, become U+FFFD.
 */
export function csvCell(value: string): string {
  // Most cells are empty, ids, times and addresses.
  if (value === "" || /^[A-Za-z0-9][\w@.:|/-]*$/.test(value)) return value;
  let text = value;
  if (/[\0\ud800-\udfff]/.test(text)) text = text.toWellFormed().replaceAll("\0", "\ufffd");
  if (/^[=+\-@\t\r\n'＝＋－＠]/.test(text)) text = `'${text}`;
  return /[",;\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * `messages.csv`: UTF-8 with a byte order mark (spreadsheets look for it), CRLF, a first line with the names of the
 * columns.
 */
export const csv: Format = {
  order: "stored",
  start(sink) {
    sink.file("messages.csv");
    sink.write(`\ufeff${columns.map(([name]) => name).join(",")}\r\n`);
    return {
      add: (message) => sink.write(`${columns.map(([, cell]) => csvCell(cell(message))).join(",")}\r\n`),
      end: () => undefined,
    };
  },
};

/** `address` is where a message went that a server sent on. */
function writeState({ state, at, error }: RecordedMessage["states"][number]): Record<string, string | null> {
  const address = error?.params?.["address"]?.toString();
  return { state, at: instantOf(at), error: error?.code ?? null, ...(address === undefined ? {} : { address }) };
}
