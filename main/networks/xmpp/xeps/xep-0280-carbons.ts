import xml, { type Element } from "@xmpp/xml";
import type { Stored } from "../../events.ts";
import { type Awaitable, after } from "../awaitable.ts";
import { defineExtension } from "../extension.ts";
import type { ExtensionHost } from "../extension-host.ts";
import { ownAccount } from "../senders.ts";
import { childOf } from "../xml/element.ts";
import { parseTime } from "./xep-0203-delay.ts";

const nsCarbons = "urn:xmpp:carbons:2";
const nsForward = "urn:xmpp:forward:0";

/**
 * Message Carbons: copies of what own other devices send and get. Section 11: copies MUST be accepted from the own bare
 * JID only; anybody else could put words into our mouth.
 */
export const carbons = defineExtension({
  name: "XEP-0280: Message Carbons",
  features: [nsCarbons],
  attach: (session) => ({
    envelopes: {
      [nsCarbons]: {
        from: ownAccount,
        // Section 9: a `private` mark, which servers need not take out, stands in a message as any other.
        holds: ({ name }) => name === "sent" || name === "received",
        open: (copy) => open(session, copy),
      },
    },
    started: () => {
      // A server without them keeps its copies to itself.
      session.request("set", xml("enable", nsCarbons)).catch(() => undefined);
    },
  }),
});

function open(session: ExtensionHost, copy: Element): Awaitable<Stored | boolean> {
  const forwarded = childOf(copy, "forwarded", nsForward);
  const inner = forwarded && childOf(forwarded, "message", "jabber:client");
  if (!inner || inner.attrs["from"] === undefined) return undefined;
  const stamp = parseTime(childOf(forwarded, "delay", "urn:xmpp:delay")?.attrs["stamp"]);
  // A copy is not late by being a copy: its stamp says when, and that is about now.
  return after(session.read(inner, "carbon", undefined), (draft) => {
    if (!draft || (draft.direction === "out") !== (copy.name === "sent")) {
      session.refuse("a copy of a message that is not ours");
      return undefined;
    }
    draft.at ??= stamp;
    return session.deliver(draft);
  });
}
