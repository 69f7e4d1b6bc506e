/**
 * Where a link ends in a text that goes on without white space: before a bracket that it does not open, before the next
 * link, before words that cannot be part of its host, and before punctuation, emoji and quotation marks that belong to
 * the sentence.
 */
export function linkEnd(text: string): number {
  let end = hostEnd(text.slice(0, bracketEnd(text)));
  for (;;) {
    const emoji = trailingEmoji(text, end);
    if (emoji > 0) end -= emoji;
    else if (isPunctuation(text, end)) end--;
    else return end;
  }
}

/**
 * The opening bracket of each closing one, as Unicode pairs them (BidiBrackets.txt), as far as people put links between
 * them.
 */
const openings: ReadonlyMap<string, string> = new Map(
  [
    "()",
    "[]",
    "{}",
    "⟨⟩",
    "〈〉",
    "⟪⟫",
    "⟦⟧",
    "❨❩",
    "❪❫",
    "❬❭",
    "❮❯",
    "❰❱",
    "❲❳",
    "❴❵",
    "⁽⁾",
    "₍₎",
    "⦅⦆",
    "⸨⸩",
    "⁅⁆",
    "༺༻",
    "༼༽",
    "᚛᚜",
  ].map(([open = "", close = ""]) => [close, open]),
);
const opens: ReadonlySet<string> = new Set(openings.values());
/**
 * Between two links without a blank: where a list goes on, and behind what no address has unencoded before another one.
 */
const nextLink =
  /(?:[,;\|]|[[\p{P}\p{Sm}]--[\0-\x7f]])(?=https?:\/\/|mailto:|www\.)|(?<=[^\0-\x7f])(?=https?:\/\/|mailto:)/iv;

function bracketEnd(text: string): number {
  const next = text.search(nextLink);
  const longest = next === -1 ? text.length : next;
  const open = new Map<string, number>();
  for (let at = 0; at < longest; at++) {
    const character = text.charAt(at);
    if (opens.has(character)) open.set(character, (open.get(character) ?? 0) + 1);
    const opening = openings.get(character);
    if (opening === undefined) continue;
    const left = open.get(opening) ?? 0;
    if (left === 0) return at;
    open.set(opening, left - 1);
  }
  return longest;
}

const authority = /^(?:https?:\/\/|(?=www\.))([^/?#]*)/iu;
/**
 * No top-level domain mixes letters of ASCII with those of a script other than Latin, and no port is followed by
 * letters. Other labels may: behind one the host goes on.
 */
const behindHost =
  /^((?:[^\s.]+\.)+?[a-z]{2,}(?::\d{1,5})?)(?=[[\p{L}\p{M}]--[\p{scx=Latin}\p{scx=Inherited}]](?:(?!www\.)[^.])*(?:$|www\.|\.(?![\p{L}\p{N}])))/iv;

/** Texts in Chinese, Japanese or Korean go on behind a host without a blank. */
function hostEnd(text: string): number {
  const match = authority.exec(text);
  if (match === null) return text.length;
  const [whole, host = ""] = match;
  const shorter = behindHost.exec(host)?.[1];
  return shorter === undefined ? text.length : whole.length - host.length + shorter.length;
}

const oneEmoji =
  /(?:\p{RI}\p{RI}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}[\uFE0E\uFE0F]?\p{Emoji_Modifier}?(?:[\u{E0020}-\u{E007E}]+\u{E007F})?(?:\u200D\p{Extended_Pictographic}[\uFE0E\uFE0F]?\p{Emoji_Modifier}?)*)$/u;
const longestEmoji = 40;

/**
 * The length of an emoji that follows a link; 0: there is none. Behind a delimiter of URLs it is what the link is
 * about; a sign without a picture of its own that is a letter or a mark (as © may be) is part of it, too.
 */
function trailingEmoji(text: string, end: number): number {
  const found = oneEmoji.exec(text.slice(Math.max(0, end - longestEmoji), end))?.[0];
  if (found === undefined || !/\p{Emoji_Presentation}|\uFE0F|\u20E3|[\u2600-\u27BF\u{1F000}-\u{1FAFF}]/u.test(found))
    return 0;
  return /[/=?&#]/.test(text.charAt(end - found.length - 1)) ? 0 : found.length;
}

/**
 * Characters that end a sentence or a marked text, in any script, rather than an address: punctuation without `/`, `#`,
 * `%`, `&`, `@` and `\`.
 */
const closing = /(?![/#%&@\\])[\p{Po}\p{Pi}\p{Pf}\p{Ps}_~–|]/u;

function isPunctuation(text: string, end: number): boolean {
  return closing.test(text.charAt(end - 1));
}
