import { beforeEach, expect, it } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { AccountConfig } from "../../shared/model/account.ts";
import { Connections } from "../networks/connections.ts";
import { type Accounts, createAccounts } from "./accounts.ts";

const config = (id: string): AccountConfig => ({
  ...{ id, protocol: "xmpp", address: `${id}@x.example`, enabled: true, server: {} },
  deviceId: "2c5ea4c0-4067-41e9-8bad-9b1deb4d3b7d",
});
let calls: string[];
let held: PromiseWithResolvers<void> | undefined;
let accounts: Accounts;

/** A part that notes what it is asked under its name, and answers late. */
const part = (name: string): never =>
  new Proxy(() => undefined, {
    get: (_, key: string) => (key === "then" ? undefined : part(`${name}.${key}`)),
    apply(_target, _this, args: readonly unknown[]) {
      calls.push([name, ...args.filter((one) => typeof one === "string")].join(" "));
      return name === "messaging.receiving.idle" && held ? held.promise : Promise.resolve(undefined);
    },
  }) as never;

beforeEach(async () => {
  calls = [];
  held = undefined;
  const open = ({ id }: AccountConfig) => ({
    connect: (_presence: unknown, signal: AbortSignal) => {
      calls.push(`connect ${id}`);
      return new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(new HallwayError("cancelled"))),
      );
    },
    disconnect: async () => undefined,
    close: () => void calls.push(`close ${id}`),
    messages: {},
  });
  const kept = new Map(["account-1", "account-2"].map((id) => [id, JSON.stringify(config(id))]));
  accounts = createAccounts({
    ...Object.fromEntries(
      ["heard", "contacts", "blocklist", "ingest", "messaging", "accountRecords", "passwords", "requests"].map(
        (name) => [name, part(name)],
      ),
    ),
    ...Object.fromEntries(["conversations", "ownChanges", "forgetHistory", "log"].map((name) => [name, part(name)])),
    networks: new Map([["xmpp", { description: {}, open }]]),
    profile: {
      all: async (namespace: string) => (namespace === "account" ? kept : new Map()),
      get: part("get"),
      put: part("put"),
    },
    connections: new Connections(),
    seenAs: (presence: unknown) => presence,
    rules: { refusal: () => undefined },
    audit: { record: async () => undefined },
    now: () => 1,
  } as unknown as Parameters<typeof createAccounts>[0]);
  await accounts.restore();
  accounts.start();
  await settled();
  calls = [];
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

it("has a new password stored before the account signs in with it, and leaves the others alone", async () => {
  await accounts.setPassword("account-1", "secret");
  await settled();
  expect(calls.filter((call) => /^(passwords|connect)/.test(call))).toEqual([
    "passwords.set account-1 secret",
    "connect account-1",
  ]);
  await expect(accounts.setPassword("unknown", "secret")).rejects.toMatchObject({ code: "not-found" });
});

it("forgets a removed account only when nothing of it is on its way any more", async () => {
  held = Promise.withResolvers();
  const removed = accounts.remove("account-1");
  await settled();
  expect([calls.includes("close account-1"), calls.some((call) => call.includes("forget"))]).toEqual([true, false]);
  held.resolve();
  await removed;
  expect(calls).toContain("contacts.forgetAccount account-1");
  expect(calls.filter((call) => call.includes("account-2"))).toEqual([]);
});

it("stops once what is being changed is through, and closes all", async () => {
  held = Promise.withResolvers();
  const removed = accounts.remove("account-1");
  const stopped = accounts.stop();
  await settled();
  expect(calls).not.toContain("close account-2");
  held.resolve();
  await Promise.all([removed, stopped]);
  expect(calls).toContain("close account-2");
  expect(calls.at(-1)).toBe("contacts.save");
});
