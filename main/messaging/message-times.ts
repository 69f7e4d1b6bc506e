import type { AccountId } from "../../shared/model/account.ts";
import { type ConversationId, directConversation } from "../../shared/model/conversation-id.ts";
import type { IncomingMessage } from "../networks/facets/messages.ts";
import type { Tables } from "../store/tables.ts";

/** Place of a message in its conversation, and what is told beside it. Milliseconds since the epoch. */
export interface MessageTime {
  /** Orders the conversation. */
  readonly at: number;
  /**
   * The stamp that it came with, where that is another time; without one the clock's time, where the place is ahead of
   * it. Never in the future.
   */
  readonly saidAt: number | undefined;
  /** The own server kept it for longer than the way of the wire takes. */
  readonly late: boolean;
}

/**
 * Times of messages. Live messages are ordered by arrival: none goes back behind what its conversation had when it
 * came, whatever its stamp says and wherever the clock was set. A stamp moves a message only where the own server says
 * that it kept the message (`delayed`), and no further back than the account was away: whoever sends can write any
 * stamp, in the name of any server. Other stamps are told beside the message. What an archive brings has the archive's
 * stamp; its order is kept by the history.
 *
 * A message that came while the clock was ahead keeps the next ones behind it, at its own time; each says when it was.
 */
export interface MessageTimes {
  /** Of a message that is typed now. */
  own(conversationId: ConversationId): Pick<MessageTime, "at" | "saidAt">;
  of(accountId: AccountId, message: Pick<IncomingMessage, "peer" | "at" | "delayed" | "via">): MessageTime;
}

/** Time after which a message counts as late; less is the way of the wire. */
const lateMs = 30_000;
/** Conversations of which the last time given out is remembered; the list knows the others. */
const maxRemembered = 1_000;

/** `earliest`: the first moment that the account's server can have kept a message from. */
export function createMessageTimes({
  tables,
  now,
  earliest,
}: {
  readonly tables: Tables;
  readonly now: () => number;
  readonly earliest: (accountId: AccountId) => number;
}): MessageTimes {
  /** The latest that was given out, for messages that are still on their way to the history. */
  const given = new Map<ConversationId, number>();

  function give(id: ConversationId, wanted: number): number {
    const at = Math.max(wanted, given.get(id) ?? 0, tables.get("conversations", id)?.last?.at ?? 0);
    given.delete(id);
    given.set(id, at);
    for (const oldest of given.keys()) {
      if (given.size <= maxRemembered) break;
      given.delete(oldest);
    }
    return at;
  }

  return {
    own(conversationId) {
      const time = now();
      const at = give(conversationId, time);
      return { at, saidAt: at > time ? time : undefined };
    },
    of(accountId, { peer, at: stamp, delayed, via }) {
      const time = now();
      if (via === "archive") return { at: Math.min(stamp ?? time, time), saidAt: undefined, late: false };
      const past = stamp !== undefined && stamp <= time ? stamp : undefined;
      const kept = delayed && past !== undefined && past >= earliest(accountId) ? past : undefined;
      const at = give(directConversation(accountId, peer), kept ?? time);
      const saidAt = past ?? (at > time ? time : undefined);
      return { at, saidAt: saidAt === at ? undefined : saidAt, late: kept !== undefined && time - kept > lateMs };
    },
  };
}
