import type { BodyPart } from "../wire/body.ts";
import { parseParameters } from "../wire/message.ts";

/** Parts of one body that are read, at most. */
const maxParts = 50;
const maxHeaders = 50;

/**
 * The parts of a multipart body, in order (RFC 2046 section 5.1.1); what stands before, between and after them says
 * nothing.
 */
export function parseMultipart({ params, content }: Pick<BodyPart, "params" | "content">): readonly BodyPart[] {
  const boundary = params.get("boundary");
  if (boundary === undefined || boundary === "" || boundary.length > 70) return [];
  const text = `\n${Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("latin1")}`;
  const parts: BodyPart[] = [];
  const delimiter = `\n--${boundary}`;
  let at = text.indexOf(delimiter);
  while (at >= 0 && parts.length < maxParts && !text.startsWith("--", at + delimiter.length)) {
    const start = text.indexOf("\n", at + delimiter.length);
    if (start < 0) break;
    const next = text.indexOf(delimiter, start);
    parts.push(readPart(text.slice(start + 1, next < 0 ? undefined : next).replace(/\r$/, "")));
    at = next;
  }
  return parts;
}

/** Section 5.1: headers, an empty line, and the content; without Content-Type it is plain text. */
function readPart(text: string): BodyPart {
  const headers = new Map<string, string>();
  const blank = /^\r?\n|\r?\n\r?\n/.exec(text);
  const head = blank === null ? text : text.slice(0, blank.index);
  for (const line of head
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/)
    .slice(0, maxHeaders)) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const { value, params } = parseParameters(headers.get("content-type") ?? "text/plain");
  const content = blank === null ? "" : text.slice(blank.index + blank[0].length);
  return {
    type: value.toLowerCase(),
    params,
    headers,
    content: decodeTransfer(Buffer.from(content, "latin1"), headers.get("content-transfer-encoding")),
  };
}

/** Content without its transfer encoding (RFC 2045 section 6). */
export function decodeTransfer(content: Uint8Array, encoding: string | undefined): Uint8Array {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("latin1");
  switch (encoding?.toLowerCase()) {
    case "base64":
      return Buffer.from(text, "base64");
    case "quoted-printable":
      return Buffer.from(
        withoutSoftBreaks(text).replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        ),
        "latin1",
      );
    default:
      return content;
  }
}

/**
 * Section 6.7, rules 3 and 5: blanks at the end of a line are of the way, and `=` before the end of a line is no end. A
 * blank before that `=` is the text's. Line by line, so that a line of blanks alone costs no more than another.
 */
function withoutSoftBreaks(text: string): string {
  const lines = text.split("\n");
  return lines
    .map((whole, index) => {
      const isCrlf = whole.endsWith("\r");
      let end = isCrlf ? whole.length - 1 : whole.length;
      while (end > 0 && (whole[end - 1] === " " || whole[end - 1] === "\t")) end--;
      if (whole[end - 1] === "=") return whole.slice(0, end - 1);
      return `${whole.slice(0, end)}${isCrlf ? "\r" : ""}${index < lines.length - 1 ? "\n" : ""}`;
    })
    .join("");
}
