import type { RequestRecord } from "../../../shared/model/contact.ts";
import { contactId } from "../../../shared/model/contact.ts";
import type { ConversationId } from "../../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import type { History } from "../../history/history.ts";
import type { IncomingMessage } from "../../networks/facets/messages.ts";
import type { Log } from "../../networks/log.ts";
import type { Conversations, Counted } from "../../store/conversations.ts";
import type { Requests } from "../../store/requests.ts";
import { conversationOf, type Delivery, type Outcome, type Received, type ReceiveStage } from "../delivery.ts";

export interface PublishParts {
  readonly history: Pick<History, "markRead">;
  readonly conversations: Conversations;
  readonly requests: Requests;
  readonly log: Log;
}

/**
 * Brings the conversation list, open conversations and Requests up to date with what was stored. An item that cannot be
 * shown costs none of those that came with it.
 */
export function publish({ history, conversations, requests, log }: PublishParts): ReceiveStage {
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
    const { summary } = await history.markRead(id, record.id);
    if (summary) conversations.summary(summary);
  }

  /** Shows what is no message. */
  function other(delivery: Delivery, { event, outcome }: Received): void {
    if (event.type === "typing") conversations.typing(conversationOf(delivery.accountId, event), event.active);
    if (outcome?.kind === "change") change(delivery, outcome);
    if (outcome?.kind === "state") conversations.changed(outcome.record);
    if (outcome?.kind === "read-there") conversations.changedAll(outcome.conversationId, outcome.records);
    if (outcome?.kind === "read-here") conversations.summary(outcome.summary);
  }

  return async (delivery, next) => {
    async function each<Item>(items: Iterable<Item>, show: (item: Item) => void | Promise<void>): Promise<void> {
      for (const item of items) {
        try {
          await show(item);
        } catch (error) {
          log.warn("Something that is stored could not be shown", { account: delivery.accountId, error });
        }
      }
    }
    const lines: Counted[] = [];
    await each(delivery.items, ({ outcome }) => {
      if (outcome?.kind === "message" && message(delivery, outcome)) lines.push(outcome);
    });
    const counted = Map.groupBy(lines, ({ record }) => record.conversationId);
    // The summaries of changes hold these messages already: they are counted before.
    await each(counted, ([id, all]) => conversations.count(id, all));
    await each(delivery.items, (item) => other(delivery, item));
    await each(counted, ([id, all]) => {
      const lastOwn = all.findLast(({ record }) => record.direction === "out");
      return lastOwn && readUpTo(id, lastOwn.record);
    });
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
