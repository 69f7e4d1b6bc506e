/** A value as D-Bus carries it; a variant is its value, a structure or an array an array, a dictionary a map. */
export type DbusValue = string | number | bigint | boolean | readonly DbusValue[] | ReadonlyMap<DbusValue, DbusValue>;

/** Deepest nesting that is read; the specification allows 64. */
const maxDepth = 16;

/**
 * Reads values of a message or its header (D-Bus Specification, "Marshaling (Wire Format)"). Offsets count from a place
 * that is aligned to 8 bytes. Throws a RangeError for whatever is no such value.
 */
export class DbusReader {
  readonly #bytes: Buffer;
  readonly #littleEndian: boolean;
  #at = 0;

  constructor(bytes: Buffer, littleEndian: boolean) {
    this.#bytes = bytes;
    this.#littleEndian = littleEndian;
  }

  /** Values of a signature, in order. */
  read(signature: string): readonly DbusValue[] {
    return completeTypes(signature).map((type) => this.#value(type, 0));
  }

  #value(type: string, depth: number): DbusValue {
    if (depth > maxDepth) throw new RangeError("nested too deeply");
    switch (type[0]) {
      case "y":
        return this.#bytes.readUInt8(this.#take(1, 1));
      case "b":
        return this.#number(4, "UInt32") !== 0;
      case "n":
        return this.#number(2, "Int16");
      case "q":
        return this.#number(2, "UInt16");
      case "i":
        return this.#number(4, "Int32");
      case "u":
      case "h":
        return this.#number(4, "UInt32");
      case "x":
        return this.#view().getBigInt64(this.#take(8, 8), this.#littleEndian);
      case "t":
        return this.#view().getBigUint64(this.#take(8, 8), this.#littleEndian);
      case "d":
        return this.#view().getFloat64(this.#take(8, 8), this.#littleEndian);
      case "s":
      case "o":
        return this.#text(this.#number(4, "UInt32"));
      case "g":
        return this.#text(this.#bytes.readUInt8(this.#take(1, 1)));
      case "v":
        return this.#variant(depth);
      case "a":
        return this.#array(type.slice(1), depth);
      case "(":
        this.#align(8);
        return completeTypes(type.slice(1, -1)).map((each) => this.#value(each, depth + 1));
      default:
        throw new RangeError(`no type of D-Bus: ${type}`);
    }
  }

  #variant(depth: number): DbusValue {
    const [type, ...more] = completeTypes(this.#text(this.#bytes.readUInt8(this.#take(1, 1))));
    if (type === undefined || more.length > 0) throw new RangeError("a variant holds one value");
    return this.#value(type, depth + 1);
  }

  #array(element: string, depth: number): DbusValue {
    const length = this.#number(4, "UInt32");
    this.#align(alignmentOf(element));
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("an array is longer than its message");
    const values: DbusValue[] = [];
    const entries = new Map<DbusValue, DbusValue>();
    const isDictionary = element.startsWith("{");
    while (this.#at < end) {
      if (isDictionary) {
        this.#align(8);
        const [key, value] = completeTypes(element.slice(1, -1)).map((each) => this.#value(each, depth + 1));
        if (key === undefined || value === undefined) throw new RangeError("a dictionary entry is a pair");
        entries.set(key, value);
      } else {
        values.push(this.#value(element, depth + 1));
      }
    }
    return isDictionary ? entries : values;
  }

  #number(size: 2 | 4, kind: "Int16" | "UInt16" | "Int32" | "UInt32"): number {
    const at = this.#take(size, size);
    return this.#littleEndian ? this.#bytes[`read${kind}LE`](at) : this.#bytes[`read${kind}BE`](at);
  }

  /** Text of so many bytes, and the zero byte after it. */
  #text(length: number): string {
    const at = this.#take(length + 1, 1);
    return this.#bytes.toString("utf8", at, at + length);
  }

  #view(): DataView {
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
  }

  #take(size: number, alignment: number): number {
    this.#align(alignment);
    const at = this.#at;
    if (at + size > this.#bytes.length) throw new RangeError("a value is longer than its message");
    this.#at = at + size;
    return at;
  }

  #align(to: number): void {
    this.#at = aligned(this.#at, to);
  }
}

/** The next multiple of `to`. */
export function aligned(at: number, to: number): number {
  return Math.ceil(at / to) * to;
}

function alignmentOf(type: string): number {
  const [first = ""] = type;
  if ("xtd({".includes(first)) return 8;
  if ("nq".includes(first)) return 2;
  return "ygv".includes(first) ? 1 : 4;
}

/** Single complete types of a signature: `sa{sv}(ii)` -> `s`, `a{sv}`, `(ii)`. */
function completeTypes(signature: string): readonly string[] {
  const types: string[] = [];
  for (let at = 0; at < signature.length; ) {
    const end = endOfType(signature, at);
    types.push(signature.slice(at, end));
    at = end;
  }
  return types;
}

function endOfType(signature: string, start: number): number {
  let at = start;
  while (signature[at] === "a") at++;
  const open = signature[at];
  if (open === undefined) throw new RangeError("an array of nothing");
  if (open !== "(" && open !== "{") return at + 1;
  let depth = 0;
  for (; at < signature.length; at++) {
    const sign = signature[at] ?? "";
    if ("({".includes(sign)) depth++;
    else if (")}".includes(sign) && --depth === 0) return at + 1;
  }
  throw new RangeError("a structure without its end");
}
