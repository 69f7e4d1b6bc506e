/** Why a message was refused; a constant sentence without its content. */
export class SipSyntaxError extends Error {}

/** RFC 3261 section 7.3.3 and later: compact header names. */
const compact: Readonly<Record<string, string>> = {
  a: "accept-contact",
  b: "referred-by",
  c: "content-type",
  e: "content-encoding",
  f: "from",
  i: "call-id",
  k: "supported",
  l: "content-length",
  m: "contact",
  o: "event",
  r: "refer-to",
  s: "subject",
  t: "to",
  u: "allow-events",
  v: "via",
};

/** Most header lines in one message (folded continuations count). */
export const maxHeaderLines = 256;
/** Longest header section, in bytes. */
export const maxHeadBytes = 65_536;
/** Longest body, in bytes. */
export const maxBodyBytes = 1 << 20;

/** Header fields of a message, in order; names are full and in lower case, values unfolded and trimmed. */
export class SipHeaders {
  readonly #fields: ReadonlyMap<string, readonly string[]>;

  constructor(fields: ReadonlyMap<string, readonly string[]>) {
    this.#fields = fields;
  }

  /** The first field of that name. */
  get(name: string): string | undefined {
    return this.#fields.get(name)?.[0];
  }

  /** All fields of that name as they stand. */
  all(name: string): readonly string[] {
    return this.#fields.get(name) ?? [];
  }

  /** All values of a header that may be a comma-separated list (RFC 3261 section 7.3.1). */
  list(name: string): readonly string[] {
    return this.all(name).flatMap(splitList);
  }
}

interface SipMessageParts {
  readonly headers: SipHeaders;
  readonly body: Uint8Array;
  readonly callId: string;
  readonly cseq: { readonly number: number; readonly method: string };
}
export interface SipRequest extends SipMessageParts {
  readonly kind: "request";
  readonly method: string;
  /** The request URI, as it stands. */
  readonly uri: string;
}
export interface SipResponse extends SipMessageParts {
  readonly kind: "response";
  readonly status: number;
  readonly reason: string;
}
export type SipMessage = SipRequest | SipResponse;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a message whose head and body were already separated (by the framer or the datagram). sip.js' parser is not
 * used: it throws on hostile input and drops responses for a header it cannot read. Error: SipSyntaxError.
 * Source: RFC 3261 section 7 and 25.
 */
