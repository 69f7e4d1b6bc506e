import { HallwayError } from "../../../../shared/errors.ts";
import type { Address } from "../../../../shared/model/address.ts";
import type { NetworkEvent } from "../../events.ts";
import type { ContactStore } from "../contact-store.ts";
import type { DialogTable } from "../dialogs/dialog-table.ts";
import { EventSubscription } from "../dialogs/subscription.ts";
import type { Announced } from "../feature.ts";
import { watcherInfoPackage } from "../packages/rfc-3857-watcher-info.ts";
import { parseWatcherInfo, type Watcher, watcherinfoType } from "../payloads/rfc-3858-watcherinfo.ts";
import type { LocalContact } from "../registration/local-contact.ts";
import type { UserAgent } from "../user-agent.ts";
import { bodyOf, textOf } from "../wire/body.ts";
import type { SipRequest } from "../wire/message.ts";
import { addressOfUri } from "../wire/uri.ts";

/** The server's list of who may see us, where it has one that we can write (XCAP pres-rules). */
export interface PresenceRules {
  /** Whom the rules name. */
  read(): Promise<{ readonly allow: readonly Address[]; readonly block: readonly Address[] }>;
  allow(address: Address): Promise<void>;
  block(address: Address): Promise<void>;
  /** Takes them out of every rule. */
  forget(address: Address): Promise<void>;
}

/** Options of the watcher list. */
export interface WatchersOptions {
  readonly agent: UserAgent;
  readonly contact: LocalContact;
  readonly announced: Announced;
  readonly subscriptions: DialogTable<EventSubscription>;
  readonly own: Address;
  readonly store: ContactStore;
  readonly rules: PresenceRules | undefined;
  readonly emit: (event: NetworkEvent) => void;
}

/**
 * People asking who are remembered so as not to ask twice; more is an attack on our attention, and the oldest make
 * room.
 */
const maxRequests = 1_000;

/**
 * Watchers of our presence (RFC 3857, RFC 3858), and the person's decisions about them. On a server that shows
 * everybody to everybody watchers are active from the start; they are still asked about, once, since nobody has agreed
 * to them.
 */
export class Watchers {
  readonly #options: WatchersOptions;
  readonly #subscription: EventSubscription;
  readonly #known = new Map<Address, Watcher["status"]>();
  readonly #asking = new Set<Address>();
  #ended = false;
  #reading: Promise<void> = Promise.resolve();

  constructor(options: WatchersOptions) {
    this.#options = options;
    this.#subscription = new EventSubscription({
      agent: options.agent,
      target: options.agent.aor,
      eventPackage: watcherInfoPackage,
      contact: options.contact,
      subscriptions: options.subscriptions,
      announced: options.announced,
      onState: () => undefined,
      onNotify: (request) => {
        this.#reading = this.#reading.then(() => this.#read(request));
      },
    });
  }

  /** Reads the decisions of other devices first, so that nobody is asked about twice. */
  async start(): Promise<void> {
    try {
      const decided = await this.#options.rules?.read();
      if (decided) await this.#options.store.adopt(decided.allow, decided.block);
    } catch {
      // Then some may be asked about who were decided upon elsewhere; better than not to hear of anybody.
    }
    if (!this.#ended) this.#subscription.start();
  }

  stop(timeout: number): Promise<void> {
    this.#ended = true;
    return this.#subscription.stop(timeout);
  }

  end(): void {
    this.#ended = true;
    this.#subscription.end();
  }

  /** They may see us. Error: `unsupported` when the server waits for a rule and has no place for one. */
  async accept(address: Address): Promise<void> {
    const { rules, store } = this.#options;
    if (rules) await rules.allow(address);
    else if (this.#known.get(address) === "pending" || this.#known.get(address) === "waiting")
      throw new HallwayError("unsupported");
    await store.decide(address, "accepted");
    this.#settled(address);
  }

  /**
   * They may not. Without rules that is remembered and not asked again; error `unsupported` when they see us all the
   * same.
   */
  async decline(address: Address): Promise<void> {
    const { rules, store } = this.#options;
    if (rules) await rules.block(address);
    await store.decide(address, "declined");
    this.#settled(address);
    if (!rules && this.#known.get(address) === "active") throw new HallwayError("unsupported");
  }

  /**
   * They are taken off the contact list, and see us no longer where there are rules. Without them they are not asked
   * about again while they go on watching.
   */
  async forget(address: Address): Promise<void> {
    if (this.#known.has(address)) this.#asking.add(address);
    await this.#options.rules?.forget(address);
  }

  /** They see us no longer where there are rules, and are not asked about. */
  async block(address: Address): Promise<void> {
    this.#asking.delete(address);
    await this.#options.rules?.block(address);
  }

  /** Unblocks an address; the earlier decision about it holds again. */
  async unblock(address: Address): Promise<void> {
    const { rules, store } = this.#options;
    const decision = store.decision(address);
    if (decision === "accepted") await rules?.allow(address);
    else if (decision === undefined) await rules?.forget(address);
  }

  #settled(address: Address): void {
    this.#asking.delete(address);
    const item = this.#options.store.item(address);
    if (item) this.#options.emit({ type: "roster-item", item });
  }

  async #read(request: SipRequest): Promise<void> {
    const { emit } = this.#options;
    try {
      if (request.body.byteLength === 0) return;
      const body = await bodyOf(request);
      if (body.type !== watcherinfoType) return;
      const info = parseWatcherInfo(textOf(body));
      const before = new Map(this.#known);
      if (info.full) this.#known.clear();
      for (const watcher of info.watchers) this.#watcher(watcher, before);
    } catch (error) {
      emit({
        type: "refused",
        what: `SIP watcher information: ${error instanceof Error ? error.message : "cannot be read"}`,
      });
    }
  }

  #watcher(watcher: Watcher, known: ReadonlyMap<Address, Watcher["status"]>): void {
    const { own, store, rules, emit } = this.#options;
    const address = addressOfUri(watcher.uri);
    if (address === undefined || address === own) return;
    const before = known.get(address);
    if (watcher.status === "terminated") {
      this.#known.delete(address);
      return;
    }
    // Several devices of theirs: one that waits is what there is to decide.
    this.#known.set(address, watcher.status);
    const decision = store.decision(address);
    if (decision === "accepted" && !store.isBlocked(address) && watcher.status !== "active") {
      void rules?.allow(address).catch(() => undefined);
      return;
    }
    if (decision !== undefined || store.isBlocked(address)) return;
    if (watcher.status === "active" && before !== undefined && before !== "active" && this.#asking.has(address)) {
      // Another device of ours has said yes.
      void store.decide(address, "accepted");
      this.#settled(address);
      emit({ type: "subscription-settled", address });
      return;
    }
    if (this.#asking.has(address)) return;
    const [oldest] = this.#asking;
    if (this.#asking.size >= maxRequests && oldest !== undefined) {
      this.#asking.delete(oldest);
      emit({ type: "refused", what: "SIP watcher information with more people than are remembered" });
    }
    this.#asking.add(address);
    emit({ type: "subscription-request", address, name: watcher.displayName, text: undefined });
  }
}
