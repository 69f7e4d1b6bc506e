import type { IncomingMessage, MessageChange } from "./messages.ts";

/** The server's archive of the account's conversations. */
export interface ArchiveFacet {
  /**
   * Reads the archive from `since` (all of the last 30 days when undefined) to now, oldest page first. `take` is
   * awaited, so it slows the reading down.
   */
  catchUp(
    since: ArchiveMark | undefined,
    take: (page: ArchivePage) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * The mark of a message that the archive has under this id and that came live at about `at`: a reading since it
   * begins after the message.
   */
  markAt(archiveId: string, at: number): ArchiveMark;
}

/** Opaque place in a server's archive; JSON-safe, at most 4 kB. */
export type ArchiveMark = string;

/** A page of an archive; messages and changes are each in the order in which they came. */
export interface ArchivePage {
  readonly messages: readonly IncomingMessage[];
  /** Changes of messages of this page or of earlier ones. */
  readonly changes: readonly MessageChange[];
  /** End of the page: the next reading may begin here once the page was kept. */
  readonly mark: ArchiveMark;
  /** The reading began right after the message of `since`, not at a time near it. */
  readonly exact: boolean;
}
