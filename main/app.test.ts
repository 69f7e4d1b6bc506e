import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Args, Method, Result } from "../shared/ipc/contract.ts";
import type { Call, CommandMessage, Reply, UpdateMessage } from "../shared/ipc/transport.ts";
import type { AppRecord } from "../shared/model/app.ts";
import { settings } from "../shared/settings/declaration.ts";
import { type App, createApp } from "./app.ts";
import type { Host } from "./host/host.ts";
import { createLinuxFiles } from "./settings/sources/linux-files.ts";

let folder: string;
let running: App[] = [];

/** A desktop without a window: calls go in, messages come out. */
function desk(secretStore: Map<string, string> | "absent") {
  const listeners = new Set<(call: Call) => void>();
  const messages: (Reply | UpdateMessage | CommandMessage)[] = [];
  const host: Host = {
    name: "chromium",
    locale: "en-CA",
    showWindow: async () => undefined,
    send: (message) => void messages.push(message),
    onCall(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onQuit: () => () => undefined,
    notify: () => undefined,
    setBadge: () => undefined,
    idleSeconds: async () => undefined,
    onLockScreen: () => () => undefined,
    onWake: () => () => undefined,
    openExternal: async () => undefined,
    quit: async () => undefined,
    secrets:
      secretStore === "absent"
        ? { probe: async () => "absent", get: async () => undefined, set: () => Promise.reject(new Error("no store")), delete: async () => undefined }
        : {
            probe: async () => "available",
            get: async (name) => secretStore.get(name),
            set: async (name, value) => void secretStore.set(name, value),
            delete: async (name) => void secretStore.delete(name),
          },
  };
  const app = createApp({
    host,
    folder,
    policy: createLinuxFiles({ folder: join(folder, "policies"), declarations: settings, owner: process.getuid?.() ?? 0, poll: 50 }),
    policySettle: 20,
    dns: { resolveSrv: () => Promise.reject(dnsError()), resolveNaptr: () => Promise.reject(dnsError()), lookup: () => Promise.reject(dnsError()) },
    workerUrl: new URL("./history/worker.ts", import.meta.url),
    version: "0.0.0",
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    now: Date.now,
    allowCleartext: () => false,
  });
  running.push(app);
  let id = 0;
  async function request<M extends Method>(method: M, args: Args<M>): Promise<Result<M>> {
    id += 1;
    const mine = id;
    for (const listener of listeners) listener({ id: mine, method, args });
    const reply = await vi.waitFor(() => {
      const found = messages.find((message) => message.kind === "reply" && message.id === mine);
      if (found?.kind !== "reply") throw new Error(`no reply to ${method}`);
      return found;
    }, 10_000);
    if (!reply.ok) throw Object.assign(new Error(reply.error.code), reply.error);
    return reply.result as Result<M>;
  }
  async function appRecord(): Promise<AppRecord> {
    const record = (await request("app.snapshot", {})).tables.app[0];
    if (!record) throw new Error("no app record");
    return record;
  }
  const untilVault = (state: AppRecord["vault"]) => vi.waitFor(async () => expect((await appRecord()).vault).toBe(state), 10_000);
  return { app, request, appRecord, untilVault };
}

function dnsError(): Error {
  return Object.assign(new Error("queryA ENOTFOUND"), { code: "ENOTFOUND" });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-app-"));
});
afterEach(async () => {
  for (const app of running) await app.stop();
  running = [];
  await rm(folder, { recursive: true });
});

describe("the app through its contract", () => {
  it("opens by itself where there is a secret store", async () => {
    const { app, untilVault, request } = desk(new Map());
    await app.start();
    await untilVault("ready");
    const { tables } = await request("app.snapshot", {});
    expect(tables.accounts).toEqual([]);
    expect(tables.settings.map((record) => record.id).sort()).toEqual(Object.keys(settings).sort());
  });

  it("asks for a passphrase where there is none, says why, and does nothing before it has one", async () => {
    const first = desk("absent");
    await first.app.start();
    await first.untilVault("new");
    expect((await first.appRecord()).vaultReason).toBe("no-secret-store");
    await expect(first.request("settings.set", { key: "Theme", value: "dark" })).rejects.toMatchObject({ code: "vault-locked" });
    await expect(first.request("accounts.add", { address: "a@x.example", password: "p", server: {} })).rejects.toMatchObject({ code: "vault-locked" });
    await first.request("vault.create", { passphrase: "correct horse battery" });
    await first.untilVault("ready");
    await first.request("settings.set", { key: "Theme", value: "dark" });
    await first.app.stop();

    const second = desk("absent");
    await second.app.start();
    await second.untilVault("locked");
    await expect(second.request("vault.unlock", { passphrase: "wrong" })).rejects.toMatchObject({ code: "vault-wrong-passphrase" });
    await second.request("vault.unlock", { passphrase: "correct horse battery" });
    await second.untilVault("ready");
    const { tables } = await second.request("app.snapshot", {});
    expect(tables.settings.find((record) => record.id === "Theme")).toMatchObject({ value: "dark", origin: "user" });
  });

  it("says what is wrong with an account, and keeps nothing of it", async () => {
    const { app, request, untilVault } = desk(new Map());
    await app.start();
    await untilVault("ready");
    await expect(request("accounts.add", { address: "no address", password: "p", server: {} })).rejects.toMatchObject({ code: "invalid-address" });
    await expect(request("accounts.add", { address: "a@nowhere.example", password: "p", server: {} })).rejects.toMatchObject({ code: "unknown-host" });
    const { tables } = await request("app.snapshot", {});
    expect(tables.accounts).toEqual([]);
    expect(tables.contacts).toEqual([]);
  });

  it("obeys a policy file while it runs, and gives the choice back when the file goes", async () => {
    const { app, request, untilVault } = desk(new Map());
    const file = join(folder, "policies", "managed", "history.json");
    await mkdir(join(folder, "policies", "managed"), { recursive: true });
    await app.start();
    await untilVault("ready");
    const mode = async () => (await request("app.snapshot", {})).tables.settings.find((record) => record.id === "HistoryMode");
    expect(await mode()).toMatchObject({ value: "encrypted", origin: "default", locked: false });
    await writeFile(file, JSON.stringify({ HistoryMode: "off", OrganizationName: "Example Bank" }), { mode: 0o644 });
    await vi.waitFor(
      async () => expect(await mode()).toMatchObject({ value: "off", origin: "policy", locked: true, managedBy: "Example Bank", source: file }),
      5_000,
    );
    await expect(request("settings.set", { key: "HistoryMode", value: "encrypted" })).rejects.toMatchObject({ code: "locked-by-policy" });
    await writeFile(file, JSON.stringify({ HistoryMode: "everything", OrganizationName: "Example Bank" }), { mode: 0o644 });
    await vi.waitFor(async () => expect(await mode()).toMatchObject({ value: "off", error: { code: "policy-invalid" } }), 5_000);
    await rm(file);
    await vi.waitFor(async () => expect(await mode()).toMatchObject({ value: "encrypted", origin: "default" }), 5_000);
  });
});
