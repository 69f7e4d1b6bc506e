import type { Address } from "../../../shared/model/address.ts";
import { parseNameAddress, type SipRequest } from "./message.ts";
import { senderOfUri } from "./uri.ts";

/** RFC 3261 section 25.1 `from-spec` with one address: a quoted name or one without quotes, and one pair of brackets; or no brackets at all. */
const single = /^(?:(?:"(?:[^"\\]|\\.)*"|[^"<>]*)[ \t]*<[^<>]*>[^<>]*|[^"<>]*)$/s;

/**
 * Whom a request is from; undefined for what is no address of a person, and for a From in which two readers find two addresses.
 * `serverPort`: as senderOfUri.
 */
export function senderOf(request: SipRequest, serverPort: number): Address | undefined {
  const from = request.headers.get("from") ?? "";
  return single.test(from) ? senderOfUri(parseNameAddress(from).uri, serverPort) : undefined;
}
