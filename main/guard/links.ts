import { findLinks } from "../../shared/links/find-links.ts";
import { type InspectedText, readingsOf } from "./inspected-text.ts";

/**
 * Text that a person or another program could take for a link, also where this window makes none of it: any scheme,
 * `www.`, `mailto:`, and the back slashes that browsers take for slashes.
 */
const link = /(?:[a-z][a-z0-9+.-]{0,30}:\/\/|https?:[\\/]{2}|mailto:|(?<![\p{L}\p{N}])www\.)[^\s<>"]/iu;

/** Sign that every link has: most messages have none of it, and are not looked through further. */
const sign = /:[\\/]{2}|mailto:|www\./i;

/** Whether a text holds a link: every one that the window makes, and whatever looks like one behind a disguise. */
export function holdsLink(text: InspectedText): boolean {
  const { body } = text;
  if (sign.test(body) && (findLinks(body).length > 0 || link.test(body))) return true;
  return readingsOf(text).some(({ plain, visible }) =>
    [visible, plain].some((one) => one !== body && sign.test(one) && link.test(one)),
  );
}
