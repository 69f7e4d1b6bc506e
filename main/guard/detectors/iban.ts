import { isNumberAlone } from "../edges.ts";
import type { Finder, Span } from "../inspected-text.ts";

/** How long an IBAN of each country is (ISO 13616 registry, as SWIFT publishes it). */
const lengths: Readonly<Record<string, number>> = {
  ad: 24,
  ae: 23,
  al: 28,
  at: 20,
  az: 28,
  ba: 20,
  be: 16,
  bg: 22,
  bh: 22,
  bi: 27,
  br: 29,
  by: 28,
  ch: 21,
  cr: 22,
  cy: 28,
  cz: 24,
  de: 22,
  dj: 27,
  dk: 18,
  do: 28,
  ee: 20,
  eg: 29,
  es: 24,
  fi: 18,
  fk: 18,
  fo: 18,
  fr: 27,
  gb: 22,
  ge: 22,
  gi: 23,
  gl: 18,
  gr: 27,
  gt: 28,
  hn: 28,
  hr: 21,
  hu: 28,
  ie: 22,
  il: 23,
  iq: 23,
  is: 26,
  it: 27,
  jo: 30,
  kw: 30,
  kz: 20,
  lb: 28,
  lc: 32,
  li: 21,
  lt: 20,
  lu: 20,
  lv: 21,
  ly: 25,
  mc: 27,
  md: 24,
  me: 22,
  mk: 19,
  mn: 20,
  mr: 27,
  mt: 31,
  mu: 30,
  ni: 28,
  nl: 18,
  no: 15,
  om: 23,
  pk: 24,
  pl: 28,
  ps: 29,
  pt: 25,
  qa: 29,
  ro: 24,
  rs: 22,
  ru: 33,
  sa: 24,
  sc: 31,
  sd: 18,
  se: 24,
  si: 19,
  sk: 24,
  sm: 27,
  so: 23,
  st: 25,
  sv: 28,
  tl: 23,
  tn: 24,
  tr: 26,
  ua: 29,
  va: 22,
  vg: 24,
  xk: 20,
  ye: 30,
};

const start = /(?<![a-z0-9])[a-z]{2} ?\d\d/g;

/**
 * International bank account numbers (ISO 13616): a country that has them, its length, and the check digits (ISO/IEC
 * 7064 MOD 97-10).
 */
export const findIbans: Finder = (text) => {
  const found: Span[] = [];
  const { plain } = text;
  let covered = 0;
  for (const { index } of plain.matchAll(start)) {
    if (index < covered) continue;
    const end = ibanAt(plain, index);
    if (end === undefined) continue;
    found.push(text.original({ start: index, end }));
    covered = end;
  }
  return found;
};

/** Where the number that begins here ends; undefined: it is none. */
function ibanAt(plain: string, from: number): number | undefined {
  const length = lengths[plain.slice(from, from + 2)];
  if (length === undefined) return undefined;
  let number = "";
  let at = from;
  for (; number.length < length; at++) {
    const character = plain.charAt(at);
    if (/[a-z0-9]/.test(character)) number += character;
    // One blank or dash between two characters, as on paper.
    else if (!/[ .-]/.test(character) || !/[a-z0-9]/.test(plain.charAt(at + 1))) return undefined;
  }
  if (!isNumberAlone(plain, from, at)) return undefined;
  return passesMod97(number) ? at : undefined;
}

/**
 * ISO 13616 section 5: the first four characters go to the end, letters count 10 to 35, and the rest of a division by
 * 97 is 1.
 */
function passesMod97(number: string): boolean {
  let rest = 0;
  for (const character of number.slice(4) + number.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
