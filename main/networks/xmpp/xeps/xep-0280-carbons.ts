import xml, { type Element } from "@xmpp/xml";
import { defineExtension } from "../extension.ts";
import { parseJid } from "../jid.ts";
import { childOf } from "../xml/element.ts";
import { parseTime } from "./xep-0203-delay.ts";

const nsCarbons = "urn:xmpp:carbons:2";
const nsForward = "urn:xmpp:forward:0";

/** Message Carbons: copies of what own other devices send and get. */
export const carbons = defineExtension({
  name: "XEP-0280: Message Carbons",
  features: [nsCarbons],
  attach: (session) => {
    function open(child: Element, stanza: Element): void {
      // Section 11: copies MUST be accepted from the own bare JID only; anybody else could put words into our mouth.
      const from = stanza.attrs["from"];
      if (from !== undefined && parseJid(from)?.full !== session.address) {
        session.refuse("a copy of a message from somebody else");
        return;
      }
      const forwarded = childOf(child, "forwarded", nsForward);
      const inner = forwarded && childOf(forwarded, "message", "jabber:client");
      if (!inner || inner.attrs["from"] === undefined) return;
      const stamp = forwarded ? parseTime(childOf(forwarded, "delay", "urn:xmpp:delay")?.attrs["stamp"]) : undefined;
      // A copy is not late by being a copy: its stamp says when, and that is about now.
      const draft = session.read(inner, "carbon", undefined);
      if (!draft || (draft.direction === "out") !== (child.name === "sent")) {
        session.refuse("a copy of a message that is not ours");
        return;
      }
      draft.at ??= stamp;
      session.deliver(draft);
    }

    return {
      envelopes: {
        [nsCarbons]: (child, stanza) => {
          // Section 9: a `private` mark, which servers need not take out, stands in a message as any other.
          if (child.name !== "sent" && child.name !== "received") return false;
          open(child, stanza);
          return true;
        },
      },
      started: () => {
        session.request("set", xml("enable", nsCarbons)).then(
          () => session.setFeature("carbons", true),
          () => session.setFeature("carbons", false),
        );
      },
    };
  },
});
