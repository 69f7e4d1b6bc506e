import { HallwayError } from "../../shared/errors.ts";
import type { AccountId, Protocol } from "../../shared/model/account.ts";
import { type ContactId, contactId } from "../../shared/model/contact.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { History } from "../history/history.ts";
import type { ArchiveRun } from "../messaging/archive-run.ts";
import type { NetworkEvent } from "../networks/events.ts";
import type { IncomingMessage, MessageChange } from "../networks/facets/messages.ts";
import type { Log } from "../networks/log.ts";
import type { Blocklist } from "./blocklist.ts";
import type { Contacts } from "./contacts.ts";
import type { Arrival, Conversations, Received } from "./conversations.ts";
import type { MessageChanges } from "./message-changes.ts";
import type { Requests } from "./requests.ts";
import type { Tables } from "./tables.ts";

/** What ingest tells the rest of the program, per account. */
export interface IngestListener {
  /** Live messages from known people, stored: receipts, notifications. */
  readonly arrived: (accountId: AccountId, arrivals: readonly Arrival[]) => void;
  /** The network knows what became of an own message; `again`: it may not have arrived. */
  readonly settled: (accountId: AccountId, id: string, again: boolean) => void;
  /** The same of an own correction or retraction; false: it is none that is on its way. */
  readonly changeDelivered: (
    event: Pick<Extract<NetworkEvent, { type: "delivery" }>, "id" | "state" | "error">,
  ) => boolean;
  /** All this, which came live and in this order, is stored, or policy lets none of it be stored. */
  readonly stored?: (accountId: AccountId, news: readonly (IncomingMessage | MessageChange)[]) => void;
  /** Something that came live could not be stored. */
  readonly notStored?: (accountId: AccountId) => void;
  /** An own message will not be sent. */
  readonly failed: (record: MessageRecord) => void;
  /** Somebody whom we asked first asks to see us: say yes. */
  readonly accept: (accountId: AccountId, address: string) => void;
}

/** The only writer of live state that comes from networks: events in, records out, in order per account. */
export interface Ingest {
  /** Resolves when what it brought is stored, false: it could not be; undefined: there is nothing to store. */
  event(accountId: AccountId, protocol: Protocol, event: NetworkEvent): Promise<boolean> | undefined;
  /** A page of the server's archive; resolves when it is stored. Error: `storage-failed`. */
  archive(
    accountId: AccountId,
    protocol: Protocol,
    messages: readonly IncomingMessage[],
    firstSync: boolean,
    changes: readonly MessageChange[],
    run?: ArchiveRun,
  ): Promise<void>;
  /** Resolves when everything received so far is stored. */
  idle(): Promise<void>;
}

/** Live messages that may wait to be stored in one go, so that a flood costs few transactions. */
const maxBatch = 500;

interface Batch {
  readonly messages: IncomingMessage[];
  readonly stored: Promise<boolean>;
}

