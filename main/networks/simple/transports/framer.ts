import { maxBodyBytes, maxHeadBytes, maxHeaderLines } from "../message.ts";

/** The stream cannot be read any further: where the next message begins is not known. The sentence has no content in it. */
export class FramingError extends Error {
  readonly tooLarge: boolean;

  constructor(what: string, tooLarge = false) {
    super(what);
    this.tooLarge = tooLarge;
  }
}

/** What came out of the stream. Ping and pong: RFC 5626 section 4.4.1. */
export type Frame = { readonly type: "message"; readonly head: Uint8Array; readonly body: Uint8Array } | { readonly type: "ping" } | { readonly type: "pong" };

const cr = 13;
const lf = 10;
const separator = Buffer.from("\r\n\r\n");

/**
 * Cuts a byte stream into messages by Content-Length (RFC 3261 section 18.3), in one bounded buffer. Bytes are looked at
 * once however they arrive, so that a server that sends one byte at a time costs no more than one that does not.
 */
export class SipFramer {
  #buffer = Buffer.alloc(4096);
  #length = 0;
  /** Where to go on looking for the end of the head. */
  #searched = 0;
  /** Known once the head is complete. */
  #expected: { readonly head: number; readonly total: number } | undefined;

  /** Takes bytes, answers with the frames that they complete. Error: FramingError; nothing may be fed after it. */
  feed(chunk: Uint8Array): readonly Frame[] {
    this.#append(chunk);
    const frames: Frame[] = [];
    let offset = 0;
    for (;;) {
      const taken = this.#next(offset, frames);
      if (taken === 0) break;
      offset += taken;
      this.#searched = offset;
      this.#expected = undefined;
    }
    if (offset > 0) {
      this.#buffer.copyWithin(0, offset, this.#length);
      this.#length -= offset;
      this.#searched -= offset;
    }
    return frames;
  }

  /** Length of the frame that begins at `offset`, which is added to `frames`; 0 when it is not complete. */
  #next(offset: number, frames: Frame[]): number {
    const available = this.#length - offset;
    if (!this.#expected && available >= 2 && this.#buffer[offset] === cr && this.#buffer[offset + 1] === lf) {
      // A single CRLF is a pong, a double one a ping; of half a second CRLF the other half must be awaited.
      if (available === 2) {
        frames.push({ type: "pong" });
        return 2;
      }
      if (this.#buffer[offset + 2] !== cr) {
        frames.push({ type: "pong" });
        return 2;
      }
      if (available === 3) return 0;
      const double = this.#buffer[offset + 3] === lf;
      frames.push({ type: double ? "ping" : "pong" });
      return double ? 4 : 2;
    }
    this.#expected ??= this.#findHead(offset);
    if (!this.#expected || available < this.#expected.total) return 0;
    const { head, total } = this.#expected;
    frames.push({
      type: "message",
      head: Buffer.from(this.#buffer.subarray(offset, offset + head)),
      body: Buffer.from(this.#buffer.subarray(offset + head + 4, offset + total)),
    });
    return total;
  }

  #findHead(offset: number): { head: number; total: number } | undefined {
    const end = this.#buffer.subarray(0, this.#length).indexOf(separator, Math.max(offset, this.#searched - 3));
    this.#searched = this.#length;
    const head = (end < 0 ? this.#length : end) - offset;
    if (head > maxHeadBytes) throw new FramingError("header section too long", true);
    if (end < 0) return undefined;
    const length = contentLength(this.#buffer.toString("latin1", offset, end));
    if (length > maxBodyBytes) throw new FramingError("message too long", true);
    return { head, total: head + 4 + length };
  }

  #append(chunk: Uint8Array): void {
    const needed = this.#length + chunk.byteLength;
    if (needed > this.#buffer.byteLength) {
      const grown = Buffer.alloc(Math.max(needed, 2 * this.#buffer.byteLength));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = needed;
  }
}

/** RFC 3261 section 20.14: mandatory on streams. Two that differ are a way to smuggle messages past somebody, so they are refused. */
function contentLength(head: string): number {
  const lines = head.split("\r\n");
  if (lines.length - 1 > maxHeaderLines) throw new FramingError("too many header lines", true);
  let found: number | undefined;
  for (const line of head
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n")
    .slice(1)) {
    const match = /^(?:content-length|l)[ \t]*:(.*)$/i.exec(line);
    if (!match) continue;
    const digits = match[1]?.trim() ?? "";
    if (!/^\d{1,12}$/.test(digits) || (found !== undefined && found !== Number(digits))) throw new FramingError("broken Content-Length");
    found = Number(digits);
  }
  if (found === undefined) throw new FramingError("message without Content-Length");
  return found;
}
