import { truncate } from "../../../../shared/text/truncate.ts";
import { maxPlistDepth, maxPlistValues, PlistError } from "./plist-error.ts";

/** Length of the trailer at the end of the file: 6 unused bytes, two sizes, three counts of 8 bytes. */
const trailerBytes = 32;
const headerBytes = 8;
/** Bytes of text in all, counted each time a text is used: one long text may be referred to often. */
const maxTextBytes = 16 * 1024 * 1024;

/** Place of the table of objects, and the sizes of what stands in it, as the trailer says. */
interface Trailer {
  readonly offsetSize: number;
  readonly referenceSize: number;
  readonly objects: number;
  readonly top: number;
  readonly table: number;
}

/**
 * Reads a binary property list ("bplist00", CFBinaryPList.c): objects one after the other, a table with the place of
 * each, and a trailer that says where the table is. Every offset and count is checked against the bytes that are there;
 * an object that holds itself, or that is used so often that it would grow without end, is refused. Errors: PlistError.
 */
export function readBinaryPlist(bytes: Uint8Array): unknown {
  return new BinaryPlistReader(bytes).read();
}

class BinaryPlistReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #trailer: Trailer;
  /** Objects that hold the one that is being read. */
  readonly #path = new Set<number>();
  #count = 0;
  #textBytes = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#trailer = this.#readTrailer();
  }

  read(): unknown {
    return this.#object(this.#trailer.top);
  }

  #readTrailer(): Trailer {
    const { length } = this.#bytes;
    if (length < headerBytes + trailerBytes) throw new PlistError("it is cut off");
    if (new TextDecoder("latin1").decode(this.#bytes.subarray(0, headerBytes)) !== "bplist00")
      throw new PlistError("it is a binary property list of another version");
    const start = length - trailerBytes;
    const offsetSize = this.#view.getUint8(start + 6);
    const referenceSize = this.#view.getUint8(start + 7);
    const objects = this.#unsigned(start + 8, 8);
    const top = this.#unsigned(start + 16, 8);
    const table = this.#unsigned(start + 24, 8);
    if (offsetSize < 1 || offsetSize > 8 || referenceSize < 1 || referenceSize > 8)
      throw new PlistError("its trailer makes no sense");
    if (objects < 1 || objects > maxPlistValues || table < headerBytes || table + objects * offsetSize > start)
      throw new PlistError("its trailer makes no sense, or it holds too many values");
    return { offsetSize, referenceSize, objects, top, table };
  }

  #object(reference: number): unknown {
    const { objects, table, offsetSize } = this.#trailer;
    if (reference >= objects) throw new PlistError("it refers to a value that is not there");
    this.#count += 1;
    if (this.#count > maxPlistValues) throw new PlistError("it holds too many values");
    if (this.#path.has(reference) || this.#path.size > maxPlistDepth) throw new PlistError("it is nested too deeply");
    this.#path.add(reference);
    const at = this.#unsigned(table + reference * offsetSize, offsetSize);
    if (at < headerBytes || at >= table) throw new PlistError("a value lies outside its place");
    const value = this.#value(at);
    this.#path.delete(reference);
    return value;
  }

  #value(at: number): unknown {
    const marker = this.#view.getUint8(at);
    const low = marker & 0x0f;
    switch (marker >> 4) {
      case 0x0:
        if (marker === 0x08 || marker === 0x09) return marker === 0x09;
        throw new PlistError("it holds a value of an unknown kind");
      case 0x1:
        return this.#integer(at, low);
      case 0x2:
        return this.#real(at, low);
      // Dates and data.
      case 0x3:
        return null;
      case 0x4: {
        const { length, start } = this.#sized(at);
        this.#take(start, length);
        return null;
      }
      case 0x5:
        return this.#text(at, 1);
      case 0x6:
        return this.#text(at, 2);
      case 0xa: {
        const { length, start } = this.#sized(at);
        return this.#references(start, length);
      }
      case 0xd:
        return this.#dictionary(at);
      default:
        throw new PlistError("it holds a value of an unknown kind");
    }
  }

  #integer(at: number, power: number): number {
    if (power > 3) throw new PlistError("it holds a number that is too large");
    this.#take(at + 1, 2 ** power);
    // Only numbers of 8 bytes have a sign.
    if (power < 3) return this.#unsigned(at + 1, 2 ** power);
    const value = this.#view.getBigInt64(at + 1);
    if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER))
      throw new PlistError("it holds a number that is too large");
    return Number(value);
  }

  #real(at: number, power: number): number {
    if (power !== 2 && power !== 3) throw new PlistError("it holds a number of an unknown kind");
    this.#take(at + 1, 2 ** power);
    const value = power === 2 ? this.#view.getFloat32(at + 1) : this.#view.getFloat64(at + 1);
    if (!Number.isFinite(value)) throw new PlistError("it holds a number that is not finite");
    return value;
  }

  #text(at: number, unit: 1 | 2): string {
    const { length, start } = this.#sized(at);
    const content = this.#take(start, length * unit);
    this.#textBytes += content.length;
    if (this.#textBytes > maxTextBytes) throw new PlistError("it holds too much text");
    return new TextDecoder(unit === 1 ? "latin1" : "utf-16be").decode(content);
  }

  #references(start: number, length: number): unknown[] {
    const { referenceSize } = this.#trailer;
    this.#take(start, length * referenceSize);
    return Array.from({ length }, (_, n) => this.#object(this.#unsigned(start + n * referenceSize, referenceSize)));
  }

  #dictionary(at: number): unknown {
    const { length, start } = this.#sized(at);
    const keys = this.#references(start, length);
    const values = this.#references(start + length * this.#trailer.referenceSize, length);
    const members = new Map<string, unknown>();
    keys.forEach((key, n) => {
      if (typeof key !== "string") throw new PlistError("a key is no text");
      if (members.has(key)) throw new PlistError(`"${truncate(key, 100)}" stands twice in one dictionary`);
      members.set(key, values[n]);
    });
    return Object.fromEntries(members);
  }

  /** The length of an object and where its content begins: in the marker, or in an integer behind it. */
  #sized(at: number): { readonly length: number; readonly start: number } {
    const inMarker = this.#view.getUint8(at) & 0x0f;
    if (inMarker !== 0x0f) return { length: inMarker, start: at + 1 };
    const [marker = 0] = this.#take(at + 1, 1);
    if (marker >> 4 !== 1 || (marker & 0x0f) > 3) throw new PlistError("a length makes no sense");
    const size = 2 ** (marker & 0x0f);
    return { length: this.#unsigned(at + 2, size), start: at + 2 + size };
  }

  /** Bytes of a value; all of them stand before the table. */
  #take(at: number, length: number): Uint8Array {
    if (at + length > this.#trailer.table) throw new PlistError("a value reaches beyond its place");
    return this.#bytes.subarray(at, at + length);
  }

  /** A big-endian number of 1 to 8 bytes. */
  #unsigned(at: number, size: number): number {
    if (at < 0 || at + size > this.#bytes.length) throw new PlistError("it is cut off");
    let value = 0;
    for (let n = 0; n < size; n++) value = value * 256 + this.#view.getUint8(at + n);
    if (!Number.isSafeInteger(value)) throw new PlistError("it holds a number that is too large");
    return value;
  }
}
