/** Text as it is searched: lower case, without accents. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether every word of the query begins a word of the name, or stands anywhere in the address. Both are folded. */
export function matches(query: string, name: string, address: string): boolean {
  return query.split(/\s+/).every((word) => word === "" || address.includes(word) || name.startsWith(word) || /[\s\p{P}]/u.test(charBefore(name, word)));
}

/** The character before the first place where the word begins a word; a letter when there is none. */
function charBefore(name: string, word: string): string {
  for (let at = name.indexOf(word); at !== -1; at = name.indexOf(word, at + 1)) {
    const before = name.charAt(at - 1);
    if (/[\s\p{P}]/u.test(before)) return before;
  }
  return "x";
}
