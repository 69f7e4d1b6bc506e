import { maxHeadBytes, unfolded } from "../wire/head.ts";
import { maxBodyBytes } from "../wire/message.ts";

/** Where the next message begins is not known; only `resumeAt` helps. The sentence has no content in it. */
export class FramingError extends Error {}

/** Frame of the stream. `bodyTooLong`: the body is read past and is not here. Ping and pong: RFC 5626 section 4.4.1. */
export type Frame =
  | { readonly type: "message"; readonly head: Uint8Array; readonly body: Uint8Array; readonly bodyTooLong: boolean }
  | { readonly type: "ping" }
  | { readonly type: "pong" };

/**
 * Longest header section whose end is waited for, in bytes. One over `maxHeadBytes` costs its message, one over this
 * the connection.
 */
const maxReadableHead = 64 * maxHeadBytes;
/** Longest body that is read past, in bytes; it takes no memory, and a longer one nobody sends. */
const maxSkippedBody = 4096 * maxBodyBytes;

const cr = 13;
const lf = 10;
/** An empty line for whoever ends lines at LF or at CR; within a head that ends at CR LF CR LF there is none. */
const emptyLine = /\n\r?\n|\r\r/;
const separator = Buffer.from("\r\n\r\n");
const nothing = new Uint8Array();

/**
 * Cuts a byte stream into messages by Content-Length (RFC 3261 section 18.3), in one bounded buffer. Bytes are looked
 * at once however they arrive, so that a server that sends one byte at a time costs no more than one that does not.
 */
export class SipFramer {
  #buffer = Buffer.alloc(4096);
  #length = 0;
  /** Where to go on looking for the end of the head. */
  #searched = 0;
  /** Known once the head is complete. */
  #expected: { readonly head: number; readonly body: number } | undefined;
  /** Bytes of a body over the limit that are still to come. */
  #skip = 0;
  /** The branch of the response that the stream is read on from. */
  #landmark: string | undefined;
  /** Error after the frames that were answered last. */
  #broken: FramingError | undefined;

  /** Whether everything is passed over until the response that was named to `resumeAt` comes. */
  get isAstray(): boolean {
    return this.#landmark !== undefined;
  }

  /** Whether bytes are to come that are read past, so that nothing behind them can be heard yet. */
  get isSkipping(): boolean {
    return this.#skip > 0;
  }

  /**
   * After a FramingError: passes over what is here and what comes, up to the response with this Via branch, which
   * nobody but the server can know.
   */
  resumeAt(branch: string): void {
    this.#landmark = branch;
    this.#length = 0;
    this.#searched = 0;
    this.#skip = 0;
    this.#expected = undefined;
    this.#broken = undefined;
  }

