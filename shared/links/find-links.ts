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
 * Up to what cannot stand in an address: spaces, quotation marks, dashes between clauses, and the punctuation of Chinese, Japanese and
 * Korean texts, which have no spaces.
 */
const candidate =
  /(?<![a-z0-9])(?:https?:\/\/|mailto:|www\.)[^\s<>"“”„‟«»‘‚‹›`—―\u0000-\u001F\u007F\u200B-\u200F\u2028-\u202E\u2060-\u2069\u3000-\u3004\u3008-\u3020\u3030\uFE10-\uFE1F\uFE30-\uFE4F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65]+/giu;
/** What ends a sentence or a marked text, in any script, rather than an address: punctuation without `/`, `#`, `%`, `&`, `@` and `\`. */
const closing = /(?![/#%&@\\])[\p{Po}\p{Pi}\p{Pf}\p{Ps}_~–|]/u;

/**
 * Finds the links in a message: http, https, mailto, and `www.` names, nothing else. The window makes these links, and the content
 * guard looks for the same ones, so that no message passes as one without a link and has one on the screen. Punctuation that ends a
 * sentence is not part of the link, nor is a closing bracket without its opening one.
 */
export function findLinks(body: string): Link[] {
  const links: Link[] = [];
  for (const match of body.matchAll(candidate)) {
    if (links.length === maxLinks) break;
    const text = trim(match[0]);
    const url = urlOf(text);
    if (url !== undefined) links.push({ start: match.index, end: match.index + text.length, url });
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

const brackets = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
] as const;

function trim(text: string): string {
  // Counted once: a message may end in thousands of brackets.
  const unopened = new Map<string, number>(brackets.map(([open, close]) => [close, text.split(close).length - text.split(open).length]));
  let end = text.length;
  for (;;) {
    const last = text.charAt(end - 1);
    const left = unopened.get(last) ?? 0;
    if (left > 0) unopened.set(last, left - 1);
    else if (!closing.test(last)) return text.slice(0, end);
    end--;
  }
}

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
