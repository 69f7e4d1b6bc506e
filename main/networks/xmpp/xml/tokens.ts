import { HallwayError } from "../../../../shared/errors.ts";
import { detached } from "../../detached-text.ts";

/** Names as XML has them (XML 1.0 section 2.3), generous beyond ASCII. */
const nameAt = /[A-Za-z_:\u0080-\uFFFF][\w.\-:\u0080-\uFFFF]*/y;
const attributeAt =
  /[ \t\r\n]+([A-Za-z_:\u0080-\uFFFF][\w.\-:\u0080-\uFFFF]*)[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')/y;
/** Names as Namespaces in XML has them (section 4): at most one colon, and a name on either side of it. */
const qualified = /^[A-Za-z_\u0080-\uFFFF][\w.\-\u0080-\uFFFF]*(?::[A-Za-z_\u0080-\uFFFF][\w.\-\u0080-\uFFFF]*)?$/;
const spaceToEnd = /[ \t\r\n]*$/y;
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;

/**
 * Attributes that say whose an element is, and what: none is ever left out, since a stanza without `from` would be the
 * account's own.
 */
const essential: ReadonlySet<string> = new Set(["xmlns", "from", "to", "id", "type"]);

/** Length of a tag, in UTF-16 units, from which an attribute that is remembered does not keep the others in memory. */
const longTag = 2_000;

export interface TagLimits {
  /** Most attributes of an element; the essential ones are kept beyond it. */
  readonly attributes: number;
  /** Longest value of an attribute that is not essential, in UTF-16 units. */
  readonly value: number;
}

/** A start tag. */
export interface Tag {
  readonly name: string;
  readonly attrs: Record<string, string | undefined>;
  /** Attributes over a limit were left out. */
  readonly trimmed: boolean;
}

/**
 * The inside of a start tag, without its angle brackets and closing slash; undefined: it is not well-formed. Error:
 * `protocol-error`.
 */
export function parseTag(source: string, limits: TagLimits): Tag | undefined {
  const name = startName(source);
  if (name === undefined) return undefined;
  const attrs: Record<string, string | undefined> = {};
  let at = name.length;
  let count = 0;
  let dropped: Set<string> | undefined;
  while (at < source.length) {
    attributeAt.lastIndex = at;
    const match = attributeAt.exec(source);
    if (!match) {
      spaceToEnd.lastIndex = at;
      if (spaceToEnd.test(source)) break;
      return undefined;
    }
    const key = match[1] ?? "";
    const written = decodeValue(match[2] ?? match[3] ?? "");
    const value = source.length < longTag ? written : detached(written);
    // XML 1.0 section 3.1: no attribute name may appear twice in a tag.
    if (Object.hasOwn(attrs, key) || dropped?.has(key)) throw new HallwayError("protocol-error");
    count += 1;
    if (!essential.has(key) && (count > limits.attributes || value.length > limits.value))
      (dropped ??= new Set()).add(key);
    else if (key === "__proto__")
      Object.defineProperty(attrs, key, { value, enumerable: true, writable: true, configurable: true });
    else attrs[key] = value;
    at += match[0].length;
  }
  return { name, attrs, trimmed: dropped !== undefined };
}

/** The name that a tag begins with; undefined: it begins with none. */
export function startName(source: string): string | undefined {
  nameAt.lastIndex = 0;
  return nameAt.test(source) ? source.slice(0, nameAt.lastIndex) : undefined;
}

/** The name in the inside of an end tag, after its slash; undefined: it is not well-formed. */
export function endName(source: string): string | undefined {
  const name = startName(source);
  if (name === undefined) return undefined;
  spaceToEnd.lastIndex = name.length;
  return spaceToEnd.test(source) ? name : undefined;
}

/** Is it a name that a namespace can be found for? */
export function isQualifiedName(name: string): boolean {
  return qualified.test(name);
}

const special = /[&\u0000-\u001F\uFFFE\uFFFF]/;

/** An attribute's value: white space in it reads as a space (XML 1.0 section 3.3.3). */
function decodeValue(raw: string): string {
  return special.test(raw) ? decodeText(raw.replace(/\r\n|[\t\r\n]/g, " "), false) : raw;
}

/**
 * Text with references replaced and line ends as XML has them (section 2.11). `literal`: CDATA, no references. Error:
 * `protocol-error`.
 */
export function decodeText(raw: string, literal: boolean): string {
  if (!special.test(raw)) return raw;
  if (forbidden.test(raw)) throw new HallwayError("protocol-error");
  const text = raw.includes("\r") ? raw.replace(/\r\n?/g, "\n") : raw;
  if (literal || !text.includes("&")) return text;
  return text.replace(/&([^;&]*)(;?)/g, (_, reference: string, end: string) => {
    if (end === "") throw new HallwayError("protocol-error");
    return dereference(reference);
  });
}

/** Can this be the start of a reference, of which the rest is still to come? */
export function beginsReference(text: string): boolean {
  return text.length <= 1024 && /^&(?:[a-z]{0,4}|#(?:[0-9]*|x[0-9A-Fa-f]*))$/.test(text);
}

function dereference(reference: string): string {
  switch (reference) {
    case "amp":
      return "&";
    case "lt":
      return "<";
    case "gt":
      return ">";
    case "quot":
      return '"';
    case "apos":
      return "'";
  }
  const number = /^#(?:x0*([0-9A-Fa-f]{1,6})|0*([0-9]{1,7}))$/.exec(reference);
  if (!number) throw new HallwayError("protocol-error");
  const code = number[1] === undefined ? Number.parseInt(number[2] ?? "", 10) : Number.parseInt(number[1], 16);
  const legal =
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff);
  if (!legal) throw new HallwayError("protocol-error");
  return String.fromCodePoint(code);
}
