import type { Address } from "../../../../shared/model/address.ts";
import type { NetworkEvent } from "../../events.ts";
import type { ContactStore } from "../contact-store.ts";
import { Dialog } from "../dialogs/dialog.ts";
import { DialogTable } from "../dialogs/dialog-table.ts";
import { presencePackage } from "../packages/rfc-3856-presence.ts";
import { parseNameAddress, parseParameters, type SipRequest, tagOf } from "../wire/message.ts";
import type { Reply } from "../wire/reply.ts";
import { type NotifierLine, WatcherDialog } from "./watcher-dialog.ts";

/** Options of the account's own presence agent. */
export interface PresenceAgentOptions {
  readonly own: Address;
  readonly store: ContactStore;
  /** Strangers learn nothing, not even that somebody is here. */
  readonly isHiding: () => boolean;
  /** Document that says that nobody is here. */
  readonly gone: string;
  readonly emit: (event: NetworkEvent) => void;
}

/** Seconds. Shorter than most ask for: after a crash of ours watchers learn of our new connection when they refresh. */
const longestExpires = 600;
const usualExpires = 3_600;
/**
 * Dialogs at a time: of everybody, of strangers who wait for an answer, and of one watcher, who may have several
 * devices.
 */
const maxDialogs = 5_000;
const maxPending = 200;
const maxOfWatcher = 16;
/** Strangers who asked and are remembered so as not to ask twice. */
const maxAsking = 1_000;

/** As a server answers for somebody who is not there. */
export const notHere: Reply = { status: 480, unsigned: true };

/**
 * Presence of the account told by this device itself, on servers that take no PUBLISH and pass SUBSCRIBE on to us. It
 * outlives connections: watchers go on seeing us after a reconnect. Only people on the contact list, or accepted, see
 * anything; others wait for the person's answer. Source: RFC 3856 section 6, RFC 6665 section 4.2.
 */
export class PresenceAgent {
  readonly #options: PresenceAgentOptions;
  readonly #dialogs = new DialogTable<WatcherDialog>();
  readonly #asking = new Set<Address>();
  #line: NotifierLine | undefined;
  #document: string | undefined;

  constructor(options: PresenceAgentOptions) {
    this.#options = options;
  }

  /** A connection is signed in. Watchers of the one before are told with the next `publish`. */
  attach(line: NotifierLine): void {
    this.#line = line;
  }

