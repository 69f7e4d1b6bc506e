/** Word of single letters with one sign or blank between each, as people spell it or hide it. */
export interface SpelledWord {
  readonly letters: string;
  /** Where each letter stands in the plain text. */
  readonly places: readonly number[];
}

/** Fewer letters in a row are a list, initials or an abbreviation. */
export const fewestSpelled = 4;
/** Letters alone with a blank, dot, hyphen, asterisk, underscore, slash or comma between each. Linear: no part overlaps. */
const spelled = /(?<![\p{L}\p{N}])\p{L}(?:[ \n.\-*_/,]\p{L}(?![\p{L}\p{N}])){3,}/gu;

/** The spelled words of a plain text, in which white space is single blanks. Two next to each other are one. */
export function spelledWords(plain: string): readonly SpelledWord[] {
  return [...plain.matchAll(spelled)].map(({ 0: word, index }) => {
    const letters: string[] = [];
    const places: number[] = [];
    let at = index;
    for (const character of word) {
      if (/\p{L}/u.test(character)) {
        for (let unit = 0; unit < character.length; unit++) places.push(at + unit);
        letters.push(character);
      }
      at += character.length;
    }
    return { letters: letters.join(""), places };
  });
}
