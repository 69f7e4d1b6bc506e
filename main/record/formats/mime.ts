import { type Address, domainOf, localOf } from "../../../shared/model/address.ts";
import { truncate } from "../../../shared/text/truncate.ts";
import { asciiDomain } from "../../addressing/parse-address.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import { hashOf, uriOf } from "./parties.ts";
import { oneLine } from "./plain.ts";

/** Longest value of a header of ours, in UTF-16 units; the whole of it is in the JSON part. */
const maxValue = 4000;
/** RFC 2047 section 2: an encoded-word has at most 75 characters; that leaves 45 bytes. */
const bytesInWord = 45;

/**
 * An unstructured header (RFC 5322 section 2.2.1), folded. Whatever is not printable ASCII goes as encoded-words (RFC
 * 2047), and control characters are taken out first: no value can begin a line.
 */
export function header(name: string, value: string): string {
  const line = truncate(oneLine(value), maxValue).toWellFormed();
  const isAscii = /^[\x21-\x7e]{1,900}( [\x21-\x7e]{1,900})*$/.test(line) && !line.includes("=?");
  return isAscii ? `${folded(`${name}: ${line}`)}\r\n` : `${name}: ${encodedWords(line).join("\r\n ")}\r\n`;
}

/** Lines of 78 where words allow it (RFC 5322 section 2.2.3). */
function folded(line: string): string {
  const [first = "", ...words] = line.split(" ");
  let result = first;
  let length = first.length;
  words.forEach((word, index) => {
    const fits = index === 0 || length + 1 + word.length <= 78;
    result += fits ? ` ${word}` : `\r\n ${word}`;
    length = fits ? length + 1 + word.length : 1 + word.length;
  });
  return result;
}

/** A parameter that may hold any text (RFC 2231 sections 3 and 4), in pieces where it is long. */
export function parameter(name: string, value: string): string {
  const escaped = Buffer.from(truncate(oneLine(value), maxValue))
    .toString("latin1")
    .replace(/[^\w.+-]/g, (byte) => `%${hexadecimal(byte)}`);
  const pieces = escaped.match(/(?:%..|[^%]){1,20}/g) ?? [""];
  if (pieces.length === 1) return `${name}*=utf-8''${pieces[0]}`;
  return pieces.map((piece, index) => `${name}*${index}*=${index === 0 ? "utf-8''" : ""}${piece}`).join("; ");
}

const bytesInHexadecimal = Array.from({ length: 256 }, (_, value) => value.toString(16).toUpperCase().padStart(2, "0"));

function hexadecimal(byte: string): string {
  return bytesInHexadecimal[byte.charCodeAt(0)] ?? "";
}

/** A header of addresses (RFC 5322 section 3.4), one to a line. */
export function addressHeader(
  name: string,
  addresses: readonly Address[],
  network: RecordedMessage["network"],
): string {
  if (addresses.length === 0) return `${name}: undisclosed-recipients:;\r\n`;
  return `${name}: ${addresses.map((address) => mailbox(address, network)).join(",\r\n ")}\r\n`;
}

/** The address as the URI of its network for people, and mapped to what mail can carry for programs. */
function mailbox(address: Address, network: RecordedMessage["network"]): string {
  const uri = oneLine(uriOf(address, network));
  const name = /^[\w:@.+-]{1,70}$/.test(uri) ? `"${uri}"` : encodedWords(uri).join("\r\n ");
  return `${name}\r\n <${mailAddress(address)}>`;
}

/**
 * An address of a network as one of mail. The local part stays where it is a dot-atom (RFC 5322 section 3.2.3), else
 * what is none is percent-encoded; where that is longer than RFC 5321 section 4.5.3.1.1 allows, a hash stands for it. A
 * domain that has no ASCII form goes the same way. The address itself is in the display name and in the JSON part.
 */
