import type { Address } from "../../../../shared/model/address.ts";
import { offline, type Presence, unknownPresence } from "../../../../shared/model/presence.ts";
import type { NetworkEvent } from "../../events.ts";
import type { ContactStore } from "../contact-store.ts";
import type { DialogTable } from "../dialogs/dialog-table.ts";
import type { SubscriptionState } from "../dialogs/refusal-meaning.ts";
import { EventSubscription } from "../dialogs/subscription.ts";
import type { Announced } from "../feature.ts";
import { presencePackage } from "../packages/rfc-3856-presence.ts";
import { parsePidf, pidfType } from "../payloads/rfc-3863-pidf.ts";
import type { LocalContact } from "../registration/local-contact.ts";
import type { UserAgent } from "../user-agent.ts";
import { bodyOf, textOf } from "../wire/body.ts";
import type { SipRequest } from "../wire/message.ts";
import { uriOfAddress } from "../wire/uri.ts";

/** Options of watching contacts. */
export interface ContactPresenceOptions {
  readonly agent: UserAgent;
  readonly contact: LocalContact;
  readonly announced: Announced;
  readonly subscriptions: DialogTable<EventSubscription>;
  readonly store: ContactStore;
  readonly emit: (event: NetworkEvent) => void;
  /** BCP 47 tag of the person's language. */
  readonly language: () => string;
  /** Their presence was heard: their program may be reached again. */
  readonly onHeard: (address: Address) => void;
}

/** How long the end of a subscription may take that nobody waits for, in ms. */
const endTimeout = 10_000;

interface Watched {
  readonly subscription: EventSubscription;
  presence: Presence | undefined;
  /** The device that answered knows of no presence. */
  isUnsupported: boolean;
  /** NOTIFYs are read one after the other, since inflating takes its time. */
  reading: Promise<void>;
}

/** The presence of every contact, over one connection: a subscription for each (RFC 3856). */
export class ContactPresence {
  readonly #options: ContactPresenceOptions;
  readonly #watched = new Map<Address, Watched>();

  constructor(options: ContactPresenceOptions) {
    this.#options = options;
  }

  /** Asks to see somebody; anew when they refused before. */
  watch(address: Address): void {
    if (this.#watched.get(address)?.subscription.ended === false) return;
    const { agent, contact, subscriptions, announced } = this.#options;
    const subscription = new EventSubscription({
      agent,
      target: uriOfAddress(address),
      eventPackage: presencePackage,
      contact,
      subscriptions,
      announced,
      onState: (state) => this.#state(address, state),
      onNotify: (request, state) => this.#notify(address, request, state),
    });
    this.#watched.set(address, { subscription, presence: undefined, isUnsupported: false, reading: Promise.resolve() });
    subscription.start();
  }

  /** Asks anew where they are not seen, whatever the request before this one waits for; its dialog is ended. */
  askAgain(address: Address): void {
    const watched = this.#watched.get(address);
    if (watched?.subscription.active) return;
    void watched?.subscription.stop(endTimeout);
    this.#watched.delete(address);
    this.watch(address);
  }

  /** They gave a sign of life: who was not there may be asked now. */
  heard(address: Address): void {
    this.#watched.get(address)?.subscription.wake();
  }

  /** Their program asks to see us: it knows of presence, whatever another device of theirs has answered before. */
  asked(address: Address): void {
    if (this.#watched.get(address)?.isUnsupported) this.watch(address);
    else this.heard(address);
  }

  /** Stops watching; nothing of them is reported any more. */
  async unwatch(address: Address, timeout: number): Promise<void> {
    const watched = this.#watched.get(address);
    this.#watched.delete(address);
    await watched?.subscription.stop(timeout);
  }

  /** Tells the server that nobody watches any more. */
  async stop(timeout: number): Promise<void> {
    await Promise.all([...this.#watched.keys()].map((address) => this.unwatch(address, timeout)));
  }

  /** Ends without telling anybody. */
  end(): void {
    for (const { subscription } of this.#watched.values()) subscription.end();
    this.#watched.clear();
  }

  #state(address: Address, state: SubscriptionState): void {
    const { store, emit } = this.#options;
    const watched = this.#watched.get(address);
    if (watched) watched.isUnsupported = state === "unsupported";
    // `waiting`: a pause in a subscription that will go on says nothing about them.
    if (state === "waiting") return;
    if (state === "absent") {
      const seen = store.item(address)?.subscription;
      this.#report(address, seen === "to" || seen === "both" ? offline : unknownPresence);
      return;
    }
    if (store.setSeen(address, state === "active")) {
      const item = store.item(address);
      if (item) emit({ type: "roster-item", item });
    }
    if (state !== "active") this.#report(address, unknownPresence);
  }

  #notify(address: Address, request: SipRequest, state: "pending" | "active"): void {
    const watched = this.#watched.get(address);
    if (!watched || state !== "active") return;
    watched.reading = watched.reading.then(() => this.#read(address, request));
  }

  async #read(address: Address, request: SipRequest): Promise<void> {
    try {
      if (request.body.byteLength === 0) {
        // RFC 3856 section 6.6.2: nothing is published: nobody is there.
        this.#report(address, offline);
        return;
      }
      const body = await bodyOf(request);
      if (body.type !== pidfType) {
        this.#options.emit({ type: "refused", what: "SIP presence of an unknown type" });
        return;
      }
      const { presence, takesCpim, isMixed } = parsePidf(textOf(body), this.#options.language());
      if (takesCpim || isMixed) this.#options.store.setTakesCpim(address, takesCpim, "presence");
      if (presence.availability !== "offline" && presence.availability !== "unknown") this.#options.onHeard(address);
      this.#report(address, presence);
    } catch (error) {
      this.#options.emit({
        type: "refused",
        what: `SIP presence: ${error instanceof Error ? error.message : "cannot be read"}`,
      });
    }
  }

  #report(address: Address, presence: Presence): void {
    const watched = this.#watched.get(address);
    if (!watched || (watched.presence && same(watched.presence, presence))) return;
    watched.presence = presence;
    this.#options.emit({ type: "presence", address, presence });
  }
}

function same(a: Presence, b: Presence): boolean {
  return (
    a.availability === b.availability &&
    a.status === b.status &&
    a.idleSince === b.idleSince &&
    a.lastSeen === b.lastSeen
  );
}
