import type { ErrorInfo } from "../../../shared/errors.ts";
import type { ConversationPlace } from "../../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { FedPlace } from "./archive-scope.ts";

/** Item fed to the archive of the organization: a message as it was stored, corrected or retracted. */
export interface FeedItem {
  /**
   * The same thing has the same id, however often and by whichever way it comes: receivers tell copies by it
   * (item-id.ts).
   */
  readonly id: string;
  readonly what: "message" | "correction" | "retraction";
  readonly message: RecordedMessage;
}

/** Something that the person said: a message, or (`kind`) a change of the message with the wire id `targetId`. */
export type OwnWords = Pick<MessageRecord, "id" | "conversationId" | "body" | "at"> & {
  readonly place: ConversationPlace;
  readonly kind?: "correction" | "retraction";
  readonly targetId?: string;
};

/** The feed to the organization's archive (ArchiveScope, ArchiveDestination, ArchiveFormat, ArchiveRequired). */
export interface ComplianceFeed {
  /**
   * Puts items into the durable queue. Called before the history is written: calls to the worker are carried out in
   * order, so nobody has to wait for this one. What ArchiveScope leaves out is passed over. Never rejects: what the
   * queue cannot take is kept in memory and tried again, and told (`blocked`, `onTrouble`).
   */
  add(items: readonly FeedItem[]): Promise<void>;
  /** Whether policy has this conversation archived. */
  covers(place: FedPlace): boolean;
  /** False while something that was added is in memory only, and is lost with the program. */
  readonly keeps: boolean;
  /** Why nothing may be sent now: ArchiveRequired, and the archive does not take it. Undefined: it may. */
  readonly blocked: ErrorInfo | undefined;
  /**
   * ArchiveRequired: resolves when the archive has taken this own message or change of one; undefined where it need not
   * be waited for. It waits while the archive cannot be reached. Rejects with `archive-refused` when the archive will
   * never take it, with `cancelled` when the signal says so.
   */
  taken(message: OwnWords, signal: AbortSignal): Promise<void> | undefined;
  /** `blocked`, or what is covered, has changed. Returns a disposer. */
  onChange(listener: () => void): () => void;
  /** Ends what is under way; what waits stays in the queue. */
  close(): Promise<void>;
}
