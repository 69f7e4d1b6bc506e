import type { RequestRecord } from "../../../shared/model/contact.ts";
import { contactId } from "../../../shared/model/contact.ts";
import type { ConversationId } from "../../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import type { History } from "../../history/history.ts";
import type { IncomingMessage } from "../../networks/facets/messages.ts";
import type { Conversations, Counted } from "../../store/conversations.ts";
import type { Requests } from "../../store/requests.ts";
import { conversationOf, type Delivery, type Outcome, type ReceiveStage } from "../delivery.ts";

export interface PublishParts {
  readonly history: Pick<History, "markRead">;
  readonly conversations: Conversations;
  readonly requests: Requests;
}

/** Brings the conversation list, open conversations and Requests up to date with what was stored. */
export function publish({ history, conversations, requests }: PublishParts): ReceiveStage {
  type Message = Extract<Outcome, { kind: "message" }>;
  type Change = Extract<Outcome, { kind: "change" }>;

  /** Answers whether it is a new line of a conversation. */
  function message({ accountId, protocol }: Delivery, outcome: Message): boolean {
    const about = { accountId, protocol };
    const { message: incoming, record, isNew, isChanged, isKnown } = outcome;
    const isStranger = incoming.direction === "in" && !isKnown;
    if (!isNew) {
      if (isStranger) requests.unkept(accountId, incoming.peer, incoming.body.length);
      if (isChanged) conversations.changed(record);
      return false;
    }
    if (isStranger) {
      requests.file({ ...about, ...requestOf(incoming, record) });
      return false;
    }
    conversations.changed(record);
    if (incoming.direction === "in") conversations.typing(record.conversationId, false);
    return true;
  }

  function change({ accountId, protocol }: Delivery, { change: said, record, summary }: Change): void {
    const about = { accountId, protocol };
    if (summary) conversations.summary(summary);
    if (!record) return;
    conversations.changed(record);
    // What a stranger waits with is what they say now.
    if (said.direction === "in" && requests.get(contactId(accountId, said.peer))?.kind === "message")
      requests.file({
        ...about,
        ...requestOf(said, {
          body: summary?.last?.text ?? "",
          notice: summary?.last?.notice,
          at: record.at,
        }),
      });
  }

  /** Marks all before an own message from another device as read. */
  async function readUpTo(id: ConversationId, record: MessageRecord): Promise<void> {
    conversations.summary((await history.markRead(id, record.id)).summary);
  }

  return async (delivery, next) => {
    const { accountId } = delivery;
    const counted = new Map<ConversationId, Counted[]>();
    const lastOwn = new Map<ConversationId, MessageRecord>();
    for (const { event, outcome } of delivery.items) {
      if (event.type === "typing") conversations.typing(conversationOf(accountId, event), event.active);
      if (outcome?.kind === "change") change(delivery, outcome);
      if (outcome?.kind === "state") conversations.changed(outcome.record);
      if (outcome?.kind === "read-there") conversations.changedAll(outcome.conversationId, outcome.records);
      if (outcome?.kind === "read-here") conversations.summary(outcome.summary);
      if (outcome?.kind !== "message" || !message(delivery, outcome)) continue;
      const { record, isUnread } = outcome;
      const list = counted.get(record.conversationId) ?? [];
      list.push({ record, isUnread });
      counted.set(record.conversationId, list);
      if (record.direction === "out") lastOwn.set(record.conversationId, record);
    }
    for (const [id, list] of counted) conversations.count(id, list);
    for (const [id, record] of lastOwn) await readUpTo(id, record);
    return next(delivery);
  };
}

/** The request of a stranger who writes. */
function requestOf(
  { peer, author: { name } }: Pick<IncomingMessage, "peer" | "author">,
  { body, notice, at }: Pick<MessageRecord, "body" | "at"> & { readonly notice?: MessageRecord["notice"] | undefined },
): Pick<RequestRecord, "address" | "kind" | "text" | "at" | "notice" | "name"> {
  return {
    ...{ address: peer, kind: "message", text: body, at },
    ...(notice === undefined ? {} : { notice }),
    ...(name === undefined ? {} : { name }),
  };
}
