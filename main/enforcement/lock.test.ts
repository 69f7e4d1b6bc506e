import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HostNotification } from "../host/host.ts";
import { createRecordedNetwork, type RecordedNetwork } from "./recorded-network.test-helper.ts";
import type { TestApp } from "./test-app.test-helper.ts";
import { createTestApps, type TestApps } from "./test-apps.test-helper.ts";

let testApps: TestApps;
let network: RecordedNetwork;
let idle: number | undefined;
/** The clock stands still but for `later`, in milliseconds. */
let began: number;
let later: number;
let locks: ((locked: boolean) => void)[];
let notifications: HostNotification[];
let badge: number;
let cleared: number;

async function signIn(testApp: TestApp, address = "me@x.example", password = "p"): Promise<string> {
  const { accountId } = await testApp.request("accounts.add", { address, password, protocol: "xmpp", server: {} });
  await testApp.untilAccount({ state: "online" }, address);
  return accountId;
}

const untilLocked = (testApp: TestApp, by: string | undefined): Promise<void> =>
  vi.waitFor(async () => expect((await testApp.appRecord()).lockedBy).toBe(by));

beforeEach(async () => {
  network = createRecordedNetwork("xmpp", ["bob@x.example"]);
  idle = undefined;
  began = Date.now();
  later = 0;
  locks = [];
  notifications = [];
  badge = 0;
  cleared = 0;
  testApps = await createTestApps({
    networks: () => [network],
    now: () => began + later,
    host: {
      idleSeconds: async () => idle,
      onLockScreen(listener) {
        locks.push(listener);
        return () => undefined;
      },
      notify: (notification) => void notifications.push(notification),
      clearNotifications: () => void (cleared += 1),
      setBadge: (count) => void (badge = count),
    },
  });
});
afterEach(() => testApps.close());

