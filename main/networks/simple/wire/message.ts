import { randomBytes } from "node:crypto";
import { type Head, type HeadField, maxHeadBytes, readHead, repeated } from "./head.ts";

/** Why a message was dropped without an answer; a constant sentence without its content. */
export class SipSyntaxError extends Error {}

/** Longest body, in bytes. */
export const maxBodyBytes = 1 << 20;
/** Longest message over a transport that frames messages itself, in bytes. */
export const maxMessageBytes = maxHeadBytes + maxBodyBytes;

/**
 * Header fields of a message, in order; names are full and in lower case, values unfolded and trimmed, without control
 * characters.
 */
export class SipHeaders {
  readonly #fields: ReadonlyMap<string, readonly HeadField[]>;

  constructor(fields: ReadonlyMap<string, readonly HeadField[]>) {
    this.#fields = fields;
  }

  /** The first field of that name. */
  get(name: string): string | undefined {
    return this.#fields.get(name)?.[0]?.value;
  }

  /** All fields of that name as they stand. */
  all(name: string): readonly string[] {
    return (this.#fields.get(name) ?? []).map((field) => field.value);
  }

  /** All values of a header that may be a comma-separated list (RFC 3261 section 7.3.1). */
  list(name: string): readonly string[] {
    return this.all(name).flatMap(splitList);
  }

  /** The bytes of all fields of that name, one UTF-16 unit for each, for an answer that has to repeat them. */
  bytes(name: string): readonly string[] {
    return (this.#fields.get(name) ?? []).map((field) => field.bytes);
  }
}

/**
 * Why a message is not taken: a request is answered with `status`; of a response only its own status counts. `what`:
 * constant sentence for the log.
 */
export interface Flaw {
  readonly status: 400 | 413 | 505 | 513;
  readonly what: string;
}

interface SipMessageParts {
  readonly headers: SipHeaders;
  readonly body: Uint8Array;
  readonly callId: string;
  readonly cseq: { readonly number: number; readonly method: string };
  readonly flaw?: Flaw | undefined;
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

const nothing = new Uint8Array();
const tooLongHead: Flaw = { status: 513, what: "header section too long" };
const tooLongBody: Flaw = { status: 413, what: "body too long" };
const shortBody: Flaw = { status: 400, what: "body shorter than its length" };
const controlCharacters: Flaw = { status: 400, what: "control character in the header section" };

/**
 * Reads a message whose head and body were already separated by the transport. What is wrong with it is its flaw: one
 * field that nobody needs costs nothing, one that is needed costs the message, and nothing costs the connection.
 * `bodyTooLong`: the transport has read past the body. Error: SipSyntaxError for what cannot even be answered.
 * Source: RFC 3261 sections 7 (the version is case-insensitive), 8.2 and 25.
 */
export function parseMessage(head: Uint8Array, body: Uint8Array, bodyTooLong = false): SipMessage {
  const read = readHead(head);
  const { startLine, fields, tainted, tooLarge } = read;
  const sizeFlaw = tooLarge ? tooLongHead : bodyTooLong || body.byteLength > maxBodyBytes ? tooLongBody : undefined;
  const flaw = tainted ? controlCharacters : sizeFlaw;
  if (/^SIP\//i.test(startLine)) return parseResponse(read, body, flaw);
  const headers = new SipHeaders(fields);
  // Without it an answer finds nobody.
  if ((headers.get("via") ?? "") === "") throw new SipSyntaxError("request without a Via");
  const { cseq, found } = requestFlaw(startLine, headers);
  const length = bodyLength(headers, body);
  const why = flaw ?? found ?? (length > body.byteLength ? shortBody : undefined);
  const line = /^([A-Za-z0-9.!%*_+`'~-]{1,32}) (\S+) /.exec(startLine);
  const method = line?.[1] ?? cseq?.method ?? "";
  const parts = {
    headers,
    callId: headers.get("call-id") ?? "",
    cseq: cseq ?? { number: 0, method },
    body: why ? nothing : body.subarray(0, length),
    flaw: why,
  };
  return { kind: "request", method, uri: line?.[2] ?? "", ...parts };
}

/** Flaw of a request, apart from its size and its characters. */
function requestFlaw(
  startLine: string,
  headers: SipHeaders,
): { readonly cseq: SipMessageParts["cseq"] | undefined; readonly found: Flaw | undefined } {
  const cseq = parseCseq(headers.get("cseq"));
  const line = /^([A-Za-z0-9.!%*_+`'~-]{1,32}) \S+ SIP\/(\d+\.\d+)$/i.exec(startLine);
  const refuse = (what: string): { cseq: typeof cseq; found: Flaw } => ({ cseq, found: { status: 400, what } });
  for (const name of repeated)
    if ((headers.get(name) ?? "") === "") return refuse("request without a mandatory header");
  for (const name of ["from", "to", "call-id", "cseq"])
    if (headers.all(name).length > 1) return refuse("request with a header twice");
  // Two that differ would let whoever filters messages on the way read another one than we do.
  for (const name of ["content-type", "event", "subscription-state"])
    if (new Set(headers.all(name)).size > 1) return refuse("request with a header twice");
  if (!line) return refuse("request with a broken first line");
  if (line[2] !== "2.0") return { cseq, found: { status: 505, what: "request of another version" } };
  if (!cseq) return refuse("request with a broken CSeq");
  if (line[1] !== cseq.method) return refuse("request whose CSeq names another method");
  return { cseq, found: undefined };
}

/** A response is found by its Via and CSeq, and means what its status says, whatever is wrong with the rest of it. */
function parseResponse({ startLine, fields }: Head, body: Uint8Array, flaw: Flaw | undefined): SipResponse {
  const headers = new SipHeaders(
    new Map([...fields].map(([name, values]) => [name, values.filter((field) => !field.tainted)] as const)),
  );
  const line = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/is.exec(startLine);
  if (!line) throw new SipSyntaxError("response with a broken first line");
  const cseq = headers.all("cseq").length > 1 ? undefined : parseCseq(headers.get("cseq"));
  if (!cseq) throw new SipSyntaxError("response with a broken CSeq");
  if ((headers.get("via") ?? "") === "") throw new SipSyntaxError("response without a Via");
  const parts = { headers, body: flaw ? nothing : body, callId: headers.get("call-id") ?? "", cseq, flaw };
  return { kind: "response", status: Number(line[1]), reason: line[2] ?? "", ...parts };
}

/**
 * RFC 3261 section 18.3: what is behind a body's length does not belong to it. Without a length that can be read it is
 * all there is.
 */
function bodyLength(headers: SipHeaders, body: Uint8Array): number {
  const digits = headers.get("content-length") ?? "";
  return /^\d{1,12}$/.test(digits) ? Number(digits) : body.byteLength;
}

function parseCseq(text: string | undefined): SipMessageParts["cseq"] | undefined {
  const match = /^(\d{1,10})[ \t]+([A-Za-z0-9.!%*_+`'~-]{1,32})$/.exec(text ?? "");
  return match ? { number: Number(match[1]), method: match[2] ?? "" } : undefined;
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
export function parseParameters(value: string): {
  readonly value: string;
  readonly params: ReadonlyMap<string, string>;
} {
  const [first = "", ...rest] = splitOutside(value, ";");
  const params = new Map<string, string>();
  for (const part of rest) {
    const equals = part.indexOf("=");
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name !== "" && !params.has(name)) params.set(name, equals < 0 ? "" : unquote(part.slice(equals + 1).trim()));
  }
  return { value: first, params };
}

/**
 * `"Alice" <sip:alice@x>;tag=1` or `sip:alice@x;tag=1`: without brackets the parameters are the header's (RFC 3261
 * section 20).
 */
export function parseNameAddress(value: string): {
  readonly display: string | undefined;
  readonly uri: string;
  readonly params: ReadonlyMap<string, string>;
} {
  const { value: address, params } = parseParameters(value);
  const open = address.indexOf("<", address.startsWith('"') ? closingQuote(address) : 0);
  if (open < 0) return { display: undefined, uri: address, params };
  const close = address.indexOf(">", open);
  const display = unquote(address.slice(0, open).trim());
  return {
    display: display === "" ? undefined : display,
    uri: address.slice(open + 1, close < 0 ? undefined : close).trim(),
    params,
  };
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
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).replace(/\\(.)/gsu, "$1")
    : text;
}

/** Puts text in quotes for a header; control characters cannot be carried and become spaces. */
export function quote(text: string): string {
  return `"${text.replace(/[\u0000-\u001f\u007f]+/g, " ").replace(/["\\]/g, "\\$&")}"`;
}

/** The `tag` of a From or To header. */
export function tagOf(headers: SipHeaders, name: "from" | "to"): string | undefined {
  return parseNameAddress(headers.get(name) ?? "").params.get("tag");
}

/** The branch of the topmost Via. */
export function branchOf(headers: SipHeaders): string | undefined {
  return parseParameters(headers.list("via")[0] ?? "").params.get("branch");
}

/** A random token for tags, branches and Call-IDs, which nobody can guess (RFC 3261 section 19.3). `bytes`: of randomness. */
export function token(bytes = 12): string {
  return randomBytes(bytes).toString("hex");
}
