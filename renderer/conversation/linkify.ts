import { findLinks } from "../../shared/links/find-links.ts";

/** A piece of a message: plain text, or text that opens a link. Joined, the texts are the message again. */
export interface Piece {
  readonly text: string;
  readonly url?: string;
}

/** Divides a message at its links. What is shown is exactly what was written; only the address to open is completed. */
export function linkify(body: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const link of findLinks(body)) {
    if (link.start > end) pieces.push({ text: body.slice(end, link.start) });
    pieces.push({ text: body.slice(link.start, link.end), url: link.url });
    end = link.end;
  }
  if (end < body.length || pieces.length === 0) pieces.push({ text: body.slice(end) });
  return pieces;
}
