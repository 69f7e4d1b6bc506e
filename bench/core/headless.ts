import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, createApp } from "../../main/app/app.ts";
import { exportWorkerUrl, workerUrl } from "../../main/history/workers.test-helper.ts";
import { windowlessHost } from "../../main/host/windowless-host.test-helper.ts";
import { memorySecrets } from "../../main/secrets/memory-secrets.test-helper.ts";
import { emptySnapshot, type PolicySource } from "../../main/settings/sources/source.ts";
import { HallwayError } from "../../shared/errors.ts";
import type { Args, Method, Result } from "../../shared/ipc/contract.ts";
import type { Call, CommandMessage, Reply, UpdateMessage } from "../../shared/ipc/transport.ts";
import type { Op } from "../../shared/ipc/updates.ts";
import type { Protocol, ServerSettings } from "../../shared/model/account.ts";

/** An account as the bench hands it to a worker. */
export interface BenchAccount {
  readonly protocol: Protocol;
  readonly address: string;
  readonly password: string;
  readonly server: ServerSettings;
}

/** The whole main process (createApp) on a desktop without a window. */
export interface Headless {
  request<M extends Method>(method: M, args: Args<M>): Promise<Result<M>>;
  /** Resolves with the first operation from now on that fits. */
  op(fits: (op: Op) => boolean): Promise<Op>;
  stop(): Promise<void>;
}

/** State that outlives a run of the main process: a start in the same home is the same person on the same machine. */
export interface Home {
  readonly folder: string;
  readonly secrets: Map<string, string>;
  remove(): Promise<void>;
}

export async function createHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), "hallway-bench-"));
  return {
    folder,
    secrets: new Map(),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

const noPolicy: PolicySource = {
  read: async () => ({ snapshot: emptySnapshot, complete: true, problems: [] }),
  watch: () => () => undefined,
};

/** Resolves when its vault and its databases are open, and what they hold is in memory. */
export async function startHeadless({ folder, secrets }: Home, policy = noPolicy): Promise<Headless> {
  const callers = new Set<(call: Call) => void>();
  const waiting = new Map<number, (reply: Reply) => void>();
  const watchers = new Set<(op: Op) => void>();

  function receive(message: Reply | UpdateMessage | CommandMessage): void {
    if (message.kind === "reply") {
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    } else if (message.kind === "update") {
      // A window's pipe would turn it into JSON: that work belongs to what is measured.
      JSON.stringify(message);
      for (const op of message.update.ops) for (const watcher of watchers) watcher(op);
    }
  }

  const host = windowlessHost({
    send: receive,
    onCall(listener) {
      callers.add(listener);
      return () => callers.delete(listener);
    },
    secrets: memorySecrets(secrets),
  });
  const nowhere = async (): Promise<never> => {
    throw Object.assign(new Error("the bench says where its servers are"), { code: "ENOTFOUND" });
  };
  const app: App = createApp({
    host,
    folder,
    policy,
    dns: { resolveSrv: nowhere, resolveNaptr: nowhere, lookup: async (name) => [{ address: name, family: 4 }] },
    workerUrl,
    exportWorkerUrl,
    version: "0.0.0",
    log: { debug: () => undefined, info: () => undefined, warn: (what, about) => console.error(what, about) },
    now: Date.now,
    allowCleartext: () => false,
  });
  await app.start();
  await app.services();

  let calls = 0;
  return {
    async request<M extends Method>(method: M, args: Args<M>): Promise<Result<M>> {
      calls += 1;
      const id = calls;
      const reply = await new Promise<Reply>((resolve) => {
        waiting.set(id, resolve);
        for (const caller of callers) caller({ id, method, args });
      });
      if (!reply.ok) throw new HallwayError(reply.error.code, reply.error.params);
      return reply.result as Result<M>;
    },
    op: (fits) =>
      new Promise((resolve) => {
        const watcher = (op: Op): void => {
          if (!fits(op)) return;
          watchers.delete(watcher);
          resolve(op);
        };
        watchers.add(watcher);
      }),
    stop: () => app.stop(),
  };
}
