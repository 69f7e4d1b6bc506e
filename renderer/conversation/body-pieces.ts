import { findMatches, type MatchPlace, type WordQuery } from "../../shared/search/query.ts";
import { linkify } from "./linkify.ts";

/** Text within a piece, and whether it is what was searched for. */
export interface Run {
  readonly text: string;
  readonly match: boolean;
}

/** Plain text or the text of a link. Joined, the runs of all pieces are the message again. */
export interface BodyPiece {
  readonly runs: readonly Run[];
  readonly url?: string;
}

/** Places beyond this number in one message stay unmarked. */
const maxMatches = 200;

/** Divides a message at its links (`links`), and within at what was searched for, if anything was. */
export function bodyPieces(
  body: string,
  { links, query }: { readonly links: boolean; readonly query: WordQuery | undefined },
): readonly BodyPiece[] {
  const places: MatchPlace[] = [];
  if (query)
    for (const place of findMatches(body, query)) {
      if (places.length === maxMatches) break;
      places.push(place);
    }
  let start = 0;
  return (links ? linkify(body) : [{ text: body }]).map(
    ({ text, url }: { readonly text: string; readonly url?: string }) => {
      const runs = runsOf(text, start, places);
      start += text.length;
      return url === undefined ? { runs } : { runs, url };
    },
  );
}

/** `start`: where the text stands in that of the places. */
function runsOf(text: string, start: number, places: readonly MatchPlace[]): Run[] {
  const runs: Run[] = [];
  let at = 0;
  const add = (to: number, match: boolean): void => {
    if (to > at) runs.push({ text: text.slice(at, to), match });
    at = Math.max(at, to);
  };
  for (const place of places) {
    if (place.end <= start || place.start >= start + text.length) continue;
    add(place.start - start, false);
    add(Math.min(text.length, place.end - start), true);
  }
  add(text.length, false);
  return runs;
}
