import { matchEnd, matchStart } from "../../shared/model/message.ts";

/** Longest text before the first match that is shown, in UTF-16 units. */
const lead = 32;

/** A piece of a hit's text, and whether it is what was searched for. */
export interface SnippetPiece {
  readonly text: string;
  readonly match: boolean;
}

/** Splits a snippet at its marks. The marks never reach the screen, wherever they stand. */
export function snippetPieces(snippet: string): SnippetPiece[] {
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
  if (first !== undefined && !first.match && pieces.length > 1 && first.text.length > lead) {
    const cut = first.text.slice(-lead);
    pieces[0] = { text: `…${cut.slice(cut.indexOf(" ") + 1)}`, match: false };
  }
  return pieces;
}

export function Snippet({ snippet }: { readonly snippet: string }) {
  return (
    <span class="snippet" dir="auto">
      {snippetPieces(snippet).map((piece, index) => (piece.match ? <mark key={index}>{piece.text}</mark> : piece.text))}
    </span>
  );
}
