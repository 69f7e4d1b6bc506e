import { HallwayError } from "../../../../shared/errors.ts";
import { detached } from "../../detached-text.ts";
import { beginsReference, decodeText, endName, parseTag, startName } from "./tokens.ts";
import { defaultLimits, TreeBuilder, type XmlLimits, type XmlListener } from "./tree-builder.ts";

const slash = 47;
const cdataStart = "<![CDATA[";

/** A tag that is longer than any is read: what is remembered of it while the rest runs through. */
interface LongTag {
  /** Undefined: even the name is too long. */
  readonly name: string | undefined;
  readonly isEnd: boolean;
  /** The last unit that was seen of it. */
  last: number;
}

/**
 * A streaming parser for the XML that XMPP allows (RFC 6120 section 11.1: no comments, no processing instructions, no
 * document type, no entities but the predefined ones). It counts while it reads: what is over a limit is left out of
 * its stanza without being kept, and the stream goes on (`lossOf`). Only what is not well-formed ends it, with
 * `protocol-error`; after an error the parser must not be used again.
 *
 * Our own since the stock parser goes on after mismatched tags, throws from event handlers at `&#0;`, lets a document
 * type pass and knows no limit.
 */
export class XmlParser {
  readonly #builder: TreeBuilder;
  readonly #limits: XmlLimits;
  #rest = "";
  /** Where to go on looking for the end of a tag that is not complete yet, so that drips are not rescanned. */
  #scanned = 0;
  #quote = 0;
  #inCdata = false;
  #long: LongTag | undefined;
  #begun = false;
  #inside = false;

  constructor(listener: XmlListener, limits: XmlLimits) {
    this.#builder = new TreeBuilder(listener, limits);
    this.#limits = limits;
  }

  /** True between two children of the root with nothing left over. */
  get idle(): boolean {
    return this.#builder.depth === 1 && this.#rest === "" && !this.#inCdata && !this.#long;
  }

  write(chunk: string): void {
    if (this.#inside) throw new HallwayError("internal");
    if (this.#builder.ended) {
      if (/^[ \t\r\n]*$/.test(chunk)) return;
      throw new HallwayError("protocol-error");
    }
    this.#inside = true;
    try {
      this.#rest = this.#rest === "" ? chunk : this.#rest + chunk;
      this.#run();
    } finally {
      this.#inside = false;
    }
  }

  #text(raw: string, literal: boolean): void {
    if (raw === "") return;
    const bytes = Buffer.byteLength(raw);
    const room = this.#builder.grow(bytes);
    const value = decodeText(raw, literal);
    // What is kept of an element keeps no more than that element.
    this.#builder.text(detached(room === bytes ? value : decodeText(beginning(raw, room, literal), literal)));
  }

  /** Takes one whole tag without its angle brackets. False: not well-formed, or cut short by a `>` in a value. */
  #tag(source: string): boolean {
    if (source.charCodeAt(0) === slash) {
      const name = endName(source.slice(1));
      if (name === undefined) return false;
      this.#builder.grow(Buffer.byteLength(source) + 2);
      this.#builder.end(name);
      return true;
    }
    const empty = source.charCodeAt(source.length - 1) === slash;
    const parsed = parseTag(detached(empty ? source.slice(0, -1) : source), this.#limits);
    if (!parsed) return false;
    this.#builder.grow(Buffer.byteLength(source) + 2);
    this.#builder.start(parsed, parsed.name, empty);
    return true;
  }

