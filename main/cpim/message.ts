/** A header of a CPIM message. `namespace`: URI of its prefix, "" for the core headers (From, To, DateTime...). */
export interface CpimHeader {
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

/** A message in the common envelope `message/cpim` (RFC 3862). */
export interface CpimMessage {
  readonly headers: readonly CpimHeader[];
  /** Headers that whoever reads the message has to understand (section 4.8); `name` as written where nothing declared its prefix. */
  readonly required: readonly Omit<CpimHeader, "value">[];
  /** MIME headers of the enclosed object beside Content-Type and Content-Length, names in lower case. */
  readonly contentHeaders: ReadonlyMap<string, string>;
  /** With its parameters, as written. */
  readonly contentType: string;
  /** As it stands, whatever its transfer encoding and its characters are. */
  readonly content: Uint8Array;
  /** Nothing of the heads was left out: all of it is what a program writes. */
  readonly isWhole: boolean;
}

export const cpimType = "message/cpim";

/** Why an envelope was refused; a constant sentence without its content. */
export class CpimError extends Error {}

/** Bounds for what comes from the wire: bytes of the whole, and number of headers that are kept of each part. */
const maxBytes = 1 << 20;
const maxHeaders = 100;
/** MIME headers that say how the content is read, wherever they stand. */
const essential: readonly string[] = ["content-type", "content-transfer-encoding"];

const utf8 = new TextDecoder("utf-8", { fatal: true });
const windows1252 = new TextDecoder("windows-1252");

/**
 * A header line (section 3.1): a name, with or without a prefix; parameters such as `;lang=fr`, whose values may be
 * quoted; one space; and the value. The space is often left out, and is not insisted upon.
 */
const headerLine = /^(?:([^\s.:;]+)\.)?([^\s.:;]+):((?:;(?:[^\s";]|"(?:[^"\\]|\\.)*")*)*) ?(.*)$/su;
/** Section 3.1 `NAMECHAR`; a line whose name has any other letter is no header. */
const nameCharacters = /^[!#-'*+\-0-9A-Z^-z|~]+$/;

/**
 * Reads an envelope: two heads, and bytes. A line that is no header, a header whose prefix was not declared and those
 * over the limit are left out: one that nobody needs must not cost the message. A `Require` of a header that is not
 * known is for the caller to check (`required`). Error: CpimError. Source: RFC 3862 sections 2 and 3.
 */
export function parseCpim(bytes: Uint8Array): CpimMessage {
  if (bytes.byteLength > maxBytes) throw new CpimError("envelope too long");
  const [head, inner] = splitAtBlank(bytes);
  if (inner === undefined) throw new CpimError("envelope without an enclosed object");
  const { headers, required, isWhole } = readHeaders(decode(head));
  const blank = startsWithLineEnd(inner);
  const [mime, content] = blank > 0 ? [inner.subarray(0, 0), inner.subarray(blank)] : splitAtBlank(inner);
  if (content === undefined) throw new CpimError("envelope without content");
  const { contentHeaders, isWhole: isContentWhole } = readContentHeaders(decode(mime));
  // RFC 2045 section 5.2: without Content-Type it is plain text.
  const contentType = contentHeaders.get("content-type") ?? "text/plain";
  contentHeaders.delete("content-type");
  contentHeaders.delete("content-length");
  return { headers, required, contentHeaders, contentType, content, isWhole: isWhole && isContentWhole };
}

function readHeaders(head: string): Pick<CpimMessage, "headers" | "required" | "isWhole"> {
  const namespaces = new Map<string, string>([["", ""]]);
  const headers: CpimHeader[] = [];
  const required: Omit<CpimHeader, "value">[] = [];
  let isWhole = true;
  for (const line of lines(head)) {
    const match = headerLine.exec(line);
    const [, prefix = "", name = "", , raw = ""] = match ?? [];
    if (!nameCharacters.test(name) || (prefix !== "" && !nameCharacters.test(prefix))) {
      isWhole = false;
      continue;
    }
    const value = unescapeValue(raw).trim();
    // Section 4.9; names are case-sensitive (section 2.2).
    if (prefix === "" && name === "NS") {
      const declared = /^(\S*?) ?<([^<>]*)>$/u.exec(value);
      if (declared) namespaces.set(declared[1] ?? "", declared[2] ?? "");
      else isWhole = false;
      continue;
    }
    const namespace = namespaces.get(prefix);
    if (headers.length >= maxHeaders) isWhole = false;
    else if (namespace !== undefined) headers.push({ namespace, name, value });
    if (prefix === "" && name === "Require") required.push(...value.split(",").map((one) => resolve(one, namespaces)));
  }
  return { headers, required, isWhole };
}

/** A header that Require names, which says it with its prefix. */
function resolve(text: string, namespaces: ReadonlyMap<string, string>): Omit<CpimHeader, "value"> {
  const whole = text.trim();
  const dot = whole.indexOf(".");
  const namespace = namespaces.get(dot < 0 ? "" : whole.slice(0, dot));
  return namespace === undefined ? { namespace: "", name: whole } : { namespace, name: whole.slice(dot + 1) };
}

function readContentHeaders(head: string): {
  readonly contentHeaders: Map<string, string>;
  readonly isWhole: boolean;
} {
  const headers = new Map<string, string>();
  let isWhole = true;
  for (const line of lines(head.replace(/\r?\n[ \t]+/g, " "))) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name === "" || (headers.size >= maxHeaders && !essential.includes(name))) isWhole = false;
    else headers.set(name, line.slice(colon + 1).trim());
  }
  return { contentHeaders: headers, isWhole };
}

/**
 * Writes an envelope; namespaces are declared as needed under the given prefixes. Error: CpimError for a name,
 * namespace or type that would break its line.
 */
export function formatCpim(
  message: Pick<CpimMessage, "headers" | "contentType" | "content">,
  prefixes: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
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
  const { contentType, content } = message;
  const mime = `Content-Type: ${contentType}\r\nContent-Length: ${content.byteLength}`;
  return Buffer.concat([Buffer.from(`${out.join("\r\n")}\r\n\r\n${mime}\r\n\r\n`), content]);
}

/** The first header with that name in that namespace. */
export function cpimHeader(message: Pick<CpimMessage, "headers">, name: string, namespace = ""): string | undefined {
  return message.headers.find((h) => h.namespace === namespace && h.name.toLowerCase() === name.toLowerCase())?.value;
}

/** The URI inside `Alice <im:alice@x>`; undefined when there is none. */
export function cpimUri(value: string): string | undefined {
  return /<([^<>]+)>\s*$/u.exec(value)?.[1]?.trim();
}

/** Parts before and after the first empty line; undefined: there is none. */
function splitAtBlank(bytes: Uint8Array): readonly [Uint8Array, Uint8Array | undefined] {
  // One UTF-16 unit for each byte, so that places in the text are places in the bytes.
  const match = /\r?\n\r?\n/.exec(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1"));
  if (!match) return [bytes, undefined];
  return [bytes.subarray(0, match.index), bytes.subarray(match.index + match[0].length)];
}

/** Length of the line end that the bytes begin with, or 0. */
function startsWithLineEnd(bytes: Uint8Array): number {
  if (bytes[0] === 10) return 1;
  return bytes[0] === 13 && bytes[1] === 10 ? 2 : 0;
}

/** Section 2.2: heads are in UTF-8; else it is what old telephone systems write. */
function decode(head: Uint8Array): string {
  try {
    return utf8.decode(head);
  } catch {
    return windows1252.decode(head);
  }
}

/**
 * The lines of a head. RFC 3862 section 2: no control character stands in one as it is, and a line ends with CR LF; a
 * bare LF is taken where it ends every line, since two readers would disagree about one among others. Error: CpimError.
 */
function lines(part: string): readonly string[] {
  const all = part.split(part.includes("\r") ? "\r\n" : "\n").filter((line) => line !== "");
  if (all.some((line) => /[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)))
    throw new CpimError("envelope with a control character in its head");
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
