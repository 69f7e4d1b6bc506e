import { HallwayError } from "../../shared/errors.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { isLink, maxLinkLength } from "./link-schemes.ts";
import { parseAddress } from "./parse-address.ts";

/** Chat that a link of the desktop asks for. It only fills in: who opens it decides whether anything is sent. */
export interface DeepLink {
  /** Address as a person could have typed it, with the scheme of its network where the link names one. */
  readonly address: string;
  /** Text for the message field; absent: none. */
  readonly text?: string;
}

/** Longest text that a link fills in, in UTF-16 units. */
const maxTextLength = 1_000;
/** Actions of XEP-0147 that mean a chat with somebody; nothing else is acted on. */
const chatActions: readonly string[] = ["", "message", "chat"];

/**
 * Reads a link that the desktop hands over: `xmpp:alice@example.test?message;body=Hello` (RFC 5122, XEP-0147 section
 * 2), `sip:alice@example.test?body=Hello` (RFC 3261 section 19.1.1), `im:alice@example.test`, `pres:alice@example.test`
 * (RFC 3860, RFC 3859). A link that asks for anything but a chat (to join a room, to add or remove somebody, to run a
 * command) is refused, as is one with a character that no URI has (RFC 3986 section 2). Errors: `invalid-address`,
 * `unsupported`.
 */
export function readDeepLink(link: string): DeepLink {
  if (link.length > maxLinkLength || !isLink(link) || !/^[!#-;=?-Z\]_a-z~[]+$/.test(link))
    throw new HallwayError("invalid-address");
  const { address, protocol } = parseAddress(link);
  const query = /^[^?#]*\?([^#]*)/.exec(afterUser(link))?.[1] ?? "";
  const fields = protocol === "xmpp" ? ofAction(query) : query.split("&");
  const text = bodyOf(fields);
  const scheme = protocol === undefined ? "" : protocol === "xmpp" ? "xmpp:" : "sip:";
  return { address: `${scheme}${address}`, ...(text === "" ? {} : { text }) };
}

/** Part of the link behind the `@`, before which a question mark is a letter of a SIP name (RFC 3261 section 25.1). */
function afterUser(link: string): string {
  return link.slice(link.indexOf("@") + 1);
}

/** Fields of an XMPP link whose action means a chat: `?message;body=Hello` (RFC 5122 section 2.5). */
function ofAction(query: string): readonly string[] {
  const [action = "", ...fields] = query.split(";");
  if (!chatActions.includes(action.toLowerCase())) throw new HallwayError("unsupported");
  return fields;
}

/** Text of the first `body`, without control characters; empty where there is none or it is no UTF-8. */
function bodyOf(fields: readonly string[]): string {
  const field = fields.find((one) => /^body=/i.test(one));
  if (field === undefined) return "";
  try {
    const text = decodeURIComponent(field.slice("body=".length)).replace(/\r\n?/g, "\n");
    return truncate(text.replace(/(?!\n)\p{Cc}/gu, ""), maxTextLength).trim();
  } catch {
    return "";
  }
}
