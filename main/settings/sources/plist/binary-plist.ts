import { truncate } from "../../../../shared/text/truncate.ts";
import { maxPlistDepth, maxPlistValues, PlistError } from "./plist-error.ts";

/** Length of the trailer at the end of the file: 6 unused bytes, two sizes, three counts of 8 bytes. */
const trailerBytes = 32;
const headerBytes = 8;
/** Bytes of text in all, counted each time a text is used: one long text may be referred to often. */
const maxTextBytes = 16 * 1024 * 1024;

/**
 * Reads a binary property list ("bplist00", CFBinaryPList.c): objects one after the other, a table with the place of
 * each, and a trailer that says where the table is. Every offset and count is checked against the bytes that are there;
 * an object that holds itself, or that is used so often that it would grow without end, is refused. Errors: PlistError.
 */
export function readBinaryPlist(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headerBytes + trailerBytes) throw new PlistError("it is cut off");
  if (new TextDecoder("latin1").decode(bytes.subarray(0, headerBytes)) !== "bplist00")
    throw new PlistError("it is a binary property list of another version");
  const trailer = bytes.length - trailerBytes;
  const offsetSize = view.getUint8(trailer + 6);
  const referenceSize = view.getUint8(trailer + 7);
  const objects = unsigned(trailer + 8, 8);
  const top = unsigned(trailer + 16, 8);
  const table = unsigned(trailer + 24, 8);
  if (offsetSize < 1 || offsetSize > 8 || referenceSize < 1 || referenceSize > 8)
    throw new PlistError("its trailer makes no sense");
  if (objects < 1 || objects > maxPlistValues || table < headerBytes || table + objects * offsetSize > trailer) {
    throw new PlistError("its trailer makes no sense, or it holds too many values");
  }
  const path = new Set<number>();
  let count = 0;
  let textBytes = 0;

  /** A big-endian number of 1 to 8 bytes. */
  function unsigned(at: number, size: number): number {
    if (at < 0 || at + size > bytes.length) throw new PlistError("it is cut off");
    let value = 0;
    for (let n = 0; n < size; n++) value = value * 256 + view.getUint8(at + n);
    if (!Number.isSafeInteger(value)) throw new PlistError("it holds a number that is too large");
    return value;
  }

  function take(at: number, length: number): Uint8Array {
    if (at + length > table) throw new PlistError("a value reaches beyond its place");
    return bytes.subarray(at, at + length);
  }

  /** The length of an object and where its content begins: in the marker, or in an integer behind it. */
  function sized(at: number): { readonly length: number; readonly start: number } {
    const inMarker = view.getUint8(at) & 0x0f;
    if (inMarker !== 0x0f) return { length: inMarker, start: at + 1 };
    const [marker = 0] = take(at + 1, 1);
    if (marker >> 4 !== 1 || (marker & 0x0f) > 3) throw new PlistError("a length makes no sense");
    const size = 2 ** (marker & 0x0f);
    return { length: unsigned(at + 2, size), start: at + 2 + size };
  }

  function integer(at: number, power: number): number {
    if (power > 3) throw new PlistError("it holds a number that is too large");
    take(at + 1, 2 ** power);
    // Only numbers of 8 bytes have a sign.
    if (power < 3) return unsigned(at + 1, 2 ** power);
    const value = view.getBigInt64(at + 1);
    if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER))
      throw new PlistError("it holds a number that is too large");
    return Number(value);
  }

  function real(at: number, power: number): number {
    if (power !== 2 && power !== 3) throw new PlistError("it holds a number of an unknown kind");
    take(at + 1, 2 ** power);
    const value = power === 2 ? view.getFloat32(at + 1) : view.getFloat64(at + 1);
    if (!Number.isFinite(value)) throw new PlistError("it holds a number that is not finite");
    return value;
  }

  function text(at: number, unit: 1 | 2): string {
    const { length, start } = sized(at);
    const content = take(start, length * unit);
    textBytes += content.length;
    if (textBytes > maxTextBytes) throw new PlistError("it holds too much text");
    if (unit === 1) return new TextDecoder("latin1").decode(content);
    return new TextDecoder("utf-16be").decode(content);
  }

  function references(start: number, length: number): unknown[] {
    take(start, length * referenceSize);
    return Array.from({ length }, (_, n) => object(unsigned(start + n * referenceSize, referenceSize)));
  }

  function dictionary(at: number): unknown {
    const { length, start } = sized(at);
    const keys = references(start, length);
    const values = references(start + length * referenceSize, length);
    const members = new Map<string, unknown>();
    keys.forEach((key, n) => {
      if (typeof key !== "string") throw new PlistError("a key is no text");
      if (members.has(key)) throw new PlistError(`"${truncate(key, 100)}" stands twice in one dictionary`);
      members.set(key, values[n]);
    });
    return Object.fromEntries(members);
  }

  function object(reference: number): unknown {
    if (reference >= objects) throw new PlistError("it refers to a value that is not there");
    count += 1;
    if (count > maxPlistValues) throw new PlistError("it holds too many values");
    if (path.has(reference) || path.size > maxPlistDepth) throw new PlistError("it is nested too deeply");
    path.add(reference);
    const at = unsigned(table + reference * offsetSize, offsetSize);
    if (at < headerBytes || at >= table) throw new PlistError("a value lies outside its place");
    const value = read(at);
    path.delete(reference);
    return value;
  }

  function read(at: number): unknown {
    const marker = view.getUint8(at);
    const low = marker & 0x0f;
    switch (marker >> 4) {
      case 0x0:
        if (marker === 0x08 || marker === 0x09) return marker === 0x09;
        throw new PlistError("it holds a value of an unknown kind");
      case 0x1:
        return integer(at, low);
      case 0x2:
        return real(at, low);
      // Dates and data.
      case 0x3:
        return null;
      case 0x4: {
        const { length, start } = sized(at);
        take(start, length);
        return null;
      }
      case 0x5:
        return text(at, 1);
      case 0x6:
        return text(at, 2);
      case 0xa: {
        const { length, start } = sized(at);
        return references(start, length);
      }
      case 0xd:
        return dictionary(at);
      default:
        throw new PlistError("it holds a value of an unknown kind");
    }
  }

  return object(top);
}
