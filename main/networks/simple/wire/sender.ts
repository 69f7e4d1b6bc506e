import type { Address } from "../../../../shared/model/address.ts";
import { parseNameAddress, type SipRequest } from "./message.ts";
import { senderOfUri } from "./uri.ts";

/** Longest From that is read, in UTF-16 units: anybody can send one, and it is read for every request. */
const maxFrom = 4_096;
const quotedName = /^"(?:[^"\\]|\\.)*"[ \t]*/s;

/**
 * Whom a request is from; undefined for what is no address of a person, and for a From in which two readers find two
 * addresses. `serverPort`: as senderOfUri.
 */
export function senderOf(request: SipRequest, serverPort: number): Address | undefined {
  const from = request.headers.get("from") ?? "";
  return hasOneAddress(from) ? senderOfUri(parseNameAddress(from).uri, serverPort) : undefined;
}

/**
 * RFC 3261 section 25.1 `from-spec` with one address: a quoted name or one without quotes, and one pair of brackets; or
 * no brackets at all.
 */
function hasOneAddress(from: string): boolean {
  if (from.length > maxFrom) return false;
  const quoted = quotedName.exec(from)?.[0];
  return quoted === undefined
    ? /^[^"<>]*(?:<[^<>]*>[^<>]*)?$/.test(from)
    : /^<[^<>]*>[^<>]*$/.test(from.slice(quoted.length));
}
