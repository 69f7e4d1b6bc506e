import type { InspectedText } from "./inspected-text.ts";

/** Small letters and signs that are drawn as digits, in some letter case or typeface. */
const drawn: Readonly<Record<string, string>> = { o: "0", i: "1", l: "1", "|": "1", з: "3", б: "6" };
/** Digits and such letters, with at most one separator between two of them. */
const run = /[\doil|зб]+(?:[ .-][\doil|зб]+)*/g;

/**
 * The text with letters as digits where most of a number is digits: `5105 1O51 0510 51OO`. None: no such letters.
 * For finders of numbers alone, which have a check of their own.
 */
export function withDrawnDigits(text: InspectedText): readonly InspectedText[] {
  const plain = text.plain.replace(run, (part) => {
    const digits = part.replace(/\D/g, "").length;
    const letters = part.replace(/[\d .-]/g, "").length;
    return letters > 0 && digits > letters ? part.replace(/[oil|зб]/g, (one) => drawn[one] ?? one) : part;
  });
  if (plain === text.plain) return [];
  const reading: InspectedText = {
    body: text.body,
    plain,
    visible: text.visible,
    original: (span) => text.original(span),
    originalOfVisible: (span) => text.originalOfVisible(span),
    disguised: [],
  };
  return [reading];
}