  /** Begins to let a tag run through, of which this much is here. */
  #beginLong(source: string): LongTag {
    const isEnd = source.charCodeAt(1) === slash;
    const known = startName(source.slice(isEnd ? 2 : 1, this.#limits.tag));
    if (known === undefined) throw new HallwayError("protocol-error");
    return { name: known.length + 2 >= this.#limits.tag ? undefined : known, isEnd, last: 0 };
  }

  /** Lets a long tag run through from `at` to its end or as far as it is here. Answers where to go on. */
  #runLong(current: LongTag, at: number, end: number): number {
    const until = end < 0 ? this.#rest.length : end + 1;
    this.#builder.grow(Buffer.byteLength(this.#rest.slice(at, until)));
    const lastAt = end < 0 ? until - 1 : end - 1;
    if (lastAt >= at) current.last = this.#rest.charCodeAt(lastAt);
    if (end < 0) {
      this.#long = current;
      this.#scanned = until;
    } else {
      this.#long = undefined;
      this.#scanned = 0;
      if (current.isEnd) this.#builder.end(current.name);
      else this.#builder.start(undefined, current.name, current.last === slash);
    }
    return until;
  }

  /**
   * A tag begins at `at`, and is more than one of the quick kind. Answers where to go on; undefined: its end is not
   * here yet.
   */
  #slowTag(at: number): number | undefined {
    const end = this.#tagEnd(at);
    const length = (end < 0 ? this.#rest.length : end) - at;
    if (length > this.#limits.tag) {
      this.#begun = true;
      return this.#runLong(this.#beginLong(this.#rest.slice(at, at + this.#limits.tag)), at, end);
    }
    if (end < 0) return undefined;
    this.#begun = true;
    if (!this.#tag(this.#rest.slice(at + 1, end))) throw new HallwayError("protocol-error");
    return end + 1;
  }

  /** `<!` or `<?` stands at `at`. Answers where to go on; undefined: the whole of it is not here yet. */
  #declaration(at: number): number | undefined {
    if (this.#rest.charCodeAt(at + 1) === 33 /* ! */) {
      const lead = this.#rest.slice(at, at + cdataStart.length);
      if (lead === cdataStart) {
        if (this.#builder.depth < 2) throw new HallwayError("protocol-error");
        this.#builder.grow(cdataStart.length);
        this.#inCdata = true;
        return at + cdataStart.length;
      }
      // RFC 6120 section 11.1: comments, document types and entity declarations MUST NOT be sent.
      if (lead.length < cdataStart.length && cdataStart.startsWith(lead)) return undefined;
      throw new HallwayError("protocol-error");
    }
    // Only the XML declaration, once, at the very start.
    if (this.#begun) throw new HallwayError("protocol-error");
    const end = this.#rest.indexOf("?>", at);
    if (end < 0) {
      if (this.#rest.length - at > 200) throw new HallwayError("protocol-error");
      return undefined;
    }
    if (!/^<\?xml[ \t\r\n][^<>&]*$/.test(this.#rest.slice(at, end))) throw new HallwayError("protocol-error");
    this.#begun = true;
    return end + 2;
  }

  /** Consumes CDATA from `at`. Answers where to go on. */
  #cdata(at: number): number {
    const end = this.#rest.indexOf("]]>", at);
    // The last two units may be the start of the end marker.
    let until = end < 0 ? Math.max(at, this.#rest.length - 2) : end;
    if (end < 0 && until > at && this.#rest.charCodeAt(until - 1) === 13) until -= 1;
    this.#text(this.#rest.slice(at, until), true);
    if (end < 0) return until;
    this.#inCdata = false;
    return until + 3;
  }

  /** Consumes as much of `rest` as is complete. */
  #run(): void {
    let at = 0;
    while (at < this.#rest.length) {
      if (this.#long) {
        at = this.#runLong(this.#long, at, this.#tagEnd(at));
        continue;
      }
      if (this.#inCdata) {
        at = this.#cdata(at);
        if (this.#inCdata) break;
        continue;
      }
      if (this.#rest.charCodeAt(at) !== 60 /* < */) {
        const open = this.#rest.indexOf("<", at);
        const until = open < 0 ? holdBack(this.#rest, at) : open;
        if (until > at) this.#text(this.#rest.slice(at, until), false);
        at = until;
        if (open < 0) break;
      }
      const second = this.#rest.charCodeAt(at + 1);
      if (Number.isNaN(second)) break;
      let next: number | undefined;
      if (second === 33 /* ! */ || second === 63 /* ? */) next = this.#declaration(at);
      else {
        // Nearly every tag ends at the first `>`; only one with a `>` in a value needs the careful look.
        const near = this.#scanned > at ? -1 : this.#rest.indexOf(">", at);
        if (near >= 0 && near - at <= this.#limits.tag) {
          this.#begun = true;
          if (this.#tag(this.#rest.slice(at + 1, near))) next = near + 1;
        }
        next ??= this.#slowTag(at);
      }
      if (next === undefined) break;
      at = next;
    }
    this.#rest = this.#rest.slice(at);
    this.#scanned = Math.max(0, this.#scanned - at);
  }

  /** Index of the `>` that ends the tag at `from`, not counting those in quotes; -1: not there yet. */
  #tagEnd(from: number): number {
    if (!this.#long && this.#scanned <= from) {
      this.#scanned = from + 1;
      this.#quote = 0;
    }
    for (let i = this.#long ? from : this.#scanned; i < this.#rest.length; i += 1) {
      const c = this.#rest.charCodeAt(i);
      if (c === 60 /* < */) throw new HallwayError("protocol-error");
      if (this.#quote !== 0) {
        if (c === this.#quote) this.#quote = 0;
      } else if (c === 62 /* > */) {
        this.#scanned = 0;
        return i;
      } else if (c === 34 || c === 39) this.#quote = c;
    }
    this.#scanned = this.#rest.length;
    return -1;
  }
}

export function createXmlParser(listener: XmlListener, limits: XmlLimits = defaultLimits): XmlParser {
  return new XmlParser(listener, limits);
}

/** As much of a text as so many bytes hold, without half a character or half a reference at its end. */
function beginning(raw: string, bytes: number, literal: boolean): string {
  const buffer = Buffer.from(raw);
  let end = bytes;
  while (end > 0 && ((buffer[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  const text = buffer.toString("utf8", 0, end);
  return literal ? text : text.replace(/&[^;]*$/, "");
}

/**
 * Where text without a following tag may be cut: not inside a reference, and not between CR and LF. Error:
 * `protocol-error`.
 */
function holdBack(source: string, from: number): number {
  let until = source.length;
  if (source.charCodeAt(until - 1) === 13) until -= 1;
  const amp = source.lastIndexOf("&", until - 1);
  if (amp >= from && source.indexOf(";", amp) < 0) {
    if (!beginsReference(source.slice(amp, until))) throw new HallwayError("protocol-error");
    return amp;
  }
  return until;
}
