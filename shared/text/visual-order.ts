/** A character with its place in a text, in UTF-16 units. */
export interface PlacedCharacter {
  readonly character: string;
  readonly start: number;
  readonly end: number;
}

const override = "\u202E";
/** What begins or ends a stretch of its own (UAX #9 section 3.3.2): embeddings, overrides, isolates, their ends, and paragraphs. */
const boundary = /[\u202A-\u202D\u2066-\u2069\n\r\u0085\u2029]/;

/** Whether a text has a stretch that is shown back to front. */
export function hasOverride(text: string): boolean {
  return text.includes(override);
}

/** The characters of a text in their order, those of each right-to-left override (UAX #9 rule X4) turned round, as they are read. */
export function visualOrder(text: string): readonly PlacedCharacter[] {
  const all = placed(text);
  if (!hasOverride(text)) return all;
  const result: PlacedCharacter[] = [];
  for (let i = 0; i < all.length; ) {
    const one = all[i];
    if (one === undefined) break;
    i++;
    if (one.character !== override) {
      result.push(one);
      continue;
    }
    const from = i;
    while (i < all.length && !boundary.test(all[i]?.character ?? "") && all[i]?.character !== override) i++;
    result.push(...all.slice(from, i).reverse());
  }
  return result;
}

/** The characters of a text with their places. */
export function placed(text: string): readonly PlacedCharacter[] {
  const result: PlacedCharacter[] = [];
  let start = 0;
  for (const character of text) {
    result.push({ character, start, end: start + character.length });
    start += character.length;
  }
  return result;
}
