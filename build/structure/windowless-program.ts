import type * as Application from "../../main/app/app.ts";
import type { App } from "../../main/app/app.ts";
import { windowlessHost } from "../../main/host/windowless-host.test-helper.ts";
import { memorySecrets } from "../../main/secrets/memory-secrets.test-helper.ts";
import { emptySnapshot } from "../../main/settings/sources/source.ts";
import type { Call, Reply } from "../../shared/ipc/transport.ts";
import type { Op } from "../../shared/ipc/updates.ts";
import { fileOf, moduleOf } from "./checkout.ts";
import { executedFiles, filesChannel } from "./executed-files.ts";

export interface Program {
  readonly app: App;
  request<Result>(method: string, args: object): Promise<Result>;
  /** Resolves with the first operation from now on that fits. */
  op(fits: (op: Op) => boolean): Promise<Op>;
  /** Files that were run since the last call, in both threads. */
  files(): Promise<readonly string[]>;
}

/** The whole of main, without a window. */
export async function startProgram(checkout: string, folder: string): Promise<Program> {
  const { createApp } = await moduleOf<typeof Application>(checkout, ["main/app/app.ts", "main/app.ts"]);
  const worker = await fileOf(checkout, ["main/app/database-thread.ts", "main/history/worker.ts"]);
  process.env["COUNTED_WORKER"] = worker.href;
  const counted = new URL("counted-worker.ts", import.meta.url);
  const callers = new Set<(call: Call) => void>();
  const replies = new Map<number, (reply: Reply) => void>();
  const watchers = new Set<(op: Op) => void>();
  const nowhere = (): Promise<never> => Promise.reject(Object.assign(new Error("no DNS"), { code: "ENOTFOUND" }));
  const app = createApp({
    host: windowlessHost({
      send(message) {
        if (message.kind === "reply") replies.get(message.id)?.(message);
        else if (message.kind === "update")
          for (const op of message.update.ops) for (const watcher of [...watchers]) watcher(op);
      },
      onCall(listener) {
        callers.add(listener);
        return () => callers.delete(listener);
      },
      secrets: memorySecrets(),
    }),
    folder,
    policy: {
      read: async () => ({ snapshot: emptySnapshot, complete: true, problems: [] }),
      watch: () => () => undefined,
    },
    dns: { resolveSrv: nowhere, resolveNaptr: nowhere, lookup: async (address) => [{ address, family: 4 }] },
    workerUrl: counted,
    exportWorkerUrl: counted,
    version: "0.0.0",
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    now: Date.now,
    allowCleartext: () => true,
  });
  await app.start();
  // Its earlier name, in earlier checkouts.
  const former = app as App & { accounts?(): Promise<unknown> };
  await (former.accounts ? former.accounts() : app.services());
  const channel = new BroadcastChannel(filesChannel);
  (channel as unknown as { unref(): void }).unref();
  let calls = 0;
  return {
    app,
    async request<Result>(method: string, args: object): Promise<Result> {
      calls += 1;
      const call = { id: calls, method, args } as unknown as Call;
      const answered = new Promise<Reply>((resolve) => replies.set(call.id, resolve));
      for (const caller of callers) caller(call);
      const reply = await answered;
      if (!reply.ok) throw new Error(`${method}: ${JSON.stringify(reply.error)}`);
      return reply.result as Result;
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
    async files() {
      const answer = new Promise<readonly string[]>((resolve) => {
        channel.onmessage = ({ data }: { data: readonly string[] }) => resolve(data);
      });
      channel.postMessage("take");
      const inThread = await answer;
      return [...executedFiles(), ...inThread];
    },
  };
}