describe("the lock", () => {
  it("after the minutes without anybody nothing is shown and nothing is answered until the person shows who they are", async () => {
    const testApp = await testApps.open();
    const accountId = await signIn(testApp);
    const bob = `${accountId}|bob@x.example`;
    network.receive({ peer: "bob@x.example", body: "before", id: "b1" });
    await vi.waitFor(() => expect(badge).toBe(1));
    await testApp.policy({ IdleLockMinutes: 15 });
    await expect(testApp.request("settings.set", { key: "IdleLockMinutes", value: 0 })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    // Where the desktop cannot say, use of our own window counts.
    later += 14 * 60_000;
    await testApp.request("app.activity", {});
    later += 14 * 60_000;
    await expect(testApp.request("conversations.open", { conversationId: bob, limit: 50 })).resolves.toMatchObject({
      messages: [{ body: "before" }],
    });
    later += 60_000;
    await untilLocked(testApp, "password");
    expect(cleared).toBe(1);

    const from = testApp.messages.length;
    for (const [method, args] of [
      ["conversations.open", { conversationId: bob, limit: 50 }],
      ["history.search", { text: "before", limit: 10 }],
      ["messages.send", { conversationId: bob, messageId: crypto.randomUUID(), body: "hi" }],
      ["settings.set", { key: "IdleLockMinutes", value: 0 }],
      ["accounts.remove", { accountId }],
      ["policy.page", {}],
      ["app.windowState", {}],
    ] as const)
      await expect(testApp.request(method, args)).rejects.toMatchObject({ code: "app-locked" });
    // It goes on: the message is stored, counted, and told of without a name or a text.
    network.receive({ peer: "bob@x.example", body: "meanwhile", id: "b2" });
    await vi.waitFor(() => expect(badge).toBe(2));
    expect(notifications.at(-1)).toMatchObject({ title: "Hallway", body: "New activity in Hallway" });
    const { tables } = await testApp.request("app.snapshot", {});
    expect([tables.accounts, tables.contacts, tables.conversations, tables.requests]).toEqual([[], [], [], []]);
    expect(JSON.stringify(testApp.messages.slice(from))).not.toMatch(/bob|me@x|before|meanwhile/);

    await expect(testApp.request("lock.unlock", { secret: "q" })).rejects.toMatchObject({ code: "unlock-refused" });
    await testApp.request("lock.unlock", { secret: "p" });
    expect(
      (await testApp.request("conversations.open", { conversationId: bob, limit: 50 })).messages.map(
        ({ body }) => body,
      ),
    ).toEqual(["before", "meanwhile"]);
    expect((await testApp.request("app.snapshot", {})).tables.contacts).toHaveLength(1);
  });

  it("comes with the desktop's lock, and by minutes as the desktop counts them; without a setting neither locks", async () => {
    const testApp = await testApps.open();
    await signIn(testApp);
    idle = 3_600;
    for (const lock of locks) lock(true);
    await testApp.policy({ OrganizationName: "None" });
    expect((await testApp.appRecord()).lockedBy).toBeUndefined();
    await testApp.request("settings.set", { key: "IdleLockMinutes", value: 20 });
    await untilLocked(testApp, "password");
    idle = 0;
    await testApp.request("lock.unlock", { secret: "p" });
    // Somebody is at this desktop, though not in this window.
    later += 60 * 60_000;
    await testApp.policy({ OrganizationName: "Still none" });
    expect((await testApp.appRecord()).lockedBy).toBeUndefined();
    for (const lock of locks) lock(true);
    await untilLocked(testApp, "password");
  });

  it("is not got round by a new start, and wrong tries have to wait, also over a new start", async () => {
    const first = await testApps.open();
    await expect(first.request("lock.now", {})).rejects.toMatchObject({ code: "not-allowed" });
    await signIn(first);
    await first.request("lock.now", {});
    for (let n = 0; n < 3; n += 1)
      await expect(first.request("lock.unlock", { secret: "wrong" })).rejects.toMatchObject({ code: "unlock-refused" });
    await expect(first.request("lock.unlock", { secret: "p" })).rejects.toMatchObject({
      code: "unlock-later",
      params: { count: 5 },
    });
    await first.app.stop();

    const second = await testApps.open();
    await untilLocked(second, "password");
    expect((await second.request("app.snapshot", {})).tables.accounts).toEqual([]);
    await expect(
      second.request("conversations.start", { accountId: "12345678", address: "x@y.example" }),
    ).rejects.toMatchObject({ code: "app-locked" });
    await expect(second.request("lock.unlock", { secret: "p" })).rejects.toMatchObject({ code: "unlock-later" });
    expect(JSON.stringify(second.messages)).not.toContain("bob@x.example");
    later += 6_000;
    await expect(second.request("lock.unlock", { secret: "wrong" })).rejects.toMatchObject({ code: "unlock-refused" });
    later += 6_000;
    // The wait doubles.
    await expect(second.request("lock.unlock", { secret: "p" })).rejects.toMatchObject({
      code: "unlock-later",
      params: { count: 4 },
    });
    later += 4_000;
    await second.request("lock.unlock", { secret: "p" });
    await second.app.stop();
    const third = await testApps.open();
    expect((await third.appRecord()).lockedBy).toBeUndefined();
  });

  it("asks the server where no password is known here, about the account that was named and no other", async () => {
    const first = await testApps.open();
    await first.policy({ PasswordSaveEnabled: false });
    await signIn(first, "me@x.example", "p");
    await signIn(first, "me@y.example", "p2");
    await first.request("lock.now", {});
    expect((await first.appRecord()).lockedBy).toBe("password");
    await first.app.stop();

    const second = await testApps.open();
    await untilLocked(second, "sign-in");
    network.refused.add("wrong");
    const before = network.passwords.length;
    await expect(second.request("lock.unlock", { secret: "p" })).rejects.toMatchObject({ code: "unlock-refused" });
    await expect(second.request("lock.unlock", { secret: "p", address: "other@x.example" })).rejects.toMatchObject({
      code: "unlock-refused",
    });
    expect(network.passwords.length).toBe(before);
    await expect(second.request("lock.unlock", { secret: "wrong", address: "me@y.example" })).rejects.toMatchObject({
      code: "unlock-refused",
    });
    later += 6_000;
    await second.request("lock.unlock", { secret: "p2", address: "ME@y.example" });
    await second.untilAccount({ state: "online" }, "me@y.example");
    expect((await second.request("app.snapshot", {})).tables.accounts).toHaveLength(2);
  });

  it("is opened by the passphrase where there is one, which a new start has asked for already", async () => {
    const first = await testApps.open({ secretStore: "absent" }, "new");
    await first.request("vault.create", { passphrase: "battery horse staple" });
    await first.untilVault("ready");
    await signIn(first);
    await first.request("lock.now", {});
    expect((await first.appRecord()).lockedBy).toBe("passphrase");
    await expect(first.request("lock.unlock", { secret: "p" })).rejects.toMatchObject({ code: "unlock-refused" });
    await first.app.stop();
    const second = await testApps.open({ secretStore: "absent" }, "locked");
    await second.request("vault.unlock", { passphrase: "battery horse staple" });
    await second.untilVault("ready");
    expect((await second.appRecord()).lockedBy).toBeUndefined();
    await second.request("lock.now", {});
    await second.request("lock.unlock", { secret: "battery horse staple" });
    expect((await second.request("app.snapshot", {})).tables.accounts).toHaveLength(1);
  });
});
