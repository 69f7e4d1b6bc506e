import { confusables } from "./confusables.ts";

const prototypes = new Map<string, string>(Object.entries(confusables).flatMap(([prototype, characters]) => [...characters].map((one) => [one, prototype])));

/** Letters of ASCII that are read for one another in a row of letters. */
const pairs: readonly (readonly [RegExp, string])[] = [
  [/0/g, "o"],
  [/[1|]/g, "l"],
  [/rn/g, "m"],
  [/vv/g, "w"],
];

/**
 * What a text looks like: two texts with the same skeleton are taken for one another (UTS #39 section 4, on a bounded table of
 * characters that look like ASCII, with `rn` for `m` and the like beside it). At most the first 500 characters count.
 */
export function skeleton(text: string): string {
  // Capitals first: a Cyrillic В looks like B, its small letter like nothing of ours.
  const capital = substituted(text.slice(0, 500).normalize("NFKC").replaceAll("I", "l"));
  let plain = substituted(capital.toLowerCase())
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]/gu, "");
  for (const [sign, like] of pairs) plain = plain.replace(sign, like);
  return plain;
}

function substituted(text: string): string {
  let out = "";
  for (const one of text) out += prototypes.get(one) ?? one;
  return out;
}
