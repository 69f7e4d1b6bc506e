import type { IncomingMessage, MessageChange } from "./messages.ts";

/** Opaque place in a server's archive; JSON-safe, at most 4 kB. */
export type ArchiveMark = string;

/**
 * Takes a page of an archive: its messages, and what was changed about messages of this page or of earlier ones, each
 * in the order in which they came. `exact`: the reading began right after the message of `since`, not at a time near
 * it.
 */
export type ArchivePage = (
  messages: readonly IncomingMessage[],
  mark: ArchiveMark,
  changes: readonly MessageChange[],
  exact?: boolean,
) => Promise<void>;