export function mailAddress(address: Address): string {
  const local = localOf(address);
  const domain = asciiDomain(domainOf(address));
  const dotAtom = /^[\w!#$&'*+\-/=?^`{|}~]+(\.[\w!#$&'*+\-/=?^`{|}~]+)*$/;
  let mapped = dotAtom.test(local) ? local : escaped(local);
  if (mapped === "" || mapped.length > 64) mapped = `h-${hashOf(local).slice(0, 32)}`;
  if (domain === undefined || !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(domain) || domain.length > 253) {
    const literal = /^\[([0-9a-f:.]{2,45})\]$/i.exec(domain ?? "");
    return literal ? `${mapped}@[IPv6:${literal[1]}]` : `${mapped}@h-${hashOf(domainOf(address)).slice(0, 32)}.invalid`;
  }
  return `${mapped}@${domain}`;
}

function escaped(local: string): string {
  return Buffer.from(local)
    .toString("latin1")
    .replace(/[^\w!#$&'*+\-/=?^`{|}~.]|^\.|\.$|\.(?=\.)/g, (byte) => `%${hexadecimal(byte)}`);
}

/** RFC 2047 section 4.1, cut between characters. */
function encodedWords(text: string): string[] {
  const words: string[] = [];
  let part = "";
  let size = 0;
  for (const character of text) {
    const bytes = Buffer.byteLength(character);
    if (size + bytes > bytesInWord) {
      words.push(part);
      part = "";
      size = 0;
    }
    part += character;
    size += bytes;
  }
  words.push(part);
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString("base64")}?=`);
}

/** A Message-ID (RFC 5322 section 3.6.4) from an id that is the same for the same thing. */
export function messageId(kind: "item" | "message" | "conversation" | "day", id: string): string {
  return `<${kind}.${/^[A-Za-z0-9-]{1,64}$/.test(id) ? id : hashOf(id)}@record.hallway.invalid>`;
}

/**
 * A text part with its headers (RFC 2045): quoted-printable, or base64 where that would be much longer. Lines end in
 * CRLF.
 */
export function textPart(text: string): string {
  const lines = text.replace(/\r\n?|\n/g, "\r\n");
  const type = "Content-Type: text/plain; charset=utf-8\r\n";
  return Buffer.byteLength(lines) > 1.25 * lines.length
    ? `${type}Content-Transfer-Encoding: base64\r\n\r\n${base64(lines)}`
    : `${type}Content-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(lines)}\r\n`;
}

/** An attached file of text with its headers. `name` is safe ASCII. */
export function filePart(type: string, name: string, text: string): string {
  return `Content-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(text)}`;
}

/** RFC 2045 section 6.8: lines of 76. */
function base64(text: string): string {
  const encoded = Buffer.from(text).toString("base64");
  const lines: string[] = [];
  for (let start = 0; start < encoded.length; start += 76) lines.push(encoded.slice(start, start + 76));
  lines.push("");
  return lines.join("\r\n");
}

/** RFC 2045 section 6.7. */
function quotedPrintable(text: string): string {
  return text
    .split("\r\n")
    .map((line) => (/^[\x20-\x3c\x3e-\x7e]{0,76}$/.test(line) && !line.endsWith(" ") ? line : quotedLine(line)))
    .join("\r\n");
}

function quotedLine(line: string): string {
  const encoded = Buffer.from(line)
    .toString("latin1")
    .replace(/[^\x20-\x3c\x3e-\x7e]| $/g, (byte) => `=${hexadecimal(byte)}`);
  const lines: string[] = [];
  let start = 0;
  // Rule 5: soft line breaks, never within an escape. A space before one is kept by the `=` after it.
  while (encoded.length - start > 76) {
    let end = start + 75;
    if (encoded[end - 1] === "=") end -= 1;
    else if (encoded[end - 2] === "=") end -= 2;
    lines.push(`${encoded.slice(start, end)}=`);
    start = end;
  }
  lines.push(encoded.slice(start));
  return lines.join("\r\n");
}
