import { isNumberAlone } from "../edges.ts";
import type { Finder, InspectedText, Span } from "../inspected-text.ts";

/** How far from a number in one piece the word that says what it is may stand, in UTF-16 units. */
const near = 60;

/**
 * A finder of identity numbers of nine digits. In groups such a number speaks for itself; in one piece it could be any
 * number, so a word nearby must say what it is.
 *
 * `grouped`: a number in its groups, divided twice by the same separator in group 1. `isValid`: of the nine digits.
 */
export function nineDigitFinder(options: {
  readonly grouped: RegExp;
  readonly context: RegExp;
  readonly isValid: (digits: string) => boolean;
}): Finder {
  return (text) => {
    const found: Span[] = [];
    for (const match of text.plain.matchAll(options.grouped)) {
      if (!options.isValid(match[0].replace(/\D/g, ""))) continue;
      const span = spanOf(match);
      if (isWhole(text, span, match[1] ?? "")) found.push(span);
    }
    for (const match of text.plain.matchAll(/(?<!\d)\d{9}(?!\d)/g)) {
      if (!options.isValid(match[0])) continue;
      const span = spanOf(match);
      if (!isWhole(text, span, "")) continue;
      const around = `${text.plain.slice(Math.max(0, match.index - near), match.index)} ${text.plain.slice(match.index + 9, match.index + 9 + near)}`;
      if (options.context.test(around)) found.push(span);
    }
    return found.sort((a, b) => a.start - b.start).map((span) => text.original(span));
  };
}

function spanOf(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length };
}

/** It is not a part of a word, of a fraction, or of a number with more groups. */
function isWhole({ plain }: InspectedText, { start, end }: Span, separator: string): boolean {
  const before = plain.slice(Math.max(0, start - 5), start);
  const after = plain.slice(end, end + 5);
  if (!isNumberAlone(plain, start, end) || /\d[.,]$/.test(before) || /^[.,]\d/.test(after)) return false;
  if (separator === "-") return !/\d-$/.test(before) && !/^-\d/.test(after);
  // Thousands in a row: 1 234 567 890.
  if (separator === " ") return !/(?:^|\D)\d{1,3} $/.test(before) && !/^ \d{3}(?:\D|$)/.test(after);
  return true;
}
