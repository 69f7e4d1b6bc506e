import { matchEnd, matchStart } from "../../shared/model/message.ts";
import { wordStart } from "../../shared/text/word-start.ts";

/** Longest text before the first match that is shown, in UTF-16 units. */
const lead = 24;

/** A piece of a hit's text, and whether it is what was searched for. */
export interface SnippetPiece {
  readonly text: string;
  readonly match: boolean;
}

/** Splits a snippet at its marks. The marks never reach the screen, wherever they stand. */
export function snippetPieces(snippet: string, longestLead: number = lead): SnippetPiece[] {
  const pieces: SnippetPiece[] = [];
  let match = false;
  let text = "";
  const end = (): void => {
    if (text !== "") pieces.push({ text, match });
    text = "";
  };
  for (const character of snippet.replace(/\s+/gu, " ")) {
    if (character === matchStart || character === matchEnd) {
      end();
      match = character === matchStart;
    } else text += character;
  }
  end();
  const [first] = pieces;
  if (first !== undefined && !first.match && pieces.length > 1 && first.text.length > longestLead) {
    pieces[0] = { text: `…${first.text.slice(wordStart(first.text, first.text.length, longestLead))}`, match: false };
  }
  return pieces;
}

/** `whole`: all of it, not only as much as a line needs. */
export function Snippet({ snippet, whole = false }: { readonly snippet: string; readonly whole?: boolean }) {
  return (
    <span class="snippet" dir="auto">
      {snippetPieces(snippet, whole ? Number.POSITIVE_INFINITY : lead).map((piece, index) =>
        piece.match ? <mark key={index}>{piece.text}</mark> : piece.text,
      )}
    </span>
  );
}
