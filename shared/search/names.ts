import { fold as foldForSearch } from "./fold.ts";
import { beginsUnspaced } from "./words.ts";

/**
 * Text as names and labels are searched, by the same rules as the history: case, accents, width and what is not seen
 * count for nothing.
 */
export function fold(text: string): string {
  return foldForSearch(text)
    .replace(/[\s\uE003\uE004]+/gu, " ")
    .trim();
}

/**
 * Whether every word of the query begins a word of the name, or stands anywhere in the address. Both are folded. In
 * scripts without spaces a word may begin anywhere.
 */
export function matches(query: string, name: string, address: string): boolean {
  return query
    .split(" ")
    .every((word) => address.includes(word) || (beginsUnspaced(word) ? name.includes(word) : beginsWord(name, word)));
}

function beginsWord(name: string, word: string): boolean {
  for (let at = name.indexOf(word); at !== -1; at = name.indexOf(word, at + 1))
    if (at === 0 || /[\s\p{P}\p{S}]/u.test(name.charAt(at - 1))) return true;
  return false;
}
