import { hostname } from "node:os";
import { truncate } from "../../../../shared/text/truncate.ts";
import type { Parcel } from "./destination.ts";

/** Facility 13 (log audit), severity 6 (informational): RFC 5424 section 6.2.1. */
const priority = 13 * 8 + 6;
/** The number that RFC 5612 keeps for examples: this project has none of its own. */
const enterprise = 32_473;
/**
 * RFC 5425 section 4.3.1: every receiver should take messages of this many octets; longer ones may be cut without a
 * word.
 */
const longest = 8192;

const messageIds: Readonly<Record<Parcel["what"], string>> = {
  message: "MESSAGE",
  correction: "CORRECTION",
  retraction: "RETRACTION",
  "audit-head": "AUDITHEAD",
  "audit-entry": "AUDIT",
};

/**
 * A parcel as frames for the wire (RFC 5424 messages with octet counting of RFC 5425 section 4.3). A text that does not
 * fit into one message goes in several with the same id and `part` and `parts` in their structured data.
 */
export function syslogFrames(parcel: Parcel, host = hostname()): Buffer[] {
  const text = Buffer.from(parcel.text, "utf8");
  // Room for what says which part it is, too.
  const room = Math.max(1024, longest - Buffer.byteLength(head(parcel, host, { part: "00000", parts: "00000" })));
  const parts = split(text, room);
  return parts.map((part, index) => {
    const which = parts.length === 1 ? {} : { part: String(index + 1), parts: String(parts.length) };
    const message = Buffer.concat([Buffer.from(head(parcel, host, which)), part]);
    return Buffer.concat([Buffer.from(`${message.length} `), message]);
  });
}

/** All before the text, with the space that follows it. */
function head(parcel: Parcel, host: string, which: Readonly<Record<string, string>>): string {
  const { id, what, at, mediaType, fields } = parcel;
  const data = Object.entries({ id, type: mediaType, ...which, ...fields }).map(
    ([name, value]) => ` ${name}="${paramValue(value)}"`,
  );
  // The process id is left out, so that the same parcel is the same message from whichever run it comes.
  return `<${priority}>1 ${new Date(at).toISOString()} ${printable(host, 255)} hallway - ${messageIds[what]} [hallway@${enterprise}${data.join("")}] `;
}

/** RFC 5424 section 6.3.3: the three characters that are escaped; controls have no business there. */
function paramValue(value: string): string {
  const clean = truncate(value.replace(/\p{Cc}/gu, " "), 512);
  return clean.toWellFormed().replace(/["\\\]]/g, (character) => `\\${character}`);
}

/** PRINTUSASCII of RFC 5424 section 6, or the nil value. */
function printable(text: string, length: number): string {
  return text.replace(/[^\x21-\x7e]/g, "").slice(0, length) || "-";
}

/** Pieces of at most so many octets; no character is cut in two. */
function split(text: Buffer, room: number): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  do {
    let to = Math.min(text.length, from + room);
    // Octets 10xxxxxx go on with a character that began before.
    while (to < text.length && to > from + 1 && ((text[to] ?? 0) & 0xc0) === 0x80) to--;
    pieces.push(text.subarray(from, to));
    from = to;
  } while (from < text.length);
  return pieces;
}
