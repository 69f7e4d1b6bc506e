import { RE2JS } from "re2js";
import { HallwayError } from "../../shared/errors.ts";
import type { Span } from "./inspected-text.ts";

/**
 * A regular expression under RE2 semantics: no back references, no look-around, and never more than time in proportion
 * to the text.
 */
export interface Pattern {
  /** Throws `too-large` where even that would hold up the program. */
  test(body: string): boolean;
  /** Every place, at most `maxPlaces`; the whole body where there are more. Throws as `test` does. */
  find(body: string): readonly Span[];
}

/** Largest compiled expression, in instructions; a usual one has some dozens. */
const maxInstructions = 2_000;
/** Most instructions times UTF-16 units of text: some tenths of a second at the very worst. */
const maxWork = 10_000_000;
/**
 * Places that are told apart, and how long that may take in milliseconds: each costs a search of its own, to the end of
 * the text at worst.
 */
const maxPlaces = 500;
const maxSearch = 50;

/** Compiles it; throws `policy-invalid` for what is no RE2 expression, or a larger one than is allowed. */
export function compilePattern(pattern: string, ignoreCase: boolean): Pattern {
  const compiled = compile(pattern, ignoreCase);
  const size = compiled.programSize();
  if (size > maxInstructions) throw new HallwayError("policy-invalid");

  function check(body: string): void {
    if (size * body.length > maxWork) throw new HallwayError("too-large");
  }

  return {
    test(body) {
      check(body);
      return compiled.test(body);
    },
    find(body) {
      check(body);
      if (!compiled.test(body)) return [];
      const found: Span[] = [];
      const matcher = compiled.matcher(body);
      const deadline = performance.now() + maxSearch;
      while (found.length < maxPlaces && performance.now() < deadline) {
        if (!matcher.find()) return found;
        const span = { start: matcher.start(), end: matcher.end() };
        if (span.end > span.start) found.push(span);
      }
      return [{ start: 0, end: body.length }];
    },
  };
}

function compile(pattern: string, ignoreCase: boolean): RE2JS {
  try {
    return RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    throw new HallwayError("policy-invalid", undefined, error);
  }
}
