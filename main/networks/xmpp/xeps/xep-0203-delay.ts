import xml from "@xmpp/xml";
import { defineExtension } from "../extension.ts";
import { parseJid } from "../jid.ts";
import { everyone, persons } from "../senders.ts";

const nsDelay = "urn:xmpp:delay";
/** Age in milliseconds from which a message is stamped; less is the way of the wire. */
const lateMs = 30_000;

/** Milliseconds since the epoch of a XEP-0082 date and time; undefined: it is none. */
export function parseTime(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/.test(text))
    return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * Delayed Delivery: when a stanza was first sent, as whoever stamped it says. Section 7: without trust in who stamped
 * it, a stamp is only a claim. The own server's stamp, by its domain, in the own name or (section 4: `from` is only a
 * SHOULD) in nobody's, says that it kept the message (`delayed`) and comes before all others, though a sender can forge
 * it: how far back any stamp may reach is decided where messages are stored. An archive has one stamp, which stands
 * outside the message. Stamps of the future count as now.
 */
export const delayedDelivery = defineExtension({
  name: "XEP-0203: Delayed Delivery",
  features: [nsDelay],
  attach: ({ environment, address, domain }) => {
    const isOwnServer = (from: string | undefined): boolean => {
      if (from === undefined) return true;
      const jid = parseJid(from);
      return jid !== undefined && (jid.full === domain || jid.full === address);
    };
    return {
      message: {
        [nsDelay]: {
          from: everyone,
          read: (child, draft) => {
            const stamp = parseTime(child.attrs["stamp"]);
            if (stamp === undefined || draft.via === "archive") return;
            const at = Math.min(stamp, environment.now());
            const own = isOwnServer(child.attrs["from"]);
            if (own === draft.delayed) {
              // Of several stamps of one kind the latest counts: each place where the message waited stamped it later
              // than the one before.
              draft.at = draft.at === undefined ? at : Math.max(draft.at, at);
            } else if (own) {
              draft.at = at;
              draft.delayed = true;
            }
          },
        },
      },
      presence: {
        [nsDelay]: {
          from: persons,
          read: (child, draft) => {
            const stamp = parseTime(child.attrs["stamp"]);
            if (stamp === undefined || draft.presence.availability !== "offline") return;
            draft.presence = { ...draft.presence, lastSeen: Math.min(stamp, environment.now()) };
          },
        },
      },
      writeMessage: (stanza, message) => {
        if (Math.abs(environment.now() - message.at) > lateMs)
          stanza.append(xml("delay", { xmlns: nsDelay, from: address, stamp: new Date(message.at).toISOString() }));
      },
    };
  },
});
