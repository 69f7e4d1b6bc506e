import type { Element } from "@xmpp/xml";
import type { OwnPresence } from "../../../../shared/model/presence.ts";
import type { ExtensionRegistry } from "../extension-registry.ts";
import type { SendRefusal } from "../stream/managed-stream.ts";
import { presenceStanza } from "./presence-stanza.ts";

export interface OwnPresenceOptions {
  readonly registry: ExtensionRegistry;
  readonly send: (stanza: Element) => SendRefusal | undefined;
  readonly refuse: (what: string) => void;
}

/** The own presence, as the server was last told it in this session. */
export class AnnouncedPresence {
  readonly #options: OwnPresenceOptions;
  #announced: OwnPresence | undefined;

  constructor(options: OwnPresenceOptions) {
    this.#options = options;
  }

  /** Tells how we are; answers why not. */
  announce(presence: OwnPresence): SendRefusal | undefined {
    const { registry, send } = this.#options;
    const stanza = presenceStanza(presence);
    if (presence.availability !== "offline") for (const part of registry.parts) part.writePresence?.(stanza, presence);
    const refusal = send(stanza);
    if (refusal === "too-large") return refusal;
    this.#announced = presence;
    for (const part of registry.parts) part.presenceSent?.(presence);
    return refusal;
  }

  /** As part of signing in, which a status that is too long for the server must not stand in the way of. */
  announceFirst(presence: OwnPresence): void {
    if (this.announce(presence) !== "too-large") return;
    this.#options.refuse("an own status that is too long for the server");
    const { status: _, ...bare } = presence;
    this.announce(bare);
  }

  /** Says the same once more, where it has been said: who may hear it has changed. */
  announceAgain(): void {
    if (this.#announced) this.announce(this.#announced);
  }

  /** A session goes on, in which the server knows it already if nothing has changed. */
  resume(presence: OwnPresence): void {
    const { availability, status, idleSince } = this.#announced ?? {};
    if (availability !== presence.availability || status !== presence.status || idleSince !== presence.idleSince)
      this.announceFirst(presence);
    else for (const part of this.#options.registry.parts) part.presenceSent?.(presence);
  }

  /** Nobody has been told, or not those who may hear it now. */
  forget(): void {
    this.#announced = undefined;
  }
}
