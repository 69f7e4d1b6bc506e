import { nineDigitFinder } from "./nine-digits.ts";

/** Numbers that were printed in advertisements and are nobody's. */
const advertised = new Set(["078051120", "219099999", "457555462"]);

/**
 * US social security numbers: three, two and four digits (or in one piece beside a word that says so). Never issued:
 * area 000, 666 and 900 to 999, group 00, serial 0000 (Social Security Administration, number randomization rules of
 * 2011).
 */
export const findUsSsns = nineDigitFinder({
  grouped: /(?<!\d)\d{3}([ .-])\d{2}\1\d{4}(?!\d)/g,
  context: /(?<![a-z])(?:ssn|s\.s\.n|ss#|social security|securite sociale)(?![a-z])/,
  isValid: (digits) => !/^(?:000|666|9)|^...00|0000$/.test(digits) && !advertised.has(digits),
});
