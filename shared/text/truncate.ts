const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** UTF-16 units in which a character ends, if anybody is to read it; one that is longer is cut like anything else. */
const longestCharacter = 256;

/**
 * The beginning of a text in at most so many UTF-16 units, whole characters as people see them (UAX #29 section 3): no
 * flag, family or accented letter is cut in two.
 */
export function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  const segment = characters.segment(text.slice(0, length + longestCharacter)).containing(length);
  const end = segment !== undefined && length - segment.index < longestCharacter ? segment.index : length;
  return text.slice(0, end).replace(/[\uD800-\uDBFF]$/, "");
}

/** The same with an ellipsis where something is left out, within the length. */
export function ellipsized(text: string, length: number): string {
  return text.length <= length ? text : `${truncate(text, length - 1)}…`;
}

/** The first character as people see it, with its marks; empty where there is none. One that is endless is cut. */
export function firstCharacter(text: string): string {
  const [first] = characters.segment(text.slice(0, longestCharacter));
  return first?.segment ?? "";
}
