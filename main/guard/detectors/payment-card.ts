import { isNumberAlone } from "../edges.ts";
import type { Finder, InspectedText, Span } from "../inspected-text.ts";
import { passesLuhn } from "./luhn.ts";

/**
 * Issuer identification numbers in use: the first digits lie between the two (both included), and how long such numbers
 * are (ISO/IEC 7812-1).
 */
const issuers: readonly { readonly from: string; readonly to: string; readonly lengths: readonly number[] }[] = [
  { from: "4", to: "4", lengths: [13, 16, 19] }, // Visa
  { from: "51", to: "55", lengths: [16] }, // Mastercard
  { from: "2221", to: "2720", lengths: [16] },
  { from: "34", to: "34", lengths: [15] }, // American Express
  { from: "37", to: "37", lengths: [15] },
  { from: "6011", to: "6011", lengths: [16, 19] }, // Discover
  { from: "644", to: "649", lengths: [16, 19] },
  { from: "65", to: "65", lengths: [16, 19] },
  { from: "62", to: "62", lengths: [16, 17, 18, 19] }, // UnionPay
  { from: "81", to: "81", lengths: [16] },
  { from: "3528", to: "3589", lengths: [16, 19] }, // JCB
  { from: "300", to: "305", lengths: [14, 16] }, // Diners Club
  { from: "36", to: "36", lengths: [14] },
  { from: "38", to: "39", lengths: [14, 16] },
  { from: "2200", to: "2204", lengths: [16, 19] }, // Mir
  { from: "9792", to: "9792", lengths: [16] }, // Troy
  { from: "60", to: "60", lengths: [16] }, // RuPay
  { from: "508", to: "508", lengths: [16] },
  { from: "5018", to: "5018", lengths: [12, 13, 14, 15, 16, 17, 18, 19] }, // Maestro
  { from: "5020", to: "5020", lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: "5038", to: "5038", lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: "5893", to: "5893", lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: "6304", to: "6304", lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: "6759", to: "6763", lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
];

const maxDigits = 19;
/** Digits with at most one separator between two of them. */
const digitRun = /\d(?:(?: ?[-.] ?| )?\d)*/g;

interface Group {
  readonly start: number;
  readonly end: number;
  /** Separator before it in its run, without blanks around a dash. */
  readonly separator: string;
}

/**
 * Numbers of payment cards: a known issuer, the length that it uses, Luhn, and written as cards are written: in one
 * piece, or in groups that one kind of separator divides. A number that is part of a longer one, of a word or of a
 * decimal fraction is none.
 */
export const findPaymentCards: Finder = (text) => {
  const found: Span[] = [];
  for (const run of text.plain.matchAll(digitRun)) {
    if (run[0].length < 12) continue;
    const groups = groupsOf(run[0], run.index);
    for (let first = 0; first < groups.length; ) {
      const length = cardAt(text, groups, first);
      if (length > 0) found.push({ start: groups[first]?.start ?? 0, end: groups[first + length - 1]?.end ?? 0 });
      first += Math.max(1, length);
    }
  }
  return found.map((span) => text.original(span));
};

function groupsOf(run: string, offset: number): Group[] {
  const groups: Group[] = [];
  let end = 0;
  for (const match of run.matchAll(/\d+/g)) {
    const between = run.slice(end, match.index);
    groups.push({
      start: offset + match.index,
      end: offset + match.index + match[0].length,
      separator: between.trim() || between,
    });
    end = match.index + match[0].length;
  }
  return groups;
}

/** How many groups from this one on are the longest card number that begins here; 0: none does. */
function cardAt({ plain }: InspectedText, groups: readonly Group[], first: number): number {
  let digits = "";
  let best = 0;
  const separator = groups[first + 1]?.separator;
  for (let i = first; i < groups.length; i++) {
    const group = groups[i];
    if (!group || (i > first && group.separator !== separator)) break;
    digits += plain.slice(group.start, group.end);
    if (digits.length > maxDigits) break;
    const count = i - first + 1;
    // The cheap check first, which nine numbers of ten fail.
    if (digits.length < 12 || !passesLuhn(digits)) continue;
    if (isIssued(digits) && isWritten(groups, first, count) && standsAlone(plain, groups[first]?.start ?? 0, group.end))
      best = count;
  }
  return best;
}

function isIssued(digits: string): boolean {
  return issuers.some(({ from, to, lengths }) => {
    const start = digits.slice(0, from.length);
    return start >= from && start <= to && lengths.includes(digits.length);
  });
}

/** One piece; groups of 4, 2 or 1 of which the last may be shorter; 4-6-5 and 4-6-4. */
function isWritten(groups: readonly Group[], first: number, count: number): boolean {
  const sizes = groups.slice(first, first + count).map(({ start, end }) => end - start);
  const [size = 0, second] = sizes;
  if (count === 1) return true;
  if (count === 3 && size === 4 && second === 6) return true;
  return (
    (size === 4 || size === 2 || size === 1) &&
    sizes.every((other, index) => other === size || (index === count - 1 && other < size))
  );
}

function standsAlone(plain: string, start: number, end: number): boolean {
  const before = plain.slice(Math.max(0, start - 2), start);
  const after = plain.slice(end, end + 2);
  return isNumberAlone(plain, start, end) && !/\d[.,]$/.test(before) && !/^[.,]\d/.test(after);
}
