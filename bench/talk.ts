import { seeded } from "./random.ts";

/** Messages made of words whose frequencies fall as those of a language do (Zipf), some with accents. */
export interface Talk {
  /** From the most frequent to the rarest. */
  readonly vocabulary: readonly string[];
  /** The next message: 1 to 30 words, 9 on average. */
  next(): string;
}

const vocabularySize = 20_000;
const starts = [
  "b",
  "c",
  "ch",
  "d",
  "f",
  "g",
  "h",
  "j",
  "l",
  "m",
  "n",
  "p",
  "pr",
  "qu",
  "r",
  "s",
  "st",
  "t",
  "tr",
  "v",
];
const middles = ["a", "e", "i", "o", "u", "é", "è", "ou", "ai", "ea"];
const ends = ["", "", "n", "r", "s", "t", "l", "nt", "ng", "st"];

/** `seed`: the same seed gives the same talk. */
export function createTalk(seed: number): Talk {
  const random = seeded(seed);
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? "";
  const known = new Set<string>();
  while (known.size < vocabularySize) {
    // Frequent words are short, rare ones long.
    const syllables = 1 + Math.floor(random() * Math.min(4, 1 + known.size / 400));
    let word = "";
    for (let i = 0; i < syllables; i++) word += pick(starts) + pick(middles) + pick(ends);
    known.add(word);
  }
  const vocabulary = [...known];
  // Drawing exp(u * ln n) gives rank r a probability of about 1 / r.
  const draw = (): string => vocabulary[Math.floor(Math.exp(random() * Math.log(vocabularySize))) - 1] ?? "";
  return {
    vocabulary,
    next() {
      const length = 1 + Math.floor(random() * random() * 30) + (random() < 0.5 ? 1 : 0);
      return Array.from({ length }, draw).join(" ");
    },
  };
}
