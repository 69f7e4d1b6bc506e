import xml from "@xmpp/xml";
import { defineExtension } from "../extension.ts";

const nsDelay = "urn:xmpp:delay";
/** What was said longer ago is stamped; less is the way of the wire. */
const lateMs = 30_000;

/** Milliseconds since the epoch of a XEP-0082 date and time; undefined: it is none. */
export function parseTime(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** Delayed Delivery: when a stanza was first sent. Stamps of the future count as now. */
export const delayedDelivery = defineExtension({
  name: "XEP-0203: Delayed Delivery",
  features: [nsDelay],
  attach: ({ environment, address }) => ({
    message: {
      [nsDelay]: (child, draft) => {
        const stamp = parseTime(child.attrs["stamp"]);
        if (stamp === undefined) return;
        const at = Math.min(stamp, environment.now());
        // Of several stamps - the sender's own, and one for each server it waited at - the oldest is when it was said.
        draft.at = draft.at === undefined ? at : Math.min(draft.at, at);
        draft.delayed = true;
      },
    },
    presence: {
      [nsDelay]: (child, draft) => {
        const stamp = parseTime(child.attrs["stamp"]);
        if (stamp === undefined || draft.presence.availability !== "offline") return;
        draft.presence = { ...draft.presence, lastSeen: Math.min(stamp, environment.now()) };
      },
    },
    writeMessage: (stanza, message) => {
      if (Math.abs(environment.now() - message.at) > lateMs)
        stanza.append(xml("delay", { xmlns: nsDelay, from: address, stamp: new Date(message.at).toISOString() }));
    },
  }),
});
