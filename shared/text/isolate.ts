/** Letters that are read from right to left, and characters that change the direction of what follows (UAX #9 sections 2 and 3.2). */
const turning =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\u200F\u202A-\u202E\u2066-\u2069\u061C\u0800-\u08FF]/u;
const [firstStrong, pop] = ["\u2068", "\u2069"];

/**
 * A text to be put into a sentence, so that its direction stays its own (UAX #9 section 2.7): without that a name in Arabic takes the
 * number beside it along. What a text opens ends with it, and it cannot end what it has not opened. A text of one direction stays as it is.
 */
export function isolate(text: string): string {
  if (!turning.test(text)) return text;
  let open = 0;
  let balanced = "";
  for (const character of text) {
    if (/[\u2066-\u2068]/.test(character)) open += 1;
    else if (character === pop) {
      if (open === 0) continue;
      open -= 1;
    }
    balanced += character;
  }
  return `${firstStrong}${balanced}${pop.repeat(open + 1)}`;
}
