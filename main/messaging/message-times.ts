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

/** Time after which a message counts as late; less is the way of the wire. */
const lateMs = 30_000;
/** Conversations of which the last time given out is remembered; the list knows the others. */
const maxRemembered = 1_000;

interface MessageTimesParts {
  readonly tables: Tables;
  readonly now: () => number;
  /** The first moment that the account's server can have kept a message from. */
  readonly earliest: (accountId: AccountId) => number;
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
export class MessageTimes {
  readonly #parts: MessageTimesParts;
  /** The latest that was given out, for messages that are still on their way to the history. */
  readonly #given = new Map<ConversationId, number>();

  constructor(parts: MessageTimesParts) {
    this.#parts = parts;
  }

  /** Of a message that is typed now. */
  own(conversationId: ConversationId): Pick<MessageTime, "at" | "saidAt"> {
    const time = this.#parts.now();
    const at = this.#give(conversationId, time);
    return { at, saidAt: at > time ? time : undefined };
  }

  of(
    accountId: AccountId,
    { peer, at: stamp, delayed, via }: Pick<IncomingMessage, "peer" | "at" | "delayed" | "via">,
  ): MessageTime {
    const { now, earliest } = this.#parts;
    const time = now();
    if (via === "archive") return { at: Math.min(stamp ?? time, time), saidAt: undefined, late: false };
    const past = stamp !== undefined && stamp <= time ? stamp : undefined;
    const kept = delayed && past !== undefined && past >= earliest(accountId) ? past : undefined;
    const at = this.#give(directConversation(accountId, peer), kept ?? time);
    const saidAt = past ?? (at > time ? time : undefined);
    return { at, saidAt: saidAt === at ? undefined : saidAt, late: kept !== undefined && time - kept > lateMs };
  }

  #give(id: ConversationId, wanted: number): number {
    const given = this.#given;
    const at = Math.max(wanted, given.get(id) ?? 0, this.#parts.tables.get("conversations", id)?.last?.at ?? 0);
    given.delete(id);
    given.set(id, at);
    for (const oldest of given.keys()) {
      if (given.size <= maxRemembered) break;
      given.delete(oldest);
    }
    return at;
  }
}
