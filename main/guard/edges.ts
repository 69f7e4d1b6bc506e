/** Scripts that write no blanks between words: there a word has no edges to look for. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const letter = /[\p{L}\p{N}\p{M}]/u;
/**
 * Hangul, whose particles follow a word without a blank, and the consonants that begin a syllable of its decomposed
 * form.
 */
const hangul = /\p{Script=Hangul}/u;
const syllableStart = /[\u1100-\u115f\ua960-\ua97c]/u;
/**
 * Character that makes a number part of a code or a name: letters of the scripts that such codes are written in, and
 * digits.
 */
const codeCharacter = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]/u;

/**
 * Underscores around a word are its style, as in `_this_`; between two letters they join them. No more than these are
 * looked past.
 */
const maxStyle = 3;

/**
 * Whether a part of plain text is a word of its own: no letter goes on beyond either end, where the script has edges
 * between words.
 */
export function isWord(plain: string, start: number, end: number): boolean {
  return (
    isEdge(before(plain, start), characterAt(plain, start)) && isEdge(characterBefore(plain, end), after(plain, end))
  );
}

/**
 * Whether a number in plain text is no part of a code or a longer number. Many languages write words right beside it.
 */
export function isNumberAlone(plain: string, start: number, end: number): boolean {
  return !codeCharacter.test(before(plain, start)) && !codeCharacter.test(after(plain, end));
}

function isEdge(left: string, right: string): boolean {
  if (!letter.test(left) || !letter.test(right) || unspaced.test(left) || unspaced.test(right)) return true;
  return hangul.test(left) && syllableStart.test(right);
}

function before(plain: string, index: number): string {
  let at = index;
  while (index - at < maxStyle && plain.charAt(at - 1) === "_") at--;
  return characterBefore(plain, at);
}

function after(plain: string, index: number): string {
  let at = index;
  while (at - index < maxStyle && plain.charAt(at) === "_") at++;
  return characterAt(plain, at);
}

function characterAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function characterBefore(text: string, index: number): string {
  const low = text.charCodeAt(index - 1);
  return low >= 0xdc00 && low <= 0xdfff ? characterAt(text, index - 2) : text.charAt(index - 1);
}
