import type { ReceiveStage } from "../delivery.ts";
import type { OutgoingSignal, Unplaced } from "../outgoing.ts";

/**
 * Asks for the delivery receipts that senders want (XEP-0184, RFC 5438). What cannot be shown has not reached the
 * person, and what an archive or another device brings has been answered there. Nothing is told of what may yet be
 * lost.
 */
export function receipt({
  send,
  keeps,
}: {
  readonly send: (item: Unplaced<OutgoingSignal>) => void;
  readonly keeps: () => boolean;
}): ReceiveStage {
  return (delivery, next) => {
    if (!keeps()) return next(delivery);
    for (const { outcome } of delivery.items) {
      if (outcome?.kind !== "message" || !outcome.isNew || !outcome.isKnown) continue;
      const { message, record } = outcome;
      const { direction, via, wantsDelivered, notice, id } = message;
      if (direction === "in" && via === "live" && wantsDelivered && notice === undefined && id !== undefined)
        send({ kind: "receipt", conversationId: record.conversationId, messageId: id, state: "delivered" });
    }
    return next(delivery);
  };
}
