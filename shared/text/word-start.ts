const words = new Intl.Segmenter("und", { granularity: "word" });
/**
 * Length that is looked at before the piece that is wanted, in UTF-16 units, so that its first word is known from the
 * middle of one.
 */
const context = 64;

/**
 * Where a piece of a text begins that is to lead up to a place: at the beginning of a word, at most `longest` UTF-16
 * units before the place. Scripts without spaces have words, too (UAX #29 section 4, with the dictionaries of ICU). 0:
 * at the beginning of the text.
 */
export function wordStart(text: string, place: number, longest: number): number {
  if (place <= longest) return 0;
  const from = place - longest;
  const space = text.slice(from - 1, place).search(/\s\S/u);
  if (space !== -1) return from + space;
  const begun = Math.max(0, from - context);
  for (const { index, isWordLike } of words.segment(text.slice(begun, place)))
    if (begun + index >= from && isWordLike === true && index > 0) return begun + index;
  return place;
}
