import { HallwayError } from "../../../shared/errors.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import type { History, Stored } from "../../history/history.ts";
import type { Contacts } from "../../store/contacts.ts";
import type { Conversations } from "../../store/conversations.ts";
import type { Requests } from "../../store/requests.ts";
import type { Tables } from "../../store/tables.ts";
import type { MessageTimes } from "../message-times.ts";
import type { OutgoingSaying, SendStage } from "../outgoing.ts";
import type { OwnChanges } from "../own-changes.ts";
import type { Queue } from "./queue.ts";

export interface StoreParts {
  readonly history: Pick<History, "append" | "correct" | "retract">;
  readonly tables: Tables;
  readonly contacts: Pick<Contacts, "save">;
  readonly requests: Pick<Requests, "written">;
  readonly conversations: Conversations;
  readonly times: MessageTimes;
  readonly ownChanges: OwnChanges;
  readonly queue: Pick<Queue, "withdraw">;
  readonly now: () => number;
}

type Text = Extract<OutgoingSaying, { kind: "text" }>;
type Change = Exclude<OutgoingSaying, { kind: "text" }>;

/** Stores what the person said, and shows it, before anything of it leaves. Errors: those of the history. */
export function store(parts: StoreParts): SendStage {
  const { conversations, requests, ownChanges } = parts;
  return async (item, next) => {
    switch (item.kind) {
      case "text": {
        const record = await storeText(parts, item);
        if (record.state === "waiting") await next({ ...item, at: record.at });
        requests.written(item.place.accountId, item.place.address);
        return record;
      }
      case "correction":
      case "retraction": {
        const { target, ...change } = item;
        if (!target) throw new HallwayError("not-found");
        if (change.kind === "correction" && change.body === target.body) return ownChanges.marked(target);
        const { record, isSilent } = await storeChange(parts, change);
        conversations.changed(record);
        if (!isSilent) await next(change);
        return ownChanges.marked(record);
      }
      case "receipt":
      case "typing":
        return next(item);
    }
  };
}

/** Stores a text as `waiting`. The same id again is the same message. */
async function storeText(parts: StoreParts, { id, conversationId, place, body }: Text): Promise<MessageRecord> {
  const { history, tables, contacts, conversations, times, now } = parts;
  const { at, saidAt } = times.own(conversationId);
  // Who is written to is on disk before the message is, or a power cut would leave a message to nobody. Where the disk
  // takes nothing, the message goes on all the same: the history keeps it in memory and says so.
  await contacts.save().catch(() => undefined);
  const account = tables.get("accounts", place.accountId);
  const [stored]: readonly (Stored | undefined)[] = await history.append([
    {
      id,
      conversationId,
      place,
      direction: "out",
      author: { ...(account === undefined ? {} : { address: account.address }), isSelf: true },
      wireId: id,
      archiveId: undefined,
      body,
      at,
      ...(saidAt === undefined ? {} : { saidAt }),
      network: account?.protocol,
      own: account?.address,
      receivedAt: now(),
      state: "waiting",
      delayed: false,
      otherDevice: false,
      unread: false,
      wantsRead: false,
    },
  ]);
  if (!stored) throw new Error("append answered nothing");
  const { record, isNew } = stored;
  if (isNew) {
    conversations.count(conversationId, [{ record, place, isUnread: false }]);
    conversations.changed(record);
  }
  return record;
}

/** `isSilent`: the message that is taken back never went out, and nobody is told. Error: `not-found`. */
async function storeChange(
  parts: StoreParts,
  change: Change,
): Promise<{ readonly record: MessageRecord; readonly isSilent: boolean }> {
  const { history, conversations, ownChanges, queue } = parts;
  const { kind, id, conversationId, place, targetId, body, at } = change;
  const { accountId } = place;
  let isSilent = false;
  if (kind === "retraction") {
    for (const waiting of ownChanges.waiting(accountId))
      if (waiting.targetId === targetId) queue.withdraw(accountId, waiting.id);
    isSilent = queue.withdraw(accountId, targetId);
  }
  // On disk before it is shown, or a power cut would leave here what nobody else ever hears of.
  await ownChanges.add({ kind, id, conversationId, place, targetId, body, at });
  const author = { isSelf: true };
  const about = { conversationId, place, direction: "out", author, wireId: targetId, at } as const;
  const { record, summary } =
    kind === "retraction" ? await history.retract(about) : await history.correct({ ...about, body, newWireId: id });
  if (!record || isSilent) ownChanges.drop(id);
  if (!record) throw new HallwayError("not-found");
  if (summary) conversations.summary(summary);
  return { record, isSilent };
}