  /** That connection has ended. */
  detach(line: NotifierLine): void {
    if (this.#line === line) this.#line = undefined;
  }

  /** Tells every watcher how the person is. */
  publish(document: string): void {
    this.#document = document;
    for (const watcher of this.#dialogs.usages()) watcher.tell();
  }

  /** Applies a changed decision of the person, or of policy, about somebody. */
  decided(address: Address): void {
    this.#asking.delete(address);
    const seen = this.#sees(address);
    for (const watcher of this.#of(address)) {
      if (seen) watcher.tell();
      // Who is blocked is told what a sign-out tells, and looks for us again later as after one.
      else if (this.#options.store.isBlocked(address)) void this.#leave(watcher);
      else void watcher.terminate("rejected");
    }
  }

  /** A stranger who learns nothing asked to see us: the person is asked, once. */
  askedBy(request: SipRequest, address: Address | undefined): void {
    if (address === undefined || this.#sees(address) || this.#options.store.isBlocked(address)) return;
    if (this.#options.store.decision(address) !== undefined || this.#asking.has(address)) return;
    const [oldest] = this.#asking;
    if (this.#asking.size >= maxAsking && oldest !== undefined) this.#asking.delete(oldest);
    this.#asking.add(address);
    const name = parseNameAddress(request.headers.get("from") ?? "").display;
    this.#options.emit({ type: "subscription-request", address, name, text: undefined });
  }

  /** Answers a SUBSCRIBE. `address`: whom it is from; undefined: nobody who could be asked about. */
  answer(request: SipRequest, address: Address | undefined): Reply {
    const expires = expiresOf(request);
    if (expires === undefined) return { status: 400 };
    if (tagOf(request.headers, "to") !== undefined) return this.#refresh(request, expires);
    if (address === undefined || this.#options.store.isBlocked(address)) return notHere;
    const sees = this.#sees(address);
    if (!sees) {
      if (this.#options.store.decision(address) === "declined")
        return this.#options.isHiding() ? notHere : { status: 603 };
      this.askedBy(request, address);
      if (this.#options.isHiding()) return notHere;
    }
    if (!takesPidf(request)) return { status: 406, headers: [`Accept: ${presencePackage.accept.join(", ")}`] };
    if (this.#dialogs.size >= maxDialogs || (!sees && this.#pending() >= maxPending))
      return { status: 503, headers: ["Retry-After: 60"] };
    return this.#begin(request, address, expires);
  }

  /** Signs out: whoever saw us sees last that nobody is here. */
  async stop(): Promise<void> {
    this.#document = undefined;
    await Promise.all(this.#dialogs.usages().map((watcher) => this.#leave(watcher)));
  }

  /** Forgets everybody without a word. */
  end(): void {
    for (const watcher of this.#dialogs.usages()) watcher.end();
    this.#dialogs.clear();
    this.#line = undefined;
  }

  #begin(request: SipRequest, address: Address, expires: number): Reply {
    const dialog = Dialog.incoming(request);
    if (!dialog) return { status: 400 };
    const [oldest, ...others] = this.#of(address);
    if (oldest && others.length + 1 >= maxOfWatcher) void oldest.terminate("deactivated");
    const watcher = new WatcherDialog({
      watcher: address,
      dialog,
      eventId: eventIdOf(request),
      line: () => this.#line,
      document: () => (this.#sees(address) ? this.#document : undefined),
      onGone: () => this.#dialogs.delete(dialog),
    });
    this.#dialogs.add(dialog, watcher);
    return this.#accepted(watcher, request, expires);
  }

  #refresh(request: SipRequest, expires: number): Reply {
    const watcher = this.#dialogs.find(request);
    if (!watcher) return { status: 481 };
    if (!watcher.dialog.inOrder(request)) return { status: 500 };
    watcher.dialog.retarget(request);
    return this.#accepted(watcher, request, expires);
  }

  /** The 200, and a NOTIFY right behind it (RFC 6665 section 4.2.1.1). */
  #accepted(watcher: WatcherDialog, request: SipRequest, expires: number): Reply {
    const granted = Math.min(expires, longestExpires);
    if (granted > 0) watcher.extend(granted);
    setImmediate(() => (granted > 0 ? watcher.tell() : void watcher.terminate("timeout")));
    return {
      status: 200,
      toTag: watcher.dialog.localTag,
      headers: [
        // RFC 3261 section 12.1.1: "copied into the response".
        ...request.headers.all("record-route").map((route) => `Record-Route: ${route}`),
        ...(this.#line ? [this.#line.contact.dialogHeader] : []),
        `Expires: ${granted}`,
        `Allow-Events: ${presencePackage.event}`,
      ],
    };
  }

  #leave(watcher: WatcherDialog): Promise<void> {
    return watcher.terminate("deactivated", watcher.isActive ? this.#options.gone : undefined);
  }

  #sees(address: Address): boolean {
    const { own, store } = this.#options;
    const decision = store.decision(address);
    if (store.isBlocked(address)) return false;
    return address === own || decision === "accepted" || (decision === undefined && store.has(address));
  }

  #of(address: Address): readonly WatcherDialog[] {
    return this.#dialogs.usages().filter((watcher) => watcher.watcher === address);
  }

  #pending(): number {
    return this.#dialogs.usages().filter((watcher) => !this.#sees(watcher.watcher)).length;
  }
}

/** `id` as a token; one that is none cannot be sent back. */
function eventIdOf(request: SipRequest): string | undefined {
  const id = parseParameters(request.headers.get("event") ?? "").params.get("id");
  return id !== undefined && /^[A-Za-z0-9.!%*_+`'~-]{1,128}$/.test(id) ? id : undefined;
}

/** Seconds asked for; undefined when it cannot be read. */
function expiresOf(request: SipRequest): number | undefined {
  const text = request.headers.get("expires");
  if (text === undefined) return usualExpires;
  return /^\d{1,10}$/.test(text.trim()) ? Number(text) : undefined;
}

/** RFC 3856 section 6.7: without Accept, PIDF is understood. */
function takesPidf(request: SipRequest): boolean {
  const accepts = request.headers.list("accept").map((accept) => parseParameters(accept).value.toLowerCase());
  return (
    accepts.length === 0 ||
    accepts.some((accept) => [...presencePackage.accept, "application/*", "*/*"].includes(accept))
  );
}
