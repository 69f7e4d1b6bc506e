import { HallwayError } from "../../../../shared/errors.ts";

/** Names as XML has them, generous beyond ASCII; at most one colon. */
const nameAt = /[A-Za-z_\u0080-\uFFFF][\w.\-\u0080-\uFFFF]*(?::[A-Za-z_\u0080-\uFFFF][\w.\-\u0080-\uFFFF]*)?/y;
const attributeAt =
  /[ \t\r\n]+([A-Za-z_\u0080-\uFFFF][\w.\-\u0080-\uFFFF]*(?::[A-Za-z_\u0080-\uFFFF][\w.\-\u0080-\uFFFF]*)?)[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')/y;
const spaceToEnd = /[ \t\r\n]*$/y;
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;
const maxAttributes = 256;

/** The inside of a start tag, without its angle brackets and closing slash; undefined: it is not well-formed. Error: `protocol-error`. */
export function parseTag(source: string): { name: string; attrs: Record<string, string | undefined> } | undefined {
  nameAt.lastIndex = 0;
  if (!nameAt.test(source)) return undefined;
  const name = source.slice(0, nameAt.lastIndex);
  const attrs: Record<string, string | undefined> = {};
  let at = name.length;
  let count = 0;
  while (at < source.length) {
    attributeAt.lastIndex = at;
    const match = attributeAt.exec(source);
    if (!match) {
      spaceToEnd.lastIndex = at;
      if (spaceToEnd.test(source)) break;
      return undefined;
    }
    const key = match[1] ?? "";
    count += 1;
    // `__proto__` is a legal XML name and would be no own property.
    if (count > maxAttributes || key === "__proto__" || Object.hasOwn(attrs, key)) throw new HallwayError("protocol-error");
    attrs[key] = decodeValue(match[2] ?? match[3] ?? "");
    at += match[0].length;
  }
  return { name, attrs };
}

const special = /[&\u0000-\u001F\uFFFE\uFFFF]/;

/** An attribute's value: white space in it reads as a space (XML 1.0 section 3.3.3). */
function decodeValue(raw: string): string {
  return special.test(raw) ? decodeText(raw.replace(/\r\n|[\t\r\n]/g, " "), false) : raw;
}

/** Text with references replaced and line ends as XML has them (section 2.11). `literal`: CDATA, no references. Error: `protocol-error`. */
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
  const number = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(reference);
  if (!number) throw new HallwayError("protocol-error");
  const code = number[1] === undefined ? Number.parseInt(number[2] ?? "", 10) : Number.parseInt(number[1], 16);
  const legal =
    code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
  if (!legal) throw new HallwayError("protocol-error");
  return String.fromCodePoint(code);
}
