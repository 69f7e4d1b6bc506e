import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { Args, Method, Result } from "../../shared/ipc/contract.ts";
import type { Call, CommandMessage, Reply, UpdateMessage } from "../../shared/ipc/transport.ts";
import type { AccountRecord } from "../../shared/model/account.ts";
import type { AppRecord } from "../../shared/model/app.ts";
import { type SettingKey, type SettingRecord, settings } from "../../shared/settings/declaration.ts";
import { type App, createApp } from "../app/app.ts";
import type { AppOptions } from "../app/app-options.ts";
import { exportWorkerUrl, workerUrl } from "../history/workers.test-helper.ts";
import type { Host } from "../host/host.ts";
import { windowlessHost } from "../host/windowless-host.test-helper.ts";
import { memorySecrets } from "../secrets/memory-secrets.test-helper.ts";
import type { SystemPerson } from "../settings/provisioning.ts";
import { createLinuxFiles } from "../settings/sources/linux-files.ts";

/** The program behind its contract: no window, calls go in, messages come out, and a policy folder of its own. */
export interface TestApp {
  readonly app: App;
  /** Everything that main said to the renderer. */
  readonly messages: readonly (Reply | UpdateMessage | CommandMessage)[];
  /** Rejects with an Error that has the code and the params of the reply. */
  request<M extends Method>(method: M, args: Args<M>): Promise<Result<M>>;
  appRecord(): Promise<AppRecord>;
  untilVault(state: AppRecord["vault"]): Promise<void>;
  /** Resolves with the first account (of this address, when one is given) once it looks like this. */
  untilAccount(like: Readonly<Record<string, unknown>>, address?: string): Promise<AccountRecord>;
  setting(key: SettingKey): Promise<SettingRecord | undefined>;
  /**
   * Puts these values into the one mandatory policy file (undefined: takes it away) and waits until the program has
   * read it.
   */
  policy(values: Readonly<Partial<Record<SettingKey, unknown>>> | undefined): Promise<void>;
}

export interface TestAppOptions {
  /** The person's folder; `policies` in it is the policy folder. */
  readonly folder: string;
  readonly secretStore?: Map<string, string> | "absent";
  readonly networks?: AppOptions["networks"];
  readonly person?: SystemPerson;
  /** Parts of the desktop that a test plays itself. */
  readonly host?: Partial<Host>;
  readonly now?: () => number;
  /** Longest time of each step of the end, in milliseconds. */
  readonly stepWithin?: number;
  /** Receives each warning that the program logs. */
  readonly onWarning?: (what: string, about: Readonly<Record<string, unknown>>) => void;
}

/** How long a reply may take, in milliseconds. */
const patience = 30_000;

export function createTestApp({
  folder,
  secretStore = new Map(),
  networks,
  person,
  host: played,
  now = Date.now,
  stepWithin,
  onWarning,
}: TestAppOptions): TestApp {
  const listeners = new Set<(call: Call) => void>();
  const messages: (Reply | UpdateMessage | CommandMessage)[] = [];
  const waiting = new Map<number, (reply: Reply) => void>();
  const host = windowlessHost({
    locale: "en-CA",
    send(message) {
      messages.push(message);
      if (message.kind === "reply") waiting.get(message.id)?.(message);
    },
    onCall(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    secrets:
      secretStore === "absent"
        ? {
            probe: async () => "absent",
            get: async () => undefined,
            set: () => Promise.reject(new Error("no store")),
            delete: async () => undefined,
          }
        : memorySecrets(secretStore),
    ...played,
  });
  const app = createApp({
    host,
    folder,
    policy: createLinuxFiles({
      folder: join(folder, "policies"),
      declarations: settings,
      owner: process.getuid?.() ?? 0,
      poll: 50,
    }),
    policySettle: 20,
    lockPoll: 20,
    dns: {
      resolveSrv: () => Promise.reject(dnsError()),
      resolveNaptr: () => Promise.reject(dnsError()),
      lookup: lookUp,
    },
    workerUrl,
    exportWorkerUrl,
    version: "0.0.0",
    log: { debug: () => undefined, info: () => undefined, warn: (what, about = {}) => onWarning?.(what, about) },
    now,
    allowCleartext: () => false,
    ...(networks ? { networks } : {}),
    ...(stepWithin === undefined ? {} : { stepWithin }),
    ...(person ? { person: async () => person } : {}),
  });

  let id = 0;
  async function request<M extends Method>(method: M, args: Args<M>): Promise<Result<M>> {
    id += 1;
    const mine = id;
    const reply = await new Promise<Reply>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no reply to ${method}`)), patience);
      waiting.set(mine, (found) => {
        clearTimeout(timer);
        waiting.delete(mine);
        resolve(found);
      });
      for (const listener of listeners) listener({ id: mine, method, args });
    });
    if (!reply.ok) throw Object.assign(new Error(reply.error.code), reply.error);
    return reply.result as Result<M>;
  }

  async function appRecord(): Promise<AppRecord> {
    const record = (await request("app.snapshot", {})).tables.app[0];
    if (!record) throw new Error("no app record");
    return record;
  }

  async function setting(key: SettingKey): Promise<SettingRecord | undefined> {
    return (await request("app.snapshot", {})).tables.settings.find((record) => record.id === key);
  }

  return {
    app,
    messages,
    request,
    appRecord,
    setting,
    untilVault: (state) =>
      vi.waitFor(async () => {
        const { vault } = await appRecord();
        if (vault !== state) throw new Error(`the vault is ${vault}, not ${state}`);
      }),
    untilAccount: (like, address) =>
      vi.waitFor(async () => {
        const found = (await request("app.snapshot", {})).tables.accounts.find(
          (account) => address === undefined || account.address === address,
        );
        expect(found).toMatchObject(like);
        if (!found) throw new Error("no account");
        return found;
      }),
    async policy(values) {
      const managed = join(folder, "policies", "managed");
      const file = join(managed, "policy.json");
      await mkdir(managed, { recursive: true, mode: 0o755 });
      // The name tells that this very file has been read, and none of a program that was started before.
      const name = values === undefined ? "" : String(values.OrganizationName ?? `Policy ${randomUUID()}`);
      if (values === undefined) await rm(file, { force: true });
      else {
        // Whole or not at all: half of it would be read as a policy that is broken.
        await writeFile(join(folder, "policy-new.json"), JSON.stringify({ ...values, OrganizationName: name }), {
          mode: 0o644,
        });
        await rename(join(folder, "policy-new.json"), file);
      }
      await vi.waitFor(async () => {
        if ((await setting("OrganizationName"))?.value !== name) throw new Error("the policy has not been read");
      });
    },
  };
}

/** No name is known but that of this computer. */
async function lookUp(host: string): Promise<{ address: string; family: 4 | 6 }[]> {
  if (host !== "localhost") throw dnsError();
  return [{ address: "127.0.0.1", family: 4 }];
}

function dnsError(): Error {
  return Object.assign(new Error("queryA ENOTFOUND"), { code: "ENOTFOUND" });
}
