import type { MessageRecord } from "../../../shared/model/message.ts";
import type { Delivery, Outcome, Received, ReceivedEvent, ReceivedMessage } from "../delivery.ts";

export const account = "account-1";
export const bob = "bob@x.example";
export const said = (over: Partial<ReceivedMessage> = {}): ReceivedMessage => ({
  ...{ peer: bob, direction: "in", author: { address: bob, isSelf: false }, id: "m1", archiveId: undefined },
  ...{ body: "hello", at: undefined, delayed: false, via: "live", wantsDelivered: true, wantsRead: true },
  ...over,
});
export const record = {
  id: "r1",
  conversationId: `${account}|${bob}`,
  body: "hello",
  state: "received",
} as MessageRecord;
export const outcome = (message: Partial<ReceivedMessage> = {}, over: Partial<Outcome> = {}): Received => {
  const about = { record, isNew: true, isChanged: false, isUnread: true, isKnown: true, ...over };
  return {
    event: { type: "message", message: said(message) },
    outcome: { kind: "message", message: said(message), ...about } as Outcome,
  };
};
export const change = (direction: "in" | "out", kind: "correction" | "retraction" = "correction"): ReceivedEvent => ({
  type: "change",
  change: {
    ...{ kind, peer: bob, direction, author: { address: bob, isSelf: direction === "out" }, targetId: "m0" },
    ...{ id: "c1", archiveId: undefined, body: "new", at: undefined, delayed: false, via: "live" },
  } as Extract<ReceivedEvent, { type: "change" }>["change"],
});
export const delivery = (...items: readonly Received[]): Delivery => ({
  accountId: account,
  protocol: "xmpp",
  items,
  acknowledgements: [],
});
const nothing = (): void => undefined;
export const log = { debug: nothing, info: nothing, warn: nothing };

export function changeOf(direction: "in" | "out"): Extract<ReceivedEvent, { type: "change" }>["change"] {
  const event = change(direction);
  if (event.type !== "change") throw new Error("no change");
  return event.change;
}
