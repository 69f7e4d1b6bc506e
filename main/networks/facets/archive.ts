import type { IncomingMessage, MessageChange } from "./messages.ts";

/** The server's archive of the account's conversations. */
export interface ArchiveFacet {
  /**
   * Reads the archive from `since` (all of the last 30 days when undefined) to now, oldest page first. `page` is
   * awaited, so it slows the reading down. `mark`: hand it back next time; only after its page was kept.
   */
  catchUp(since: ArchiveMark | undefined, page: ArchivePage, signal: AbortSignal): Promise<void>;
  /**
   * The mark of a message that the archive has under this id and that came live at about `at`: a reading since it
   * begins after the message.
   */
  markAt(archiveId: string, at: number): ArchiveMark;
}

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
