/** A header of a CPIM message. `namespace`: URI of its prefix, "" for the core headers (From, To, DateTime...). */
export interface CpimHeader {
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

/** A message in the common envelope `message/cpim` (RFC 3862). */
export interface CpimMessage {
  readonly headers: readonly CpimHeader[];
  /** MIME headers of the enclosed object beside Content-Type and Content-Length, names in lower case. */
  readonly contentHeaders: ReadonlyMap<string, string>;
  /** With its parameters, as written. */
  readonly contentType: string;
  readonly content: string;
}

export const cpimType = "message/cpim";

/** Why an envelope was refused; a constant sentence without its content. */
export class CpimError extends Error {}

/** Bounds for what comes from the wire: UTF-16 units of the whole, and number of header lines in each part. */
const maxLength = 1 << 20;
const maxHeaders = 100;

/**
 * Reads an envelope. Headers whose prefix was not declared are left out. A `Require` of a header that is not known
 * is for the caller to check (RFC 3862 section 4.6). Error: CpimError.
 */
export function parseCpim(text: string): CpimMessage {
  if (text.length > maxLength) throw new CpimError("envelope too long");
  const [head, inner] = splitAtBlank(text);
  if (head === undefined || inner === undefined) throw new CpimError("envelope without an enclosed object");
  const namespaces = new Map<string, string>([["", ""]]);
  const headers: CpimHeader[] = [];
  for (const line of lines(head)) {
    // RFC 3862 section 2.3: header names are case-sensitive; `prefix.Name`; parameters such as `;lang=fr` come before
    // the value.
    const match = /^(?:([A-Za-z0-9_-]+)\.)?([A-Za-z0-9_-]+):(?:;[^ ]*)? ?(.*)$/su.exec(line);
    if (!match) throw new CpimError("envelope with a broken header");
    const [, prefix = "", name = "", raw = ""] = match;
    const value = unescapeValue(raw).trim();
    if (prefix === "" && name === "NS") {
      const declared = /^([A-Za-z0-9_-]*) ?<([^<>]*)>$/u.exec(value);
      if (!declared) throw new CpimError("envelope with a broken namespace");
      namespaces.set(declared[1] ?? "", declared[2] ?? "");
      continue;
    }
    const namespace = namespaces.get(prefix);
    if (namespace !== undefined) headers.push({ namespace, name, value });
  }
  const [mime, content] =
    inner.startsWith("\n") || inner.startsWith("\r\n") ? ["", inner.replace(/^\r?\n/, "")] : splitAtBlank(inner);
  if (mime === undefined || content === undefined) throw new CpimError("envelope without content");
  const contentHeaders = new Map<string, string>();
  for (const line of lines(mime.replace(/\r?\n[ \t]+/g, " "))) {
    const colon = line.indexOf(":");
    if (colon <= 0) throw new CpimError("envelope with a broken content header");
    contentHeaders.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  // RFC 2045 section 5.2: without Content-Type it is plain text.
  const contentType = contentHeaders.get("content-type") ?? "text/plain";
  contentHeaders.delete("content-type");
  contentHeaders.delete("content-length");
  return { headers, contentHeaders, contentType, content };
}

/**
 * Writes an envelope; namespaces are declared as needed under the given prefixes. Error: CpimError for a name,
 * namespace or type that would break its line.
 */
export function formatCpim(
  message: Omit<CpimMessage, "contentHeaders">,
  prefixes: ReadonlyMap<string, string> = new Map(),
): string {
  const out: string[] = [];
  const declared = new Set<string>([""]);
  let next = 0;
  const names = new Map<string, string>([["", ""]]);
  for (const { namespace, name, value } of message.headers) {
    if (!declared.has(namespace)) {
      declared.add(namespace);
      const prefix = prefixes.get(namespace) ?? `ns${next++}`;
      names.set(namespace, `${prefix}.`);
      out.push(`NS: ${prefix} <${namespace}>`);
    }
    out.push(`${names.get(namespace) ?? ""}${name}: ${escapeValue(value)}`);
  }
  // Values are escaped; the rest is not, and is written by programs.
  if ([...out, message.contentType].some((line) => /[\u0000-\u001f\u007f]/.test(line)))
    throw new CpimError("envelope with a control character in its head");
  return `${out.join("\r\n")}\r\n\r\nContent-Type: ${message.contentType}\r\nContent-Length: ${Buffer.byteLength(message.content)}\r\n\r\n${message.content}`;
}

/** The first header with that name in that namespace. */
export function cpimHeader(message: CpimMessage, name: string, namespace = ""): string | undefined {
  return message.headers.find((h) => h.namespace === namespace && h.name.toLowerCase() === name.toLowerCase())?.value;
}

/** The URI inside `Alice <im:alice@x>`; undefined when there is none. */
export function cpimUri(value: string): string | undefined {
  return /<([^<>]+)>\s*$/u.exec(value)?.[1]?.trim();
}

function splitAtBlank(text: string): readonly [string | undefined, string | undefined] {
  const match = /\r?\n\r?\n/.exec(text);
  return match ? [text.slice(0, match.index), text.slice(match.index + match[0].length)] : [undefined, undefined];
}

/**
 * The lines of a head. RFC 3862 section 2: no control character stands in one as it is, and a line ends with CR LF; a
 * bare LF is taken where it ends every line, since two readers would disagree about one among others. Error: CpimError.
 */
function lines(part: string): readonly string[] {
  const all = part.split(part.includes("\r") ? "\r\n" : "\n").filter((line) => line !== "");
  if (all.some((line) => /[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)))
    throw new CpimError("envelope with a control character in its head");
  if (all.length > maxHeaders) throw new CpimError("envelope with too many headers");
  return all;
}

const named: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b" };
const unnamed: Readonly<Record<string, string>> = {
  "\\": "\\",
  '"': '"',
  "'": "'",
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
};

/** RFC 3862 section 2.1: control characters and the backslash travel escaped. */
function escapeValue(value: string): string {
  return value
    .toWellFormed()
    .replace(
      /[\u0000-\u001f\u007f\u2028\u2029\\]/g,
      (c) => named[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

function unescapeValue(value: string): string {
  return value
    .replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gsu, (whole, hex: string | undefined, c: string | undefined) =>
      hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : c === undefined ? whole : (unnamed[c] ?? c),
    )
    .toWellFormed();
}
