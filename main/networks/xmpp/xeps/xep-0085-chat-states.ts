import xml from "@xmpp/xml";
import type { Address } from "../../../../shared/model/address.ts";
import { defineExtension } from "../extension.ts";
import type { ExtensionHost } from "../extension-host.ts";
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
    const typing = new TypingPeers(session);
    return {
      message: {
        [nsStates]: {
          from: correspondents,
          read: (child, draft) => {
            // Only what happens now, and only theirs: not the archive, not what an own other device sends.
            if (draft.via === "archive" || draft.direction === "out" || draft.at !== undefined) return;
            if (child.name === "composing") typing.start(draft.peer);
            else typing.stop(draft.peer);
          },
        },
      },
      writeMessage: (stanza) => stanza.append(xml("active", nsStates)),
      ended: () => typing.clear(),
      dispose: () => typing.clear(),
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

/** People who are typing now, each until they stop or are forgotten. */
class TypingPeers {
  readonly #session: Pick<ExtensionHost, "emit">;
  readonly #timers = new Map<Address, NodeJS.Timeout>();

  constructor(session: Pick<ExtensionHost, "emit">) {
    this.#session = session;
  }

  start(peer: Address): void {
    const timer = this.#timers.get(peer);
    if (timer === undefined) {
      if (this.#timers.size >= maxTyping) return;
      this.#session.emit({ type: "typing", peer, active: true });
    } else clearTimeout(timer);
    this.#timers.set(
      peer,
      setTimeout(() => this.stop(peer), forgottenMs),
    );
  }

  stop(peer: Address): void {
    const timer = this.#timers.get(peer);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.#timers.delete(peer);
    this.#session.emit({ type: "typing", peer, active: false });
  }

  clear(): void {
    for (const peer of [...this.#timers.keys()]) this.stop(peer);
  }
}
