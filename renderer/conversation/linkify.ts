/** A piece of a message: plain text, or text that opens a link. Joined, the texts are the message again. */
export interface Piece {
  readonly text: string;
  readonly url?: string;
}

/** Links beyond this number in one message stay plain text. */
const maxLinks = 200;
const maxUrlLength = 8192;
const candidate = /\b(?:https?:\/\/|mailto:|www\.)[^\s<>"“”«»\u0000-\u001F\u007F\u200B-\u200F\u2028-\u202E\u2060-\u2069]+/giu;

/**
 * Finds the links in a message: http, https, mailto, and `www.` names, nothing else. What is shown is exactly what was
 * written; only the address to open is completed. Punctuation that ends a sentence is not part of the link, nor is a
 * closing bracket without its opening one.
 */
export function linkify(body: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  let links = 0;
  for (const match of body.matchAll(candidate)) {
    if (links === maxLinks) break;
    const text = trim(match[0]);
    const url = urlOf(text);
    if (url === undefined) continue;
    if (match.index > end) pieces.push({ text: body.slice(end, match.index) });
    pieces.push({ text, url });
    end = match.index + text.length;
    links++;
  }
  if (end < body.length || pieces.length === 0) pieces.push({ text: body.slice(end) });
  return pieces;
}

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
    else if (!/[.,;:!?…'’"*_~]/u.test(last)) return text.slice(0, end);
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
