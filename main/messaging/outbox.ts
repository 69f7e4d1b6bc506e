import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Address } from "../../shared/model/address.ts";
import { type ContactId, parseContactId } from "../../shared/model/contact.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { Connection } from "../networks/network.ts";
import type { OwnChange } from "./own-changes.ts";

export interface Outbox {
  /**
   * A message that was stored as `waiting`. Goes out at once when the account is on line and up to date, else after the
   * next `release`.
   */
  add(record: MessageRecord): void;
  /** A correction or retraction of an own message; it goes out after all messages that wait. */
  addChange(change: OwnChange): void;
  /** A message or change will not be sent after all. False: it may have been handed over, now or in an earlier run. */
  withdraw(id: string): boolean;
  /** All that still waits in the history, and all changes, after a catch-up has shown what the server already has. */
  release(connection: Connection, waiting: readonly MessageRecord[], changes?: readonly OwnChange[]): void;
  /** The connection was lost: nothing goes out until the next `release`. */
  hold(): void;
  /** The network knows what became of it, or (`again`) that it may not have arrived. */
  settled(id: string, again: boolean): void;
  /** Nothing is waited for any more. */
  close(): void;
}

/**
 * What a message has to wait for besides the network; undefined: nothing. Rejects with why it will not be sent, or with
 * `cancelled`.
 */
export type Clearance = (what: MessageRecord | OwnChange, signal: AbortSignal) => Promise<void> | undefined;

export interface OutboxOptions {
  /** It will not be sent. */
  readonly onFailed: (what: Pick<MessageRecord, "id" | "conversationId">, error: unknown) => void;
  readonly wantReceipts: () => boolean;
  readonly now: () => number;
  /** Throws where a message may not go out (any more). */
  readonly check: (what: Pick<MessageRecord, "conversationId" | "body">) => void;
  /** What is shown in the place of a retraction by programs that do not know them. */
  readonly retractionText: () => string;
  readonly clearance: Clearance;
}

/**
 * Own messages that wait for the network, one after the other. One that has to wait for something else holds back what
 * follows it in its conversation, and nothing more. A message is handed to the network once and is only handed over
 * again when the network said that it may not have arrived, and then under the same id and after the server's archive
 * was read, so that it arrives exactly once.
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const { onFailed, wantReceipts, now, check, retractionText, clearance } = options;
  let queue = new Map<string, MessageRecord | OwnChange>();
  /** What was typed in this run and never handed over. */
  const unsent = new Set<string>();
  const handedOver = new Set<string>();
  /** What need not be waited for any more, and what is waited for: each with the text that it was asked for. */
  const cleared = new Map<string, string>();
  const asked = new Map<string, { readonly body: string; readonly controller: AbortController }>();
  let connection: Connection | undefined;
  let running = false;

  function isClear(what: MessageRecord | OwnChange): boolean {
    const { id, body } = what;
    if (cleared.get(id) === body) return true;
    if (asked.get(id)?.body === body) return false;
    // It says something else now, which is another thing to wait for.
    forget(id);
    const controller = new AbortController();
    const clear = clearance(what, controller.signal);
    if (!clear) return true;
    asked.set(id, { body, controller });
    const isOver = (): boolean => asked.get(id)?.controller !== controller;
    void clear.then(
      () => {
        if (isOver()) return;
        asked.delete(id);
        cleared.set(id, body);
        void run();
      },
      (error: unknown) => {
        // Nobody waits for it any more.
        if (isOver() || toErrorInfo(error).code === "cancelled") return;
        asked.delete(id);
        queue.delete(id);
        onFailed(what, error);
        void run();
      },
    );
    return false;
  }

  /** The first that may go now. */
  function next(): MessageRecord | OwnChange | undefined {
    const held = new Set<ContactId>();
    for (const what of queue.values()) {
      if (held.has(what.conversationId)) continue;
      if (isClear(what)) return what;
      held.add(what.conversationId);
    }
    return undefined;
  }

  function forget(id: string): void {
    cleared.delete(id);
    asked.get(id)?.controller.abort();
    asked.delete(id);
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    try {
      for (;;) {
        const record = connection && next();
        if (!record || !connection) return;
        queue.delete(record.id);
        handedOver.add(record.id);
        unsent.delete(record.id);
        try {
          await send(connection, record);
        } catch (error) {
          handedOver.delete(record.id);
          const { code } = toErrorInfo(error);
          if (error instanceof HallwayError && (code === "offline" || code === "connection-lost")) {
            connection = undefined; // It stays `waiting`, first in line for the next sign-in.
            queue = new Map([[record.id, record], ...queue]);
            return;
          }
          onFailed(record, error);
        }
      }
    } finally {
      running = false;
    }
  }

  async function send(online: Connection, what: MessageRecord | OwnChange): Promise<void> {
    const { id, body } = what;
    const to: Address = parseContactId(what.conversationId).address;
    // Nobody is told of a time to come, which is what a clock that was set back makes of it.
    const at = Math.min(what.at, now());
    if ("kind" in what && what.kind === "retraction") {
      if (!online.retractMessage) throw new HallwayError("unsupported");
      return online.retractMessage({ id, to, targetId: what.targetId, at, fallback: retractionText() });
    }
    check(what);
    if (!("kind" in what)) return online.sendMessage({ id, to, body, at, wantReceipts: wantReceipts() });
    if (!online.correctMessage) throw new HallwayError("unsupported");
    return online.correctMessage({ id, to, targetId: what.targetId, body, at });
  }

  function add(what: MessageRecord | OwnChange): void {
    if (handedOver.has(what.id)) return;
    if (!queue.has(what.id)) unsent.add(what.id);
    queue.set(what.id, what);
    void run();
  }

  return {
    add,
    addChange: add,
    withdraw(id) {
      queue.delete(id);
      forget(id);
      return unsent.delete(id);
    },
    release(online, waiting, changes = []) {
      connection = online;
      // The history has them in the order in which they were typed; what it does not know (yet) was typed last.
      const typed = queue;
      queue = new Map([...waiting, ...changes].filter(({ id }) => !handedOver.has(id)).map((what) => [what.id, what]));
      for (const [id, record] of typed) if (!queue.has(id)) queue.set(id, record);
      void run();
    },
    hold() {
      connection = undefined;
    },
    settled(id, again) {
      handedOver.delete(id);
      if (again) return;
      unsent.delete(id);
      queue.delete(id);
      forget(id);
    },
    close() {
      connection = undefined;
      for (const id of [...asked.keys()]) forget(id);
    },
  };
}
