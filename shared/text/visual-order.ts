/** A character with its place in a text, in UTF-16 units. */
export interface PlacedCharacter {
  readonly character: string;
  readonly start: number;
  readonly end: number;
}

const override = "\u202E";

/**
 * Characters that begin a stretch of their own (UAX #9 sections 2.1 to 2.4): whether it reads from right to left, and
 * whether its letters are made to.
 */
const openings: Readonly<
  Record<string, { readonly rightToLeft: boolean; readonly overrides: boolean; readonly isolates: boolean }>
> = {
  "\u202A": { rightToLeft: false, overrides: false, isolates: false },
  "\u202B": { rightToLeft: true, overrides: false, isolates: false },
  "\u202D": { rightToLeft: false, overrides: true, isolates: false },
  [override]: { rightToLeft: true, overrides: true, isolates: false },
  "\u2066": { rightToLeft: false, overrides: false, isolates: true },
  "\u2067": { rightToLeft: true, overrides: false, isolates: true },
  "\u2068": { rightToLeft: false, overrides: false, isolates: true },
};
const endOfEmbedding = "\u202C";
const endOfIsolate = "\u2069";
const endOfParagraph = /[\n\r\u0085\u2029]/;
/** UAX #9 section 3.1.2 (BD2): what is nested more deeply is part of what it stands in. */
const maxDepth = 125;

/** Whether a text has a stretch that is shown back to front. */
export function hasOverride(text: string): boolean {
  return text.includes(override);
}

/**
 * The characters of a text as they are read, those of right-to-left overrides turned round (UAX #9 rules X1 to X8 and
 * L2). What is not overridden stays in its order, whatever its direction: Latin letters and digits do.
 */
export function visualOrder(text: string): readonly PlacedCharacter[] {
  const all = placed(text);
  if (!hasOverride(text)) return all;
  const lines: (readonly PlacedCharacter[])[] = [];
  let line: PlacedCharacter[] = [];
  let levels: number[] = [];
  let stack: Stretch[] = [];
  for (const one of all) {
    const { character } = one;
    const { level, overrides } = stack.at(-1) ?? outside;
    if (endOfParagraph.test(character)) {
      lines.push(turned(line, levels), [one]);
      [line, levels, stack] = [[], [], []];
    } else if (character in openings) {
      stack.push(stretchOf(character, level, stack.length));
    } else if (character === endOfEmbedding) {
      if (stack.at(-1)?.isolates === false) stack.pop();
    } else if (character === endOfIsolate) {
      const isolate = stack.findLastIndex(({ isolates }) => isolates);
      if (isolate >= 0) stack.length = isolate;
    } else {
      line.push(one);
      levels.push(overrides || level % 2 === 0 ? level : level + 1);
    }
  }
  lines.push(turned(line, levels));
  return lines.flat();
}

/** Even levels read from left to right, odd ones from right to left. */
interface Stretch {
  readonly level: number;
  readonly overrides: boolean;
  readonly isolates: boolean;
}

const outside: Stretch = { level: 0, overrides: false, isolates: false };

function stretchOf(opening: string, level: number, depth: number): Stretch {
  const { rightToLeft = false, overrides = false, isolates = false } = openings[opening] ?? {};
  if (depth >= maxDepth) return { level, overrides, isolates };
  return { level: (level % 2 === 1) === rightToLeft ? level + 2 : level + 1, overrides, isolates };
}

/** Rule L2: from the highest level down to 1, every run of at least that level is reversed. */
function turned(line: readonly PlacedCharacter[], levels: readonly number[]): readonly PlacedCharacter[] {
  const order = line.map((_, index) => index);
  for (let level = Math.max(0, ...new Set(levels)); level > 0; level--) {
    for (let start = 0; start < order.length; start++) {
      let end = start;
      while (end < order.length && (levels[order[end] ?? 0] ?? 0) >= level) end++;
      for (let [left, right] = [start, end - 1]; left < right; left++, right--)
        [order[left], order[right]] = [order[right] ?? 0, order[left] ?? 0];
      start = end;
    }
  }
  return order.flatMap((index) => line[index] ?? []);
}

/** The characters of a text with their places. */
export function placed(text: string): readonly PlacedCharacter[] {
  const result: PlacedCharacter[] = [];
  let start = 0;
  for (const character of text) {
    result.push({ character, start, end: start + character.length });
    start += character.length;
  }
  return result;
}
