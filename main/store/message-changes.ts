import type { AccountId, Protocol } from "../../shared/model/account.ts";
import { contactId } from "../../shared/model/contact.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { Changed, History } from "../history/history.ts";
import type { ArchiveRun } from "../messaging/archive-run.ts";
import type { MessageChange } from "../networks/facets/messages.ts";
import type { Arrival, Conversations, Received } from "./conversations.ts";
import { messageRequest, type Requests } from "./requests.ts";

/** What networks say about earlier messages. */
export interface MessageChanges {
  /**
   * Brings history, list and open conversations up to date, one change after the other as they came. A correction of a
   * message that is not here is a message: nothing that was said is lost. `ownSeen`: ids of own changes that the server
   * has.
   */
  apply(
    accountId: AccountId,
    protocol: Protocol,
    changes: readonly MessageChange[],
    firstSync: boolean,
    run?: ArchiveRun,
  ): Promise<{ readonly arrivals: readonly Arrival[]; readonly ownSeen: readonly string[] }>;
}

export function createMessageChanges({
  history,
  conversations,
  requests,
  received,
  changed,
  now,
}: {
  readonly history: Pick<History, "correct" | "retract">;
  readonly conversations: Conversations;
  readonly requests: Requests;
  readonly received: Received;
  /** A message of theirs reads otherwise now, or was taken back. */
  readonly changed: (record: MessageRecord) => void;
  readonly now: () => number;
}): MessageChanges {
  function show(
    change: MessageChange,
    accountId: AccountId,
    protocol: Protocol,
    { outcome, record, summary }: Changed,
  ): void {
    if (outcome !== "changed") return;
    // Before it counts as one unread message less: a notification that stands is put right, and none is brought back.
    if (record && change.direction === "in") changed(record);
    if (summary) conversations.summary(summary);
    if (!record) return;
    conversations.changed(record);
    if (change.direction === "out") return;
    // What a stranger waits with is what they say now.
    if (requests.get(record.conversationId)?.kind === "message")
      requests.file(
        messageRequest(accountId, protocol, change, {
          body: summary?.last?.text ?? "",
          notice: summary?.last?.notice,
          at: record.at,
        }),
      );
  }

  return {
    async apply(accountId, protocol, changes, firstSync, run) {
      const arrivals: Arrival[] = [];
      const ownSeen: string[] = [];
      for (const change of changes) {
        const { peer, through, direction, targetId, id } = change;
        if ([peer, through].some((voice) => voice !== undefined && requests.isBlocked(accountId, voice))) continue;
        if (direction === "in" && requests.reception(accountId, peer) === "refuse") continue;
        if (direction === "out" && id !== undefined) ownSeen.push(id);
        // A sender's stamp does not make a change that comes now one of long ago; the archive's is its own.
        const at = change.via === "archive" ? (change.at ?? now()) : now();
        const about = { conversationId: contactId(accountId, peer), direction, wireId: targetId, at };
        if (change.kind === "retraction") {
          show(change, accountId, protocol, await history.retract(about));
          continue;
        }
        let report: (() => void) | undefined;
        const body = received(accountId, change, (found) => {
          report = found;
        });
        const result = await history.correct({ ...about, body, ...(id === undefined ? {} : { newWireId: id }) });
        show(change, accountId, protocol, result);
        // A correction is written down once, however often it is brought; one that is stored as a message is reported
        // as that.
        if (result.outcome === "changed") report?.();
        if (result.outcome !== "unknown") continue;
        const message = { ...change, at: change.at, wantsDelivered: false, wantsRead: false, replaces: targetId };
        const stored = await conversations.ingest(accountId, protocol, [message], firstSync, run);
        arrivals.push(...stored.arrivals);
      }
      return { arrivals, ownSeen };
    },
  };
}
