import { matchEnd, matchStart } from "../../../shared/model/message.ts";
import { findMatches, type WordQuery } from "../../../shared/search/query.ts";
import { truncate } from "../../../shared/text/truncate.ts";
import { wordStart } from "../../../shared/text/word-start.ts";

// biome-ignore lint/performance/noBarrelFile: the store's one door to the words that it shares with the window
export { hasPhrases, matches, parseQuery, type WordQuery } from "../../../shared/search/query.ts";

/** How long a snippet is, in UTF-16 units, and how much of it stands before the first match. */
const snippetLength = 160;
const snippetLead = 40;

/** A piece of the body around the first match, which begins at a word, with each match between U+E000 and U+E001. */
export function snippet(body: string, query: WordQuery): string {
  const found = findMatches(body, query);
  const first = found.next().value ?? { start: 0, end: 0 };
  const start = wordStart(body, first.start, snippetLead);
  const rest = truncate(body.slice(start), snippetLength);
  const end = start + rest.length;
  let result = start > 0 ? "…" : "";
  let at = start;
  for (const place of [first, ...within(found, end)]) {
    // A match that is longer than the snippet is marked as far as it is shown.
    const shown = Math.min(place.end, end);
    if (shown <= place.start) continue;
    result += `${clean(body.slice(at, place.start))}${matchStart}${clean(body.slice(place.start, shown))}${matchEnd}`;
    at = shown;
  }
  return `${result}${clean(body.slice(at, end))}${end < body.length ? "…" : ""}`;
}

function* within(
  found: Iterable<{ readonly start: number; readonly end: number }>,
  end: number,
): Generator<{ readonly start: number; readonly end: number }> {
  for (const place of found) {
    if (place.start >= end) return;
    yield place;
  }
}

/** As much of the beginning of a body as a snippet holds, for a hit in which no word was looked for. */
export function beginning(body: string): string {
  return body.length <= snippetLength ? clean(body) : `${clean(truncate(body, snippetLength))}…`;
}

/** The body must not bring marks of its own. */
function clean(text: string): string {
  return text.replaceAll(matchStart, "").replaceAll(matchEnd, "");
}
