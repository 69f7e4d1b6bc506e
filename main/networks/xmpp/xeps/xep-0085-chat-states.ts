import xml from "@xmpp/xml";
import type { Address } from "../../../../shared/model/address.ts";
import { defineExtension } from "../extension.ts";
import { correspondents } from "../senders.ts";

const nsStates = "http://jabber.org/protocol/chatstates";
const nsHints = "urn:xmpp:hints";
/** Somebody who never says that they stopped. */
const forgottenMs = 60_000;
const maxTyping = 500;

/** Chat State Notifications: who is typing, both ways. A message ends it. */
export const chatStates = defineExtension({
  name: "XEP-0085: Chat State Notifications",
  features: [nsStates],
  attach: (session) => {
    const typing = new Map<Address, NodeJS.Timeout>();

    function stop(peer: Address): void {
      const timer = typing.get(peer);
      if (timer === undefined) return;
      clearTimeout(timer);
      typing.delete(peer);
      session.emit({ type: "typing", peer, active: false });
    }

    function start(peer: Address): void {
      const timer = typing.get(peer);
      if (timer === undefined) {
        if (typing.size >= maxTyping) return;
        session.emit({ type: "typing", peer, active: true });
      } else clearTimeout(timer);
      typing.set(
        peer,
        setTimeout(() => stop(peer), forgottenMs),
      );
    }

    function clear(): void {
      for (const peer of [...typing.keys()]) stop(peer);
    }

    return {
      message: {
        [nsStates]: {
          from: correspondents,
          read: (child, draft) => {
            // Only what happens now, and only theirs: not the archive, not what an own other device sends.
            if (draft.via === "archive" || draft.direction === "out" || draft.at !== undefined) return;
            if (child.name === "composing") start(draft.peer);
            else stop(draft.peer);
          },
        },
      },
      writeMessage: (stanza) => stanza.append(xml("active", nsStates)),
      ended: clear,
      dispose: clear,
      commands: {
        sendTyping: (to, active) => {
          session.send(
            xml(
              "message",
              { to, type: "chat" },
              xml(active ? "composing" : "paused", nsStates),
              xml("no-store", nsHints),
            ),
          );
        },
      },
    };
  },
});