export function parseMessage(head: Uint8Array, body: Uint8Array): SipMessage {
  const { startLine, fields } = parseHead(head);
  const headers = new SipHeaders(fields);
  for (const name of ["via", "from", "to", "call-id", "cseq"])
    if (headers.get(name) === undefined) throw new SipSyntaxError("message without a mandatory header");
  for (const name of ["from", "to", "call-id", "cseq"]) if (headers.all(name).length > 1) throw new SipSyntaxError("message with a header twice");
  const cseq = /^(\d{1,10})[ \t]+([A-Za-z0-9.!%*_+`'~-]{1,32})$/.exec(headers.get("cseq") ?? "");
  if (!cseq) throw new SipSyntaxError("message with a broken CSeq");
  const parts: SipMessageParts = { headers, body, callId: headers.get("call-id") ?? "", cseq: { number: Number(cseq[1]), method: cseq[2] ?? "" } };
  const response = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/.exec(startLine);
  if (response) return { kind: "response", status: Number(response[1]), reason: response[2] ?? "", ...parts };
  const request = /^([A-Za-z0-9.!%*_+`'~-]{1,32}) (\S+) SIP\/2\.0$/.exec(startLine);
  if (!request) throw new SipSyntaxError("message with a broken first line");
  if (request[1] !== parts.cseq.method) throw new SipSyntaxError("request whose CSeq names another method");
  return { kind: "request", method: request[1] ?? "", uri: request[2] ?? "", ...parts };
}

/** Splits a head into its first line and fields. */
function parseHead(head: Uint8Array): { startLine: string; fields: Map<string, string[]> } {
  if (head.byteLength > maxHeadBytes) throw new SipSyntaxError("header section too long");
  let text: string;
  try {
    text = utf8.decode(head);
  } catch {
    throw new SipSyntaxError("header section is not UTF-8");
  }
  const lines = text.split("\r\n");
  if (lines.length - 1 > maxHeaderLines) throw new SipSyntaxError("too many header lines");
  const fields = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of lines.slice(1)) {
    if (line === "") continue;
    if (/^[ \t]/.test(line)) {
      if (!current) throw new SipSyntaxError("header section begins with a continuation");
      current.push(`${current.pop() ?? ""} ${line.trim()}`.trim());
      continue;
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? "" : line.slice(0, colon).trim().toLowerCase();
    if (!/^[a-z0-9.!%*_+`'~-]+$/.test(name)) throw new SipSyntaxError("broken header line");
    const full = compact[name] ?? name;
    const value = line.slice(colon + 1).trim();
    current = fields.get(full);
    if (current) current.push(value);
    else fields.set(full, (current = [value]));
  }
  return { startLine: lines[0] ?? "", fields };
}

/** Splits at commas outside of quotes and angle brackets. */
export function splitList(value: string): readonly string[] {
  return splitOutside(value, ",");
}

/** Splits at a separator outside of quotes and angle brackets; parts are trimmed, empty ones left out. */
function splitOutside(value: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let angle = false;
  const cut = (end: number): void => {
    const part = value.slice(start, end).trim();
    if (part !== "") parts.push(part);
    start = end + 1;
  };
  for (let i = 0; i < value.length; i += 1) {
    const c = value[i];
    if (c === "\\" && quoted) i += 1;
    else if (c === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (c === "<") angle = true;
    else if (c === ">") angle = false;
    else if (c === separator && !angle) cut(i);
  }
  cut(value.length);
  return parts;
}

/** A header value with parameters (`active;expires=60;reason="x"`); parameter names in lower case. */
export function parseParameters(value: string): { readonly value: string; readonly params: ReadonlyMap<string, string> } {
  const [first = "", ...rest] = splitOutside(value, ";");
  const params = new Map<string, string>();
  for (const part of rest) {
    const equals = part.indexOf("=");
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name !== "" && !params.has(name)) params.set(name, equals < 0 ? "" : unquote(part.slice(equals + 1).trim()));
  }
  return { value: first, params };
}

/** `"Alice" <sip:alice@x>;tag=1` or `sip:alice@x;tag=1`: without brackets the parameters are the header's (RFC 3261 section 20). */
export function parseNameAddress(value: string): { readonly display: string | undefined; readonly uri: string; readonly params: ReadonlyMap<string, string> } {
  const { value: address, params } = parseParameters(value);
  const open = address.indexOf("<", address.startsWith('"') ? closingQuote(address) : 0);
  if (open < 0) return { display: undefined, uri: address, params };
  const close = address.indexOf(">", open);
  const display = unquote(address.slice(0, open).trim());
  return { display: display === "" ? undefined : display, uri: address.slice(open + 1, close < 0 ? undefined : close).trim(), params };
}

function closingQuote(text: string): number {
  for (let i = 1; i < text.length; i += 1) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

/** Takes quotes and their escapes off. */
export function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replace(/\\(.)/gsu, "$1") : text;
}

/** Puts text in quotes for a header; line breaks cannot be carried and become spaces. */
export function quote(text: string): string {
  return `"${text.replace(/[\r\n]+/g, " ").replace(/["\\]/g, "\\$&")}"`;
}

/** The `tag` of a From or To header. */
export function tagOf(headers: SipHeaders, name: "from" | "to"): string | undefined {
  return parseNameAddress(headers.get(name) ?? "").params.get("tag");
}

/** The branch of the topmost Via. */
export function branchOf(headers: SipHeaders): string | undefined {
  return parseParameters(headers.list("via")[0] ?? "").params.get("branch");
}
