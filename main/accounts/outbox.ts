import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Address } from "../../shared/model/address.ts";
import { parseContactId } from "../../shared/model/contact.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { Connection } from "../networks/network.ts";
import type { OwnChange } from "./own-changes.ts";

export interface Outbox {
  /** A message that was stored as `waiting`. Goes out at once when the account is on line and up to date, else after the next `release`. */
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
}

/**
 * Own messages that wait for the network, one after the other. A message is handed to the network once and is only
 * handed over again when the network said that it may not have arrived, and then under the same id and after the
 * server's archive was read, so that it arrives exactly once.
 */
export function createOutbox(
  onFailed: (what: Pick<MessageRecord, "id" | "conversationId">, error: unknown) => void,
  wantReceipts: () => boolean,
  now: () => number = Date.now,
  /** Throws where a message may not go out (any more). */
  check: (what: Pick<MessageRecord, "conversationId" | "body">) => void = () => undefined,
  retractionText: () => string = () => "",
): Outbox {
  let queue = new Map<string, MessageRecord | OwnChange>();
  /** What was typed in this run and never handed over. */
  const unsent = new Set<string>();
  const handedOver = new Set<string>();
  let connection: Connection | undefined;
  let running = false;

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    try {
      for (;;) {
        const record = queue.values().next().value;
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
      unsent.delete(id);
      if (!again) queue.delete(id);
    },
  };
}
