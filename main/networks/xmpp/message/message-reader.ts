import type { Element } from "@xmpp/xml";
import { KeyedQueue } from "../../../../shared/keyed-queue.ts";
import type { Address } from "../../../../shared/model/address.ts";
import { isService } from "../../../../shared/model/address.ts";
import { directAuthor } from "../../../../shared/model/author.ts";
import type { NetworkEvent, Stored } from "../../events.ts";
import type { RosterItem } from "../../facets/contacts.ts";
import type { IncomingMessage } from "../../facets/messages.ts";
import { type Awaitable, after, inSequence, within } from "../awaitable.ts";
import type { ExtensionParts } from "../extension.ts";
import type { ExtensionRegistry } from "../extension-registry.ts";
import type { Senders } from "../senders.ts";
import { elementsOf } from "../xml/element.ts";
import type { MessageDraft } from "./drafts.ts";
import { readMessage, toEvents } from "./messages.ts";
import { Unnamed } from "./unnamed.ts";
import { concludeDraft } from "./unshown.ts";

/** Longest time that extensions may take for one message, in milliseconds. */
const maxReadingMs = 15_000;
/** Messages that may wait for those before them to be read. */
const maxUnread = 5_000;

export interface MessageReaderOptions {
  readonly address: Address;
  readonly domain: string;
  readonly senders: Senders;
  readonly registry: ExtensionRegistry;
  readonly roster: { get(address: Address): RosterItem | undefined };
  /** BCP 47 tag of the person's language. */
  readonly language: () => string;
  readonly now: () => number;
  readonly emit: (event: NetworkEvent) => Stored;
  readonly refuse: (what: string) => void;
}

/**
 * From a stanza to a message: first what RFC 6121 says of it, then each of its children by the extension that takes it
 * on, if it takes it from this sender. Extensions may take time; messages of one conversation are read one after
 * another, in the order in which they came, whether they came live, as copies or out of the archive.
 */
export class MessageReader {
  readonly #options: MessageReaderOptions;
  readonly #inOrder = new KeyedQueue<Address>({ maxLength: maxUnread });
  readonly #unnamed: Unnamed;

  constructor(options: MessageReaderOptions) {
    this.#options = options;
    this.#unnamed = new Unnamed(options.now);
  }

  /** Errors: `timed-out` where an extension does not come to an end, `rate-limited` where too many wait. */
  read(stanza: Element, via: IncomingMessage["via"], delay: number | undefined): Awaitable<MessageDraft | undefined> {
    const { address, domain, senders, language } = this.#options;
    const draft = readMessage(stanza, { via, own: address, server: domain, senders, delay, language });
    if (!draft) return undefined;
    return this.#inOrder.run(draft.peer, () =>
      stanza.attrs["type"] === "error" ? draft : after(within(maxReadingMs, this.#readParts(draft)), () => draft),
    );
  }

  /** Emits what was read, in order. Resolves with whether all of it is stored. */
  deliver(draft: MessageDraft): Stored {
    return storedAll(toEvents(draft).map((event) => this.#options.emit(event)));
  }

  #readParts(draft: MessageDraft): Awaitable<void> {
    const children = elementsOf(draft.stanza);
    const namespaces = new Set(children.map(({ attrs }) => attrs["xmlns"]));
    const concerns = ({ from, about }: NonNullable<ExtensionParts["messageRead"]>): boolean =>
      from.includes(draft.sender.kind) && (about?.some((xmlns) => namespaces.has(xmlns)) ?? true);
    return after(
      inSequence(children, (child) => this.#readPart(child, draft)),
      () =>
        after(
          inSequence(this.#options.registry.parts, ({ messageRead }) =>
            messageRead && concerns(messageRead) ? messageRead.read(draft) : undefined,
          ),
          () => this.#conclude(draft),
        ),
    );
  }

  #readPart(child: Element, draft: MessageDraft): Awaitable<void> {
    const { registry, refuse } = this.#options;
    const xmlns = child.attrs["xmlns"];
    const part = xmlns === undefined ? undefined : registry.message.get(xmlns);
    if (!part) return;
    if (part.from.includes(draft.sender.kind)) return part.read(child, draft);
    refuse("a part of a message from somebody who may not send it");
  }

  #conclude(draft: MessageDraft): void {
    const { roster, address } = this.#options;
    // An extension has found out whom it is from: the room or the service that brought it did not write it.
    if (draft.peer !== draft.wirePeer)
      draft.author = { ...draft.author, ...directAuthor(draft.direction, { own: address, peer: draft.peer }) };
    // Nobody comes under Requests by something that has no name.
    const isHeard = (peer: Address): boolean =>
      draft.direction === "out" || roster.get(peer) !== undefined || isService(peer);
    concludeDraft(draft, (peer, what) => isHeard(peer) && this.#unnamed.mayTell(draft, peer, what));
  }
}

/** Undefined: there is nothing to wait for. */
function storedAll(all: readonly Stored[]): Stored {
  const waiting = all.filter((stored) => stored !== undefined);
  if (waiting.length < 2) return waiting[0];
  return Promise.all(waiting).then((done) => done.every(Boolean));
}
