import type { MessageRecord } from "../../../shared/model/message.ts";
import type { Log } from "../../networks/log.ts";
import type { Delivery, Outcome, ReceivedMessage, ReceiveStage } from "../delivery.ts";

/** A message that just arrived for the person, from somebody on the list or in a conversation. */
export interface Arrival {
  readonly record: MessageRecord;
  readonly incoming: ReceivedMessage;
}

/** The person is told of what they do not see. */
export interface Notifications {
  readonly arrived: (arrivals: readonly Arrival[]) => void;
  /** A message of theirs reads otherwise now, or was taken back. */
  readonly changed: (record: MessageRecord) => void;
  /** An own message will not be sent. */
  readonly failed: (record: MessageRecord) => void;
}

/**
 * Notifies of what arrived live, of changes and of failures. It comes before `publish`: a notification that stands is
 * put right before its message counts as read, and none is brought back. What cannot be notified of is shown all the
 * same.
 */
export function notify({
  notifications,
  log,
}: {
  readonly notifications: Notifications;
  readonly log: Log;
}): ReceiveStage {
  function tell(items: Delivery["items"]): void {
    const arrivals: Arrival[] = [];
    for (const { outcome } of items) {
      if (outcome?.kind === "message" && isArrival(outcome))
        arrivals.push({ record: outcome.record, incoming: outcome.message });
      if (outcome?.kind === "change" && outcome.record && outcome.change.direction === "in")
        notifications.changed(outcome.record);
      if (outcome?.kind === "state" && outcome.record.state === "failed") notifications.failed(outcome.record);
    }
    if (arrivals.length > 0) notifications.arrived(arrivals);
  }

  return (delivery, next) => {
    try {
      tell(delivery.items);
    } catch (error) {
      log.warn("A notification failed", { account: delivery.accountId, error });
    }
    return next(delivery);
  };
}

function isArrival({ isNew, isKnown, message }: Extract<Outcome, { kind: "message" }>): boolean {
  return isNew && isKnown && message.direction === "in" && message.via !== "archive";
}
