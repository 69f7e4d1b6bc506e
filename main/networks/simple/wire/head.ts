import { detached } from "../../detached-text.ts";

/** Most header lines that are read in one message (folded continuations do not count). */
export const maxHeaderLines = 256;
/** Longest header section that is taken, in bytes. */
export const maxHeadBytes = 65_536;

/** A header field. `bytes`: its value as it came, one UTF-16 unit for each byte, for answers that have to repeat it. */
export interface HeadField {
  readonly value: string;
  readonly bytes: string;
  /** The field had a control character, which is a space here. */
  readonly tainted: boolean;
}

/** A header section as far as it can be read. */
export interface Head {
  readonly startLine: string;
  /** By full name in lower case, in order. Lines that are no header field are not here. */
  readonly fields: ReadonlyMap<string, readonly HeadField[]>;
  /** Control characters stood somewhere in it: two readers may disagree about what it says. */
  readonly tainted: boolean;
  /**
   * It is longer, or has more lines, than is taken. Of the lines over the limit only those that an answer needs were
   * read.
   */
  readonly tooLarge: boolean;
}

/** RFC 3261 section 8.2.6.2: what an answer repeats. */
export const repeated: readonly string[] = ["via", "from", "to", "call-id", "cseq"];

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

/** Every C0 control but the tab, and DEL; CR LF has been taken for the end of a line before. */
const controls = /[\u0000-\u0008\u000a-\u001f\u007f]/g;
const utf8 = new TextDecoder("utf-8", { fatal: true });
const windows1252 = new TextDecoder("windows-1252");

/**
 * Reads a header section without refusing any: what cannot be read is left out, or marked. Whoever needs it decides.
 * Source: RFC 3261 section 7.3 and 8.2 ("malformed header fields that are not necessary" SHOULD be ignored).
 */
export function readHead(head: Uint8Array): Head {
  const [first = "", ...lines] = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
    .toString("latin1")
    .split("\r\n");
  const fields = new Map<string, HeadField[]>();
  let tainted = first.search(controls) >= 0;
  let count = 0;
  for (const line of unfolded(lines)) {
    count += 1;
    const field = readField(line);
    tainted ||= line.search(controls) >= 0;
    if (!field) continue;
    const known = fields.get(field.name) ?? [];
    if (count > maxHeaderLines && (!repeated.includes(field.name) || known.length >= maxHeaderLines)) continue;
    known.push(field);
    fields.set(field.name, known);
  }
  return {
    startLine: decode(clean(first)),
    fields,
    tainted,
    tooLarge: count > maxHeaderLines || head.byteLength > maxHeadBytes,
  };
}

/**
 * RFC 3261 section 7.3.1: a line that begins with white space continues the one before, as a single space. The first
 * line has no continuation.
 */
export function unfolded(lines: readonly string[]): readonly string[] {
  const whole: string[][] = [];
  for (const line of lines) {
    if (!/^[ \t]/.test(line)) {
      if (line !== "") whole.push([line]);
    } else whole.at(-1)?.push(line.trim());
  }
  return whole.map((parts) => parts.join(" "));
}

function readField(line: string): (HeadField & { readonly name: string }) | undefined {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
  if (!/^[a-z0-9.!%*_+`'~-]+$/.test(name)) return undefined;
  const raw = line.slice(colon + 1);
  // What is kept of a field (a dialog keeps tags and routes) keeps no more than that field.
  const bytes = detached(clean(raw).trim());
  return { name: compact[name] ?? name, value: decode(bytes), bytes, tainted: raw.search(controls) >= 0 };
}

function clean(bytes: string): string {
  return bytes.replace(controls, " ");
}

/** UTF-8 as the RFC demands, else what old telephone systems write. */
function decode(bytes: string): string {
  if (!/[\u0080-\u00ff]/.test(bytes)) return bytes;
  const raw = Buffer.from(bytes, "latin1");
  try {
    return utf8.decode(raw);
  } catch {
    return windows1252.decode(raw);
  }
}
