import type { ErrorInfo } from "../../../shared/errors.ts";
import type { RecordedMessage } from "../recorded-message.ts";

/** What is fed to the archive of the organization: a message as it was stored, corrected or retracted. */
export interface ArchiveItem {
  /** The same thing has the same id, however often it is fed: receivers tell copies by it. */
  readonly id: string;
  readonly what: "message" | "correction" | "retraction";
  readonly message: RecordedMessage;
}

/** The feed to the organization's archive (ArchiveScope, ArchiveDestination, ArchiveFormat, ArchiveRequired). */
export interface Archive {
  /** Puts items into the durable queue, before the history is written. Resolves when they are on disk. What ArchiveScope leaves out is passed over. */
  add(items: readonly ArchiveItem[]): Promise<void>;
  /** Why nothing may be sent now: ArchiveRequired, and the archive does not take it. Undefined: it may. */
  readonly blocked: ErrorInfo | undefined;
  /**
   * ArchiveRequired: resolves when the archive has taken the own message with this id, at once where it need not. Waits while the
   * archive cannot be reached; rejects with `cancelled` when the signal says so.
   */
  taken(id: string, signal: AbortSignal): Promise<void>;
  onBlocked(listener: (blocked: ErrorInfo | undefined) => void): () => void;
}
