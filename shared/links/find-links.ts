import { linkEnd } from "./link-end.ts";

/** A link in a text: where it stands, in UTF-16 units, and what it opens. */
export interface Link {
  readonly start: number;
  readonly end: number;
  readonly url: string;
}

/** Links beyond this number in one message stay plain text. */
const maxLinks = 200;
const maxUrlLength = 8192;
/**
 * Up to what cannot stand in an address: spaces, quotation marks, dashes between clauses, the punctuation of Chinese,
 * Japanese and Korean texts, which have no spaces, and what is not seen - but for joiners within a word or an emoji,
 * and the selectors of emoji.
 */
const candidate =
  /(?<![a-z0-9])(?:https?:\/\/|mailto:|www\.)(?:[^\s<>"“”„‟«»‘‚‹›❛❜❝❞❟❠`—―\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u3000-\u3004\u3008-\u3020\u3030\uFE10-\uFE1F\uFE30-\uFE6B\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65\uFFFC\uFFFD]|(?<=[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200C\u200D](?=[\p{L}\p{M}\p{Extended_Pictographic}])|(?<=[\p{Extended_Pictographic}0-9#*])[\uFE0E\uFE0F]|[\u{E0020}-\u{E007F}])+/giu;

/**
 * Finds the links in a message: http, https, mailto, and `www.` names, nothing else. The window makes these links, and
 * the content guard looks for the same ones, so that no message passes as one without a link and has one on the screen.
 * Punctuation that ends a sentence is not part of the link, nor is a closing bracket without its opening one.
 */
export function findLinks(body: string): Link[] {
  const links: Link[] = [];
  const looking = new RegExp(candidate);
  while (links.length < maxLinks) {
    const match = looking.exec(body);
    if (match === null) break;
    const end = match.index + linkEnd(match[0]);
    const url = urlOf(body.slice(match.index, end));
    if (url === undefined) continue;
    links.push({ start: match.index, end, url });
    // Another link may follow at once.
    looking.lastIndex = end;
  }
  return links;
}

/** The URL parser (WHATWG) that Node and browsers both have. */
const { URL } = globalThis as unknown as {
  readonly URL: new (
    text: string,
  ) => {
    readonly protocol: string;
    readonly hostname: string;
    readonly pathname: string;
    readonly username: string;
    readonly password: string;
    readonly href: string;
  };
};

function urlOf(text: string): string | undefined {
  const whole = /^www\./i.test(text) ? `https://${text}` : text;
  if (whole.length > maxUrlLength) return undefined;
  try {
    const url = new URL(whole);
    // A user name in a web address is a way to make one site look like another.
    if (url.protocol === "mailto:") return /^[^\s@]+@[^\s@]+$/u.test(url.pathname) ? url.href : undefined;
    return url.hostname !== "" && url.username === "" && url.password === "" ? url.href : undefined;
  } catch {
    return undefined;
  }
}
