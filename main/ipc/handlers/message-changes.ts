import { randomUUID } from "node:crypto";
import { HallwayError } from "../../../shared/errors.ts";
import { type ContactId, parseContactId } from "../../../shared/model/contact.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import { isChangeable } from "../../../shared/model/message-change.ts";
import type { Feature } from "../../networks/network.ts";
import type { Handlers } from "../dispatch.ts";
import type { ConversationParts } from "./conversations.ts";

/** Requests that change what the person said earlier. */
export function messageChangeHandlers(
  parts: () => ConversationParts,
): Pick<Handlers, "messages.correct" | "messages.retract"> {
  /** An own message that may still be changed, over an account that can say so. */
  async function changeable(conversationId: ContactId, messageId: string, feature: Feature): Promise<MessageRecord> {
    const { tables, history, mayWrite, now } = parts();
    const record = await history.get(messageId);
    if (record?.conversationId !== conversationId || !isChangeable(record, now())) throw new HallwayError("not-found");
    const { accountId } = parseContactId(conversationId);
    if (!tables.get("contacts", conversationId)) throw new HallwayError("not-found");
    if (tables.get("accounts", accountId)?.features.includes(feature) !== true) throw new HallwayError("unsupported");
    mayWrite(conversationId);
    return record;
  }

  return {
    "messages.correct": ({ conversationId, messageId, correctionId, body: typed, confirm }) =>
      parts().inTurn(conversationId, async () => {
        const { accounts, guard, history, conversations, ownChanges, now } = parts();
        const before = await changeable(conversationId, messageId, "corrections");
        if (typed.trim() === "") throw new HallwayError("message-empty");
        const { accountId, address } = parseContactId(conversationId);
        const body = guard.outgoing({ own: accounts.address(accountId), peer: address, body: typed, confirm });
        if (body === before.body) return ownChanges.marked(before);
        const change = {
          kind: "correction",
          id: correctionId,
          conversationId,
          targetId: messageId,
          body,
          at: Math.max(now(), before.at),
        } as const;
        // On disk before it is shown, or a power cut would leave here what nobody else ever hears of.
        await ownChanges.add(change);
        const { record, summary } = await history.correct({
          conversationId,
          direction: "out",
          wireId: messageId,
          at: change.at,
          body,
          newWireId: correctionId,
        });
        if (!record) {
          ownChanges.drop(correctionId);
          throw new HallwayError("not-found");
        }
        if (summary) conversations.summary(summary);
        conversations.changed(record);
        const outbox = accounts.outbox(accountId);
        // What still waits goes out as it reads now; that it was corrected follows, for it may have gone out in an
        // earlier run.
        if (record.state === "waiting") outbox?.add(record);
        outbox?.addChange(change);
        return ownChanges.marked(record);
      }),
    "messages.retract": ({ conversationId, messageId }) =>
      parts().inTurn(conversationId, async () => {
        const { accounts, history, conversations, ownChanges, now } = parts();
        const before = await changeable(conversationId, messageId, "retractions");
        const { accountId } = parseContactId(conversationId);
        const outbox = accounts.outbox(accountId);
        const change = {
          kind: "retraction",
          id: randomUUID(),
          conversationId,
          targetId: messageId,
          body: "",
          at: Math.max(now(), before.at),
        } as const;
        for (const { id, targetId } of ownChanges.waiting(accountId)) if (targetId === messageId) outbox?.withdraw(id);
        // What never went out has nobody to be told.
        const silent = outbox?.withdraw(messageId) ?? false;
        await ownChanges.add(change);
        const { record, summary } = await history.retract({
          conversationId,
          direction: "out",
          wireId: messageId,
          at: change.at,
        });
        if (!record || silent) ownChanges.drop(change.id);
        if (!record) throw new HallwayError("not-found");
        if (summary) conversations.summary(summary);
        conversations.changed(record);
        if (!silent) outbox?.addChange(change);
        return ownChanges.marked(record);
      }),
  };
}
