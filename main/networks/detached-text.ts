/** V8 copies shorter slices; longer ones point into the text that they were cut from. */
const shortest = 13;

/**
 * The same text, as a copy that keeps nothing else in memory. A slice of a string keeps the whole string: a note of
 * twenty letters would keep the 64 kB that it came in, as long as the note is remembered. For everything from the wire
 * that outlives its message.
 */
export function detached(text: string): string {
  if (text.length < shortest) return text;
  return text.isWellFormed() ? Buffer.from(text).toString() : Buffer.from(text, "utf16le").toString("utf16le");
}
