import { toErrorInfo } from "../../shared/errors.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { MessageId } from "../../shared/model/message.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { Connections } from "../networks/connections.ts";
import type { Heard } from "./heard.ts";
import { MessageTimes } from "./message-times.ts";
import { Receiving, type ReceivingParts } from "./receiving.ts";
import { Sending, type SendingParts } from "./sending.ts";

/** Messages on their way in both directions: the two lists of stages, and what joins them. */
export interface Messaging {
  readonly sending: Sending;
  readonly receiving: Receiving;
  /** The person has read a conversation up to this message. */
  markRead(conversationId: ConversationId, messageId: MessageId): Promise<void>;
}

export interface MessagingParts extends Omit<SendingParts, "times">, Omit<ReceivingParts, "times" | "queue" | "send"> {
  readonly history: SendingParts["history"];
  readonly tables: SendingParts["tables"];
  readonly contacts: SendingParts["contacts"] & ReceivingParts["contacts"];
  readonly requests: ReceivingParts["requests"];
  readonly conversations: SendingParts["conversations"];
  readonly ownChanges: SendingParts["ownChanges"];
  readonly connections: Connections;
  readonly guard: ContentGuard;
  readonly heard: Heard;
}

/** Read receipts sent for one act of reading; older ones are implied. */
const maxReceipts = 20;

export function createMessaging(parts: MessagingParts): Messaging {
  const { tables, history, conversations, ownChanges, heard, now, log } = parts;
  const times = new MessageTimes({ tables, now, earliest: (accountId) => heard.earliest(accountId) });
  const sending = new Sending({ ...parts, times });
  const receiving = new Receiving({
    ...parts,
    times,
    queue: sending,
    send: (item) =>
      void sending.signal(item).catch((error: unknown) => log.warn("A receipt could not be sent", { error })),
  });

  // What will not be sent is told like what the network could not deliver.
  sending.failures.add(({ accountId, item: { id, place }, error }) => {
    log.warn("A message could not be sent", { account: accountId, error });
    const account = tables.get("accounts", accountId);
    // It was removed, and what it said with it.
    if (!account) return;
    void receiving.live(accountId, account.protocol, {
      type: "delivery",
      id,
      peer: place.address,
      state: "failed",
      error: toErrorInfo(error),
    });
  });
  ownChanges.changes.add((messageId) => {
    history
      .get(messageId)
      .then((record) => record && conversations.changed(record))
      .catch((error: unknown) => log.warn("A change of a message could not be shown", { error }));
  });

  return {
    sending,
    receiving,
    async markRead(conversationId, messageId) {
      const { summary, readWireIds } = await history.markRead(conversationId, messageId);
      if (summary) conversations.summary(summary);
      for (const wireId of readWireIds.slice(-maxReceipts))
        await sending.signal({ kind: "receipt", conversationId, messageId: wireId, state: "read" });
    },
  };
}
