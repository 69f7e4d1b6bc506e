/** How people search; each kind is measured by itself and all together. */
export const searchKinds = ["frequent word", "rare word", "prefix", "two words", "in one conversation", "accents left out", "no hit"] as const;
export type SearchKind = (typeof searchKinds)[number];