  /**
   * Takes bytes, answers with the frames that they complete. Error: FramingError, at once or at the next call where
   * there are frames before the place; nothing else may be fed then before `resumeAt`.
   */
  feed(chunk: Uint8Array): readonly Frame[] {
    if (this.#broken) throw this.#broken;
    if (this.#landmark !== undefined) {
      this.#append(chunk);
      if (!this.#findLandmark(this.#landmark)) return [];
      return this.feed(nothing);
    }
    const skipped = Math.min(this.#skip, chunk.byteLength);
    this.#skip -= skipped;
    this.#append(chunk.subarray(skipped));
    const frames: Frame[] = [];
    let offset = 0;
    for (;;) {
      const taken = this.#nextOrBroken(offset, frames);
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
    // What one long head took is not kept for all that follow.
    if (this.#length === 0 && this.#buffer.byteLength > 2 * maxBodyBytes) this.#buffer = Buffer.alloc(4096);
    return frames;
  }

  /** Whether the response with this branch has come; then it is what stands first in the buffer. */
  #findLandmark(branch: string): boolean {
    const here = this.#buffer.subarray(0, this.#length);
    const at = here.indexOf(`;branch=${branch}`);
    // A Via has a slash behind the version, a status line a space.
    const from = at < 0 ? -1 : here.lastIndexOf("SIP/2.0 ", at);
    // Without its first line the response is of no use, nor is what comes before the last head's length.
    const keepFrom = from >= 0 ? from : Math.max(0, this.#length - maxHeadBytes);
    this.#buffer.copyWithin(0, keepFrom, this.#length);
    this.#length -= keepFrom;
    if (from < 0) return false;
    this.#landmark = undefined;
    return true;
  }

  #nextOrBroken(offset: number, frames: Frame[]): number {
    try {
      return this.#next(offset, frames);
    } catch (error) {
      if (!(error instanceof FramingError) || frames.length === 0) throw error;
      this.#broken = error;
      return 0;
    }
  }

  /** Length of the frame that begins at `offset`, which is added to `frames`; 0 when it is not complete. */
  #next(offset: number, frames: Frame[]): number {
    const available = this.#length - offset;
    if (!this.#expected && available >= 2 && this.#buffer[offset] === cr && this.#buffer[offset + 1] === lf) {
      // A single CRLF is a pong, a double one a ping; of half a second CRLF the other half must be awaited.
      if (available === 2 || this.#buffer[offset + 2] !== cr) {
        frames.push({ type: "pong" });
        return 2;
      }
      if (available === 3) return 0;
      const double = this.#buffer[offset + 3] === lf;
      frames.push({ type: double ? "ping" : "pong" });
      return double ? 4 : 2;
    }
    this.#expected ??= this.#findHead(offset);
    if (!this.#expected) return 0;
    const { head, body } = this.#expected;
    const from = offset + head + separator.length;
    const bodyTooLong = body > maxBodyBytes;
    if (!bodyTooLong && this.#length < from + body) return 0;
    const here = Math.min(this.#length - from, body);
    this.#skip = body - here;
    frames.push({
      type: "message",
      head: Buffer.from(this.#buffer.subarray(offset, offset + head)),
      body: bodyTooLong ? nothing : Buffer.from(this.#buffer.subarray(from, from + body)),
      bodyTooLong,
    });
    return head + separator.length + here;
  }

  #findHead(offset: number): { head: number; body: number } | undefined {
    const from = Math.max(offset, this.#searched - 3);
    const end = this.#buffer.subarray(0, this.#length).indexOf(separator, from);
    this.#searched = this.#length;
    // At once, before it swallows the message behind it: some servers end a head at an empty line of any kind.
    if (emptyLine.test(this.#buffer.toString("latin1", from, end < 0 ? this.#length : end)))
      throw new FramingError("header section that ends in two places");
    const head = (end < 0 ? this.#length : end) - offset;
    if (head > maxReadableHead) throw new FramingError("header section without end");
    if (end < 0) return undefined;
    const text = this.#buffer.toString("latin1", offset, end);
    const body = contentLength(text.split("\r\n"));
    if (body > maxSkippedBody) throw new FramingError("message too long");
    mustReadAlike(text, head + separator.length + body);
    return { head, body };
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

/**
 * The body's length by the lines of a head, the first line among them. RFC 3261 section 20.14: mandatory on streams.
 * Two that differ are a way to smuggle messages past somebody. Error: FramingError.
 */
function contentLength(lines: readonly string[]): number {
  let found: number | undefined;
  for (const line of unfolded(lines.slice(1))) {
    const match = /^(?:content-length|l)[ \t]*:(.*)$/is.exec(line);
    if (!match) continue;
    const digits = match[1]?.trim() ?? "";
    if (!/^\d{1,12}$/.test(digits) || (found !== undefined && found !== Number(digits)))
      throw new FramingError("broken Content-Length");
    found = Number(digits);
  }
  if (found === undefined) throw new FramingError("message without Content-Length");
  return found;
}

/**
 * A bare CR or LF in a head ends a line for some servers and for others it does not. The message is refused either way;
 * where both kinds find its end at the same place the stream goes on behind it. Where they do not, whoever wrote the
 * message has a second one in the difference, in whose name they like: then nothing can be believed that follows.
 * Error: FramingError.
 */
function mustReadAlike(head: string, total: number): void {
  if (!/\r(?!\n)|(?<!\r)\n/.test(head)) return;
  const whole = `${head}\r\n\r\n`;
  for (const lineEnd of [/\r?\n/g, /\r\n|\r|\n/g]) {
    const lines: string[] = [];
    let from = 0;
    for (const match of whole.matchAll(lineEnd)) {
      const line = whole.slice(from, match.index);
      from = match.index + match[0].length;
      if (line === "") break;
      lines.push(line);
    }
    if (from + contentLength(lines) !== total) throw new FramingError("header section that ends in two places");
  }
}
