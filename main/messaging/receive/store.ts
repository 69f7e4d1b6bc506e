import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { HallwayError } from "../../../shared/errors.ts";
import type { AccountId } from "../../../shared/model/account.ts";
import { contactId } from "../../../shared/model/contact.ts";
import { directConversation } from "../../../shared/model/conversation-id.ts";
import { MessageIdSchema } from "../../../shared/model/message.ts";
import type { History, NewMessage } from "../../history/history.ts";
import type { MessageChange } from "../../networks/facets/messages.ts";
import type { Tables } from "../../store/tables.ts";
import { archivedAfter } from "../archive-run.ts";
import { conversationOf, type Delivery, type Received, type ReceivedMessage, type ReceiveStage } from "../delivery.ts";
import type { MessageTimes } from "../message-times.ts";
import type { OwnChanges } from "../own-changes.ts";
import type { Admission } from "./admit.ts";

export interface StoreParts {
  readonly history: History;
  readonly tables: Tables;
  readonly times: MessageTimes;
  readonly admission: Admission;
  /** Told that the network has an own message or change, or (`again`) that it may not have arrived. */
  readonly queue: { settled(accountId: AccountId, id: string, again: boolean): void };
  readonly ownChanges: Pick<OwnChanges, "delivered">;
  readonly now: () => number;
}

/**
 * Writes to the history what was received: messages that follow each other in one transaction, everything else one by
 * one. Errors: those of the history; nothing of the delivery is acknowledged then. What was written all the same is
 * shown, for it is no news when it comes again; an item that cannot be written costs none of the others.
 */
export function store(parts: StoreParts): ReceiveStage {
  const writer = new Writer(parts);
  return async (delivery, next) => {
    const { written, failure } = await writer.writeAll(delivery, groups(delivery.items));
    const acknowledgements = failure ? [] : delivery.acknowledgements;
    await next({ ...delivery, items: written.flatMap(({ stored }) => stored), acknowledgements });
    if (failure) throw failure.error;
    const rest = written.flatMap(({ more }) => more ?? []);
    return rest.length === 0 ? undefined : { ...delivery, items: rest, acknowledgements: [] };
  };
}

/** Messages in a row are one group, each other item is one of its own. */
function groups(items: readonly Received[]): readonly (readonly Received[])[] {
  const all: Received[][] = [];
  for (const item of items) {
    const last = all.at(-1);
    if (item.event.type === "message" && last?.[0]?.event.type === "message") last.push(item);
    else all.push([item]);
  }
  return all;
}

interface Written {
  readonly stored: readonly Received[];
  /** Work that is left for later. */
  readonly more?: Received;
}

class Writer {
  readonly #parts: StoreParts;

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  /** Ends where the disk takes no more; what fails for another reason is left out alone. */
  async writeAll(
    delivery: Delivery,
    all: readonly (readonly Received[])[],
  ): Promise<{ readonly written: readonly Written[]; readonly failure?: { readonly error: unknown } }> {
    const written: Written[] = [];
    let failure: { readonly error: unknown } | undefined;
    const left = [...all];
    for (let group = left.shift(); group; group = left.shift()) {
      try {
        written.push(await this.#write(delivery, group));
      } catch (error) {
        // Each alone: what fails then is what cannot be written.
        if (group.length > 1 && !(error instanceof HallwayError)) left.unshift(...group.map((item) => [item]));
        else failure = { error };
        if (error instanceof HallwayError) break;
      }
    }
    return { written, ...(failure ? { failure } : {}) };
  }

  async #write(delivery: Delivery, group: readonly Received[]): Promise<Written> {
    const messages = group.flatMap(({ event, ...item }) =>
      event.type === "message" ? [{ ...item, message: event.message }] : [],
    );
    if (messages.length > 0) return { stored: await this.#messages(delivery, messages) };
    const [item] = group;
    return item ? this.#other(delivery, item) : { stored: [] };
  }

  async #messages(delivery: Delivery, items: readonly Inspected[]): Promise<readonly Received[]> {
    const { history, tables, queue } = this.#parts;
    const { accountId, run } = delivery;
    const news = items.map(({ message }) => this.#toNew(delivery, message));
    const stored = await history.append(news);
    return items.flatMap(({ message, report }, index): readonly Received[] => {
      const [one, added] = [stored[index], news[index]];
      if (!one || !added) return [];
      const { record, isNew, changed } = one;
      // A message is reported once, however often it is brought.
      if (isNew) report?.();
      if (message.via === "archive") run?.places.set(record.conversationId, record.at);
      if (message.direction === "out") queue.settled(accountId, record.id, false);
      const isKnown = tables.get("contacts", contactId(accountId, message.peer)) !== undefined;
      const about = {
        message,
        record,
        place: added.place,
        isNew,
        isChanged: changed === true,
        isUnread: added.unread,
        isKnown,
      };
      return [{ event: { type: "message", message }, outcome: { kind: "message", ...about } }];
    });
  }

  #toNew({ accountId, protocol, run, isFirstSync }: Delivery, message: ReceivedMessage): NewMessage {
    const { tables, times, now } = this.#parts;
    const { at, saidAt, late } = times.of(accountId, message);
    const place = { accountId, kind: "direct", address: message.peer } as const;
    const conversationId = directConversation(accountId, message.peer);
    return {
      // Other programs give ids of any length; one that is no id here stays the message's name on the wire.
      id: message.direction === "out" && v.is(MessageIdSchema, message.id) ? message.id : randomUUID(),
      conversationId,
      place,
      direction: message.direction,
      author: message.author,
      wireId: message.id,
      ...(message.otherId === undefined ? {} : { otherWireId: message.otherId }),
      archiveId: message.archiveId,
      body: message.body,
      ...(message.notice === undefined ? {} : { notice: message.notice }),
      at,
      network: protocol,
      own: tables.get("accounts", accountId)?.address,
      receivedAt: now(),
      state: message.direction === "out" ? "sent" : "received",
      // What the archive brings stands in its place anyway; only what reached us late while we were here is marked.
      delayed: late,
      ...(saidAt === undefined ? {} : { saidAt }),
      ...(message.via === "archive" ? { archived: archivedAfter(run, conversationId) } : {}),
      otherDevice: message.direction === "out" && message.via === "carbon",
      unread: message.direction === "in" && isFirstSync !== true,
      // Nobody has read what cannot be shown.
      wantsRead: message.wantsRead && message.notice === undefined,
      ...(message.replaces === undefined ? {} : { replaces: message.replaces }),
    };
  }

