/**
 * Schemes of the links that Hallway opens: `xmpp` (RFC 5122), `sip` and `sips` (RFC 3261 section 19.1), `im` (RFC 3860)
 * and `pres` (RFC 3859).
 */
export const linkSchemes = ["xmpp", "sip", "sips", "im", "pres"] as const;

/** Longest link that is read, in UTF-16 units. */
export const maxLinkLength = 2_048;

const begin = new RegExp(`^(?:${linkSchemes.join("|")}):`, "i");

/** True for a text that begins like such a link, readable or not: a desktop hands it to Hallway as an argument. */
export function isLink(text: string): boolean {
  return begin.test(text);
}
