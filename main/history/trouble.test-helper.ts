import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { ErrorInfo } from "../../shared/errors.ts";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import type { WorkerMethods } from "../app/worker-methods.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import type { History, NewMessage } from "./history.ts";
import { newMessage } from "./new-message.test-helper.ts";
import { openHistory } from "./open-history.ts";
import { workerUrl } from "./workers.test-helper.ts";

const account = "account-1";
/** Conversation that everything is said in. */
export const bob = `${account}|bob@example.test`;
export const key = new Uint8Array(randomBytes(32));
let count = 0;

/** One history after the other over the folder of a test, and what each tells of its troubles. */
export class TroubledHistory {
  folder = "";
  troubles: ErrorInfo[] = [];
  #worker: DatabaseWorker<WorkerMethods> | undefined;
  #open: History | undefined;

  constructor() {
    beforeAll(() => {
      this.#worker = startDatabaseWorker(workerUrl);
    });
    afterAll(() => this.#worker?.stop());
    beforeEach(async () => {
      this.folder = await mkdtemp(join(tmpdir(), "hallway-trouble-"));
      this.troubles = [];
    });
    afterEach(async () => {
      await this.close();
      await rm(this.folder, { recursive: true, force: true });
    });
  }

  /** Closes the history before, and opens the next one. */
  async open(options: Partial<Parameters<typeof openHistory>[0]> = {}): Promise<History> {
    await this.close();
    const worker = this.#worker;
    if (worker === undefined) throw new Error("No test has begun");
    this.#open = await openHistory({
      worker,
      folder: this.folder,
      key,
      mode: "encrypted",
      onTrouble: (error) => this.troubles.push(error),
      ...options,
    });
    return this.#open;
  }

  async close(): Promise<void> {
    await this.#open?.close();
    this.#open = undefined;
  }
}

export function message(fields: Partial<NewMessage> = {}): NewMessage {
  count += 1;
  const { id = `message-${count}`, direction = "in" } = fields;
  const wireId = direction === "out" ? id : `wire-${count}`;
  const body = `Line ${count} ${"filler ".repeat(30)}`;
  return newMessage(id, { wireId, body, at: 1_700_000_000_000 + count, receivedAt: count, ...fields });
}

export async function fill(history: History, lines: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < lines; n += 250)
    ids.push(
      ...(await history.append(Array.from({ length: Math.min(250, lines - n) }, () => message()))).map(
        (one) => one.record.id,
      ),
    );
  return ids;
}

export async function allIds(history: History): Promise<string[]> {
  const ids: string[] = [];
  let page = await history.page({ conversationId: bob, limit: 200 });
  for (;;) {
    ids.unshift(...page.messages.map((one) => one.id));
    const first = page.messages[0];
    if (!page.before || !first) return ids;
    page = await history.page({ conversationId: bob, limit: 200, before: first.id });
  }
}