  async #other(delivery: Delivery, item: Received): Promise<Written> {
    const { history, queue, ownChanges } = this.#parts;
    const { accountId } = delivery;
    const { event } = item;
    const conversationId = conversationOf(accountId, event);
    switch (event.type) {
      case "change":
        return { stored: await this.#change(delivery, event.change, item.report) };
      case "delivery": {
        queue.settled(accountId, event.id, event.state === "waiting");
        if (ownChanges.delivered(event) || event.state === "waiting") return { stored: [] };
        const record = await history.setState({
          conversationId,
          wireId: event.id,
          state: event.state,
          error: event.error,
        });
        return { stored: record ? [{ event, outcome: { kind: "state", record } }] : [] };
      }
      case "read-up-to": {
        if (!item.isContinued) {
          queue.settled(accountId, event.id, false);
          ownChanges.delivered({ id: event.id, state: "read" });
        }
        const { records, more } = await history.readThere(conversationId, event.id);
        // Those in between are shown with the last.
        const isShown = !item.isContinued || !more;
        const outcome = { kind: "read-there", conversationId, records: isShown ? records : [] } as const;
        return { stored: [{ event, outcome }], ...(more ? { more: { event, isContinued: true } } : {}) };
      }
      case "read-elsewhere": {
        const summary = await history.markReadByWireId({ conversationId, author: event.author, wireId: event.id });
        return { stored: summary ? [{ event, outcome: { kind: "read-here", summary } }] : [] };
      }
      case "typing":
      case "message":
        return { stored: [item] };
    }
  }

  /** A correction of a message that is not here is a message: nothing that was said is lost. */
  async #change(
    delivery: Delivery,
    change: MessageChange,
    report: (() => void) | undefined,
  ): Promise<readonly Received[]> {
    const { history, admission, now } = this.#parts;
    const { accountId, protocol } = delivery;
    const { peer, direction, author, targetId, id } = change;
    // A sender's stamp does not make a change that comes now one of long ago; the archive's is its own.
    const at = change.via === "archive" ? (change.at ?? now()) : now();
    const place = { accountId, kind: "direct", address: peer } as const;
    const about = {
      conversationId: directConversation(accountId, peer),
      place,
      direction,
      author,
      wireId: targetId,
      at,
    };
    const { outcome, record, summary } =
      change.kind === "retraction"
        ? await history.retract(about)
        : await history.correct({ ...about, body: change.body, ...(id === undefined ? {} : { newWireId: id }) });
    if (direction === "out" && id !== undefined) this.#ownChangeIsThere(accountId, id);
    if (outcome === "changed") {
      report?.();
      return [{ event: { type: "change", change }, outcome: { kind: "change", change, record, summary } }];
    }
    if (outcome !== "unknown" || change.kind === "retraction") return [];
    const message = { ...change, wantsDelivered: false, wantsRead: false, replaces: targetId };
    if (!admission.message(accountId, protocol, message)) return [];
    return this.#messages(delivery, [{ message, ...(report ? { report } : {}) }]);
  }

  #ownChangeIsThere(accountId: AccountId, id: string): void {
    this.#parts.queue.settled(accountId, id, false);
    this.#parts.ownChanges.delivered({ id, state: "sent" });
  }
}

/** A message that the guard has seen. */
interface Inspected {
  readonly message: ReceivedMessage;
  readonly report?: () => void;
}
