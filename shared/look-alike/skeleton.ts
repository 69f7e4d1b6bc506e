import { blank, invisible } from "../text/invisible.ts";
import { visualOrder } from "../text/visual-order.ts";
import { confusables } from "./confusables.ts";

const prototypes = new Map<string, string>(
  Object.entries(confusables).flatMap(([prototype, characters]) => [...characters].map((one) => [one, prototype])),
);

/** Letters of ASCII that are read for one another in a row of letters. */
const pairs: readonly (readonly [RegExp, string])[] = [
  [/0/g, "o"],
  [/[1|]/g, "l"],
  [/rn/g, "m"],
  [/vv/g, "w"],
];

/** Characters that count, of those that can be seen. */
const maxVisible = 500;

/**
 * Skeleton of a text: two texts with the same skeleton are taken for one another (UTS #39 section 4, on a bounded table
 * of characters that look like ASCII, with `rn` for `m` and the like beside it). Invisible characters and blanks do not
 * count, and text shown back to front is read that way.
 */
export function skeleton(text: string): string {
  // Capitals first: a Cyrillic В looks like B, its small letter like nothing of ours.
  const capital = substituted(visible(text).normalize("NFKC").replaceAll("I", "l"));
  let plain = substituted(capital.toLowerCase()).normalize("NFKD").replace(/\p{M}/gu, "");
  for (const [sign, like] of pairs) plain = plain.replace(sign, like);
  return plain;
}

/** The characters that can be seen, as they are read. Those that cannot do not push others out of what is looked at. */
export function visible(text: string): string {
  let out = "";
  let count = 0;
  for (const { character } of visualOrder(text)) {
    if (invisible.test(character) || blank.test(character)) continue;
    // Marks stand on the letter before them.
    if (!/\p{M}/u.test(character) && ++count > maxVisible) break;
    out += character;
  }
  return out;
}

/**
 * Prototype that a character looks like: a letter, digit or sign of ASCII, or more than one. Undefined: nothing of
 * ours.
 */
export function prototypeOf(character: string): string | undefined {
  return prototypes.get(character);
}

function substituted(text: string): string {
  let out = "";
  for (const one of text) out += prototypes.get(one) ?? one;
  return out;
}
