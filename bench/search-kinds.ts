/** How people search; each kind is measured by itself and all together. */
export const searchKinds = [
  "frequent word",
  "rare word",
  "prefix",
  "two words",
  "in one conversation",
  "accents left out",
  "no hit",
  "from a person, without words",
  "from a person, with a word",
  "by oneself, with a word",
  "on a day, without words",
  "on a day long ago, with a word",
  "from a person, before a month",
] as const;
export type SearchKind = (typeof searchKinds)[number];
