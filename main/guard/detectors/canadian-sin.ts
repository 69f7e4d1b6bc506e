import { passesLuhn } from "./luhn.ts";
import { nineDigitFinder } from "./nine-digits.ts";

/**
 * Canadian social insurance numbers: nine digits in threes (or in one piece beside a word that says so), the first not
 * 0 (never issued) or 8 (business numbers), and Luhn.
 */
export const findCanadianSins = nineDigitFinder({
  grouped: /(?<!\d)\d{3}([ .-])\d{3}\1\d{3}(?!\d)/g,
  context: /(?<![a-z])(?:sin|nas|s\.i\.n|n\.a\.s|social insurance|assurance sociale)(?![a-z])/,
  isValid: (digits) => !/^[08]/.test(digits) && passesLuhn(digits),
});
