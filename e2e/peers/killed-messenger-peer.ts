import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { createApp } from "../../main/app/app.ts";
import { workerUrl } from "../../main/history/workers.test-helper.ts";
import { windowlessHost } from "../../main/host/windowless-host.test-helper.ts";
import type { Stage } from "../../main/messaging/stage.ts";
import { emptySnapshot } from "../../main/settings/sources/source.ts";
import { toErrorInfo } from "../../shared/errors.ts";
import type { Protocol, ServerSettings } from "../../shared/model/account.ts";
import { createFileSecrets } from "../app/secrets.ts";
import { storeStage } from "./receive-stages.ts";

/** Orders of one run; see e2e/conformance/messaging-kills.ts. */
export interface MessengerOrders {
  readonly folder: string;
  readonly account: { readonly address: string; readonly password: string };
  readonly protocol: Protocol;
  readonly server: ServerSettings;
  readonly peer: string;
  /** More people whose conversations it says. */
  readonly others?: readonly string[];
  /** Storing waits for as many milliseconds, at most. */
  readonly slow?: number;
  /** Dies before this stage of a list takes what holds the token, so many milliseconds after the stage before it. */
  readonly kill?: { readonly list: string; readonly index: number; readonly token: string; readonly after?: number };
  readonly say?: { readonly id: string; readonly body: string };
}

/**
 * The whole of main without a window, in a process that dies where it is told to. It says in lines of JSON that it is
 * online, and from then on what its conversation holds.
 */
const orders = JSON.parse(process.argv[2] ?? "{}") as MessengerOrders;
await mkdir(orders.folder, { recursive: true });
/** Accounts as the window has them. */
const known = new Map<string, { readonly state?: unknown; readonly syncing?: unknown }>();
const host = windowlessHost({
  send(message) {
    if (message.kind !== "update") return;
    for (const op of message.update.ops) {
      if (op.table !== "accounts") continue;
      if (op.op === "put") known.set(op.id, op.record);
      else if (op.op === "patch") known.set(op.id, { ...known.get(op.id), ...op.fields });
    }
  },
  secrets: createFileSecrets(join(orders.folder, "secrets.json")),
});
const nowhere = (): Promise<never> => Promise.reject(Object.assign(new Error("no DNS"), { code: "ENOTFOUND" }));

/** Turns of the loop between the stage before and the death. */
const turnsBefore = 50;

function deadly<Item, Result>(): Stage<Item, Result> {
  return async (item, next) => {
    if (!orders.kill || !JSON.stringify(item).includes(orders.kill.token)) return next(item);
    // What was acknowledged too early has left by then.
    for (let turn = 0; turn < turnsBefore; turn += 1) await setImmediate();
    await sleep(orders.kill.after ?? 0);
    process.kill(process.pid, "SIGKILL");
    return next(item);
  };
}

function slow<Item, Result>(): Stage<Item, Result> {
  return async (item, next) => {
    await sleep(Math.random() * (orders.slow ?? 0));
    return next(item);
  };
}

const app = createApp({
  host,
  folder: orders.folder,
  policy: {
    read: async () => ({ snapshot: emptySnapshot, complete: true, problems: [] }),
    watch: () => () => undefined,
  },
  dns: { resolveSrv: nowhere, resolveNaptr: nowhere, lookup: async (address) => [{ address, family: 4 }] },
  workerUrl,
  exportWorkerUrl: workerUrl,
  version: "0.0.0-test",
  log: { debug: () => undefined, info: () => undefined, warn: (what, about) => console.error(what, about) },
  now: Date.now,
  allowCleartext: () => false,
  stages: (list, stages) => {
    if (list === orders.kill?.list) return stages.toSpliced(orders.kill.index, 0, deadly());
    return list === "receive" && orders.slow !== undefined ? stages.toSpliced(storeStage, 0, slow()) : stages;
  },
});
await app.start();
const { addAccount, views, messaging } = await app.services();
const { account, protocol, server, peer } = orders;
const accountId = await addAccount.add({ ...account, protocol, server }).catch(async (error: unknown) => {
  if (toErrorInfo(error).code !== "already-exists") throw error;
  // It is kept from an earlier run, and is shown in a moment.
  while (known.size === 0) await sleep(20);
  const [id = ""] = known.keys();
  return id;
});
const conversationId = await views.start(accountId, peer);
const others = await Promise.all((orders.others ?? []).map((other) => views.start(accountId, other)));
while (known.get(accountId)?.state !== "online" || known.get(accountId)?.syncing === true) await sleep(20);
console.log(JSON.stringify({ ready: true }));
if (orders.say) await messaging.sending.say({ kind: "text", conversationId, ...orders.say });
for (;;) {
  for (const [index, id] of [conversationId, ...others].entries()) {
    const { messages } = await views.open({ conversationId: id, limit: 200 });
    const bodies = messages.map(({ body, state }) => (state === "waiting" ? `${body} waits` : body));
    console.log(JSON.stringify({ peer: index === 0 ? peer : orders.others?.[index - 1], bodies }));
  }
  await sleep(100);
}
