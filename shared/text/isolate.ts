/**
 * Letters and digits that are read from right to left, and characters that change the direction of what follows (UAX #9
 * sections 2 and 3.2; the blocks are those of DerivedBidiClass.txt).
 */
const turning =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFE\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}\u200F\u202A-\u202E\u2066-\u2069]/u;
/** Where UAX #9 section 3.3.1 ends everything that is open. */
const paragraphEnd = /[\n\r\u001C-\u001E\u0085\u2029]+/g;
const [firstStrong, pop] = ["\u2068", "\u2069"];

/**
 * A text to be put into a sentence, so that its direction stays its own (UAX #9 section 2.7): without that a name in
 * Arabic takes the number beside it along. What a text opens ends with it, and it cannot end what it has not opened:
 * neither with a character of that kind nor with the end of a paragraph, which becomes a blank. A text of one direction
 * stays as it is.
 */
export function isolate(text: string): string {
  if (!turning.test(text)) return text;
  let open = 0;
  let balanced = "";
  for (const character of text.replace(paragraphEnd, " ")) {
    if (/[\u2066-\u2068]/.test(character)) open += 1;
    else if (character === pop) {
      if (open === 0) continue;
      open -= 1;
    }
    balanced += character;
  }
  return `${firstStrong}${balanced}${pop.repeat(open + 1)}`;
}
