import { HallwayError } from "../../../shared/errors.ts";
import { type ContactRecord, contactId } from "../../../shared/model/contact.ts";
import type { ConversationPlace } from "../../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import { isChangeable } from "../../../shared/model/message-change.ts";
import type { History } from "../../history/history.ts";
import type { Tables } from "../../store/tables.ts";
import type { OutgoingSaying, SendStage } from "../outgoing.ts";

export interface AdmitParts {
  readonly tables: Tables;
  readonly history: Pick<History, "get">;
  /** Throws where nothing may be said to them; the network refuses it in any case. */
  readonly mayWrite: (place: ConversationPlace) => void;
  /** The person allows telling others what arrived and what was read, and that they are typing. */
  readonly sendReceipts: () => boolean;
  readonly sendTyping: () => boolean;
  readonly now: () => number;
}

/**
 * Admits what the person may say to them now. Errors: `not-found`, `message-empty`, `unsupported`, and those of
 * `mayWrite`. Signals that others are not to learn end here.
 */
export function admit(parts: AdmitParts): SendStage {
  const { tables, history, mayWrite, sendReceipts, sendTyping, now } = parts;

  /** Contact of a direct conversation; undefined for a room. */
  function contactAt({ kind, accountId, address }: ConversationPlace): ContactRecord | undefined {
    return kind === "direct" ? tables.get("contacts", contactId(accountId, address)) : undefined;
  }

  /**
   * Only people on the list learn that we are here, type or have read; an address that a conversation was opened with
   * is still a stranger's.
   */
  function isAcquainted(place: ConversationPlace): boolean {
    return contactAt(place)?.listed === true;
  }

  /** An own message that may still be changed, over an account that can say so. */
  async function changeable(item: Exclude<OutgoingSaying, { kind: "text" }>): Promise<MessageRecord> {
    const { conversationId, place, targetId, kind } = item;
    const record = await history.get(targetId);
    if (record?.conversationId !== conversationId || !isChangeable(record, now())) throw new HallwayError("not-found");
    if (!contactAt(place)) throw new HallwayError("not-found");
    const messages = tables.get("accounts", place.accountId)?.facets.messages;
    if (!(kind === "correction" ? messages?.correct : messages?.retract)) throw new HallwayError("unsupported");
    return record;
  }

  return async (item, next) => {
    const { place } = item;
    switch (item.kind) {
      case "receipt":
        return sendReceipts() && isAcquainted(place) ? next(item) : undefined;
      case "typing":
        return sendTyping() && isAcquainted(place) ? next(item) : undefined;
      case "text":
        if (!contactAt(place)) throw new HallwayError("not-found");
        if (item.body.trim() === "") throw new HallwayError("message-empty");
        mayWrite(place);
        return next(item);
      case "correction":
      case "retraction": {
        const target = await changeable(item);
        mayWrite(place);
        if (item.kind === "correction" && item.body.trim() === "") throw new HallwayError("message-empty");
        return next({ ...item, target, at: Math.max(item.at, target.at) });
      }
    }
  };
}
