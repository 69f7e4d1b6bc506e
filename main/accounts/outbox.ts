import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Address } from "../../shared/model/address.ts";
import { parseContactId } from "../../shared/model/contact.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { Connection } from "../networks/network.ts";

export interface Outbox {
  /** A message that was stored as `waiting`. Goes out at once when the account is on line and up to date, else after the next `release`. */
  add(record: MessageRecord): void;
  /** All that still waits in the history, after a catch-up has shown what the server already has. */
  release(connection: Connection, waiting: readonly MessageRecord[]): void;
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
  onFailed: (record: MessageRecord, error: unknown) => void,
  wantReceipts: () => boolean,
  now: () => number = Date.now,
  /** Throws where a message may not go out (any more). */
  check: (record: MessageRecord) => void = () => undefined,
): Outbox {
  let queue = new Map<string, MessageRecord>();
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
        try {
          check(record);
          const to: Address = parseContactId(record.conversationId).address;
          // Nobody is told of a time to come, which is what a clock that was set back makes of it.
          await connection.sendMessage({ id: record.id, to, body: record.body, at: Math.min(record.at, now()), wantReceipts: wantReceipts() });
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

  return {
    add(record) {
      if (handedOver.has(record.id)) return;
      queue.set(record.id, record);
      void run();
    },
    release(online, waiting) {
      connection = online;
      // The history has them in the order in which they were typed; what it does not know (yet) was typed last.
      const typed = queue;
      queue = new Map(waiting.filter((record) => !handedOver.has(record.id)).map((record) => [record.id, record]));
      for (const [id, record] of typed) if (!queue.has(id)) queue.set(id, record);
      void run();
    },
    hold() {
      connection = undefined;
    },
    settled(id, again) {
      handedOver.delete(id);
      if (!again) queue.delete(id);
    },
  };
}