export function createIngest(parts: {
  readonly tables: Tables;
  readonly contacts: Contacts;
  readonly conversations: Conversations;
  readonly changes: MessageChanges;
  readonly requests: Requests;
  readonly blocklist: Pick<Blocklist, "listed" | "pushed">;
  readonly history: History;
  readonly listener: IngestListener;
  readonly received: Received;
  readonly log: Log;
  readonly now: () => number;
}): Ingest {
  const { tables, contacts, conversations, changes, requests, blocklist, history, listener, received, log, now } =
    parts;
  const queues = new Map<AccountId, Promise<boolean>>();
  const batches = new Map<AccountId, Batch>();

  /**
   * Runs work of one account after all its earlier work. Resolves to false where the disk did not take it; what fails
   * otherwise would fail again.
   */
  function enqueue(accountId: AccountId, work: () => Promise<void>): Promise<boolean> {
    const next = (queues.get(accountId) ?? Promise.resolve(true)).then(work).then(
      () => true,
      (error: unknown) => {
        log.warn("An event could not be stored", { account: accountId, error });
        return !(error instanceof HallwayError);
      },
    );
    queues.set(accountId, next);
    return next;
  }

  function message(accountId: AccountId, protocol: Protocol, incoming: IncomingMessage): Promise<boolean> {
    const open = batches.get(accountId);
    if (open && open.messages.length < maxBatch) {
      open.messages.push(incoming);
      return open.stored;
    }
    const messages = [incoming];
    const stored = enqueue(accountId, async () => {
      if (batches.get(accountId)?.messages === messages) batches.delete(accountId);
      const { arrivals, ownSeen } = await storing(accountId, messages, () =>
        conversations.ingest(accountId, protocol, messages, false),
      );
      for (const id of ownSeen) listener.settled(accountId, id, false);
      listener.arrived(accountId, arrivals);
    });
    batches.set(accountId, { messages, stored });
    return stored;
  }

  /** Says what became of something live, for the place in the archive that a later reading begins at. */
  async function storing<T>(
    accountId: AccountId,
    news: readonly (IncomingMessage | MessageChange)[],
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      const result = await work();
      listener.stored?.(accountId, news);
      return result;
    } catch (error) {
      listener.notStored?.(accountId);
      throw error;
    }
  }

  async function applyChanges(
    accountId: AccountId,
    protocol: Protocol,
    news: readonly MessageChange[],
    firstSync: boolean,
    run?: ArchiveRun,
  ): Promise<void> {
    const { arrivals, ownSeen } = await changes.apply(accountId, protocol, news, firstSync, run);
    for (const id of ownSeen) {
      listener.settled(accountId, id, false);
      listener.changeDelivered({ id, state: "sent" });
    }
    listener.arrived(accountId, arrivals);
  }

  async function delivery(accountId: AccountId, event: Extract<NetworkEvent, { type: "delivery" }>): Promise<void> {
    listener.settled(accountId, event.id, event.state === "waiting");
    if (listener.changeDelivered(event) || event.state === "waiting") return;
    const record = await history.setState(event.id, contactId(accountId, event.peer), event.state, event.error);
    if (!record) return;
    conversations.changed(record);
    if (record.state === "failed") listener.failed(record);
  }

  /** Some at a time, so that what else comes has its turn in between. */
  async function readThere(
    accountId: AccountId,
    conversationId: ContactId,
    wireId: string,
    isFirst = true,
  ): Promise<void> {
    const { records, more } = await history.readThere(conversationId, wireId);
    if (isFirst || !more) conversations.changedAll(conversationId, records);
    if (more) void enqueue(accountId, () => readThere(accountId, conversationId, wireId, false));
  }

  function subscriptionRequest(
    accountId: AccountId,
    protocol: Protocol,
    event: Extract<NetworkEvent, { type: "subscription-request" }>,
  ): void {
    const reception = requests.reception(accountId, event.address);
    if (reception === "fold") requests.fold(accountId, protocol, event.address);
    if (reception === "refuse" || reception === "fold") return;
    const contact = tables.get("contacts", contactId(accountId, event.address));
    if (contact?.listed && (contact.asked || contact.subscription === "to" || contact.subscription === "both")) {
      listener.accept(accountId, event.address);
      return;
    }
    requests.file({
      accountId,
      protocol,
      address: event.address,
      kind: "presence",
      at: now(),
      ...(event.name === undefined ? {} : { name: event.name }),
      ...(event.text === undefined
        ? {}
        : { text: received(accountId, { peer: event.address, direction: "in", body: event.text }) }),
    });
  }

  return {
    event(accountId, protocol, event) {
      // Anything but a message ends the open batch, so that what follows a message is handled after it.
      if (event.type !== "message") batches.delete(accountId);
      switch (event.type) {
        case "message":
          return message(accountId, protocol, event.message);
        case "change":
          return enqueue(accountId, () =>
            storing(accountId, [event.change], () => applyChanges(accountId, protocol, [event.change], false)),
          );
        case "delivery":
          return enqueue(accountId, () => delivery(accountId, event));
        case "read-up-to":
          return enqueue(accountId, async () => {
            listener.settled(accountId, event.id, false);
            listener.changeDelivered({ id: event.id, state: "read" });
            await readThere(accountId, contactId(accountId, event.peer), event.id);
          });
        case "read-elsewhere":
          return enqueue(accountId, async () => {
            const summary = await history.markReadByWireId(contactId(accountId, event.peer), event.id);
            if (summary) conversations.summary(summary);
          });
        case "typing":
          return enqueue(accountId, async () => conversations.typing(contactId(accountId, event.peer), event.active));
        case "roster":
          contacts.roster(accountId, protocol, event.items);
          return undefined;
        case "roster-item":
          contacts.rosterItem(accountId, protocol, event.item);
          return undefined;
        case "roster-removed":
          contacts.rosterRemoved(accountId, event.address);
          return undefined;
        case "presence":
          contacts.presence(accountId, event.address, event.presence);
          return undefined;
        case "subscription-request":
          subscriptionRequest(accountId, protocol, event);
          return undefined;
        case "subscription-settled":
          requests.settle(accountId, event.address);
          return undefined;
        case "block-list":
          blocklist.listed(accountId, event.addresses);
          return undefined;
        case "block-changed":
          blocklist.pushed(accountId, event.addresses, event.isBlocked);
          return undefined;
        case "refused":
          log.info("Refused", { account: accountId, what: event.what });
          return undefined;
        case "connection-lost":
        case "features":
          return undefined; // The session keeps these.
      }
    },
    async archive(accountId, protocol, messages, firstSync, news, run) {
      const stored = await enqueue(accountId, async () => {
        batches.delete(accountId);
        const { ownSeen } = await conversations.ingest(accountId, protocol, messages, firstSync, run);
        for (const id of ownSeen) listener.settled(accountId, id, false);
        await applyChanges(accountId, protocol, news, firstSync, run);
      });
      // The place in the archive stays before it, so that it is read again.
      if (!stored) throw new HallwayError("storage-failed");
    },
    async idle() {
      await Promise.all(queues.values());
    },
  };
}
