import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { ArchivedPlace } from "../history/history.ts";

/** One reading of a server's archive, from a mark to its end. Its pages are stored in the order of the archive. */
export interface ServerArchiveRun {
  /**
   * When this device had heard all that stands in the archive before the mark, milliseconds since the epoch; undefined:
   * not known.
   */
  readonly heardUntil: number | undefined;
  /** The reading began right after the mark, not at a time near it. */
  readonly exact: boolean;
  /** Where the last archived message of each conversation stands. */
  readonly places: Map<ConversationId, number>;
}

/** Message after which the next archived one of a conversation is placed. */
export function archivedAfter(run: ServerArchiveRun | undefined, id: ConversationId): ArchivedPlace {
  return { heardUntil: run?.heardUntil, exact: run?.exact ?? false, after: run?.places.get(id) };
}
