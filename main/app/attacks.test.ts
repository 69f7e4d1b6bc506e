import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { ContactRecord, RequestRecord } from "../../shared/model/contact.ts";
import { createRecordedNetwork, type RecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import { createTestApp, type TestApp } from "../enforcement/test-app.test-helper.ts";
import { openHistory } from "../history/open-history.ts";
import { workerUrl } from "../history/workers.test-helper.ts";
import type { NetworkEnvironment } from "../networks/environment.ts";
import type { Connection } from "../networks/network.ts";
import { openProfile } from "../profile/open-profile.ts";
import { profileNamespaces } from "../profile/profile.ts";
import { startDatabaseWorker } from "./start-database-worker.ts";

const stranger = "mallory@evil.example";
const friend = "bob@x.example";

let folder: string;
let secretStore: Map<string, string>;
let network: RecordedNetwork;
let environment: NetworkEnvironment;
/** Changes that a test makes to the connections to come. */
let special: Partial<Connection>;
let closed: number;
let opened: number;
let testApp: TestApp;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-attacks-"));
  secretStore = new Map();
  special = {};
  closed = 0;
  opened = 0;
  testApp = sitDown();
  await testApp.app.start();
  await testApp.untilVault("ready");
});
afterEach(async () => {
  await testApp.app.stop();
  await rm(folder, { recursive: true });
});

function sitDown(): TestApp {
  network = createRecordedNetwork("xmpp", [friend]);
  return createTestApp({
    folder,
    secretStore,
    networks(made) {
      environment = made;
      return [
        {
          ...network,
          open(account, options) {
            opened += 1;
            const close = (): void => void (closed += 1);
            return { ...network.open(account, options), close, ...special };
          },
        },
      ];
    },
  });
}

const tables = async () => (await testApp.request("app.snapshot", {})).tables;
const request = async (): Promise<RequestRecord | undefined> => (await tables()).requests[0];
const contact = async (id: string): Promise<ContactRecord | undefined> =>
  (await tables()).contacts.find((one) => one.id === id);
const signIn = async (address = "me@x.example") =>
  (await testApp.request("accounts.add", { address, password: "secret", protocol: "xmpp", server: {} })).accountId;

/** Everything that the profile holds, once the program has ended: `namespace key`. */
async function leftOnDisk(): Promise<{ readonly entries: readonly string[]; readonly conversations: number }> {
  await testApp.app.stop();
  const keyText = [...secretStore].find(([name]) => name.endsWith("/profile-key"))?.[1] ?? "";
  const key = new Uint8Array(Buffer.from(keyText, "base64"));
  const worker = startDatabaseWorker(workerUrl);
  const trouble = (): void => expect.unreachable();
  const profile = await openProfile({ worker, folder, key, onTrouble: trouble });
  const entries: string[] = [];
  for (const namespace of profileNamespaces)
    for (const name of (await profile.all(namespace)).keys()) entries.push(`${namespace} ${name}`);
  const history = await openHistory({ worker, folder, key, mode: "encrypted", onTrouble: trouble });
  const conversations = (await history.conversations()).length;
  await worker.stop();
  return { entries, conversations };
}

describe("a stranger", () => {
  it("learns nothing by a chat that the person opens with them, until they are written to", async () => {
    const accountId = await signIn();
    network.receive({ peer: stranger, body: "free money", id: "s1" });
    await vi.waitFor(async () => expect(await request()).toMatchObject({ address: stranger, kind: "message" }));
    expect((await testApp.request("history.search", { text: "money", limit: 10 })).hits).toEqual([]);

    const { conversationId } = await testApp.request("conversations.start", { accountId, address: stranger });
    const { messages } = await testApp.request("conversations.open", { conversationId, limit: 10 });
    expect(messages.map((message) => message.body)).toEqual(["free money"]);
    expect((await tables()).conversations.find((one) => one.id === conversationId)).toMatchObject({ unread: 1 });
    await testApp.request("conversations.typing", { conversationId, active: true });
    await testApp.request("conversations.markRead", { conversationId, messageId: messages[0]?.id ?? "" });
    network.receive({ peer: stranger, body: "hello?", id: "s2" });
    await vi.waitFor(async () =>
      expect((await testApp.request("conversations.page", { conversationId, limit: 10 })).messages).toHaveLength(2),
    );
    expect([network.typing, network.receipts, network.messages]).toEqual([[], [], []]);
    expect(await request()).toMatchObject({ address: stranger });

    await testApp.request("messages.send", { conversationId, messageId: crypto.randomUUID(), body: "Who are you?" });
    await vi.waitFor(() => expect(network.messages.map((message) => message.body)).toEqual(["Who are you?"]));
    expect(await request()).toBeUndefined();
  });

  it("is blocked here whatever the server can do", async () => {
    const refuse = () => Promise.reject(new HallwayError("unsupported"));
    special = {
      contacts: {
        add: refuse,
        ask: refuse,
        update: refuse,
        remove: refuse,
        accept: refuse,
        decline: refuse,
      },
      blocking: { everyDevice: false, block: refuse, unblock: refuse },
    };
    await signIn();
    network.emit({ type: "subscription-request", address: stranger, name: undefined, text: undefined });
    const requestId = (await request())?.id ?? "";
    await testApp.request("requests.answer", { requestId, answer: "block" });
    expect(await request()).toBeUndefined();
    network.emit({ type: "subscription-request", address: stranger, name: undefined, text: undefined });
    expect(await request()).toBeUndefined();
  });

  it("who sees us all the same is told of to the person, once", async () => {
    const refuse = () => Promise.reject(new HallwayError("unsupported"));
    special = {
      contacts: { add: refuse, ask: refuse, update: refuse, remove: refuse, accept: refuse, decline: refuse },
    };
    await signIn();
    network.emit({ type: "subscription-request", address: stranger, name: undefined, text: undefined });
    const requestId = (await request())?.id ?? "";
    await expect(testApp.request("requests.answer", { requestId, answer: "decline" })).rejects.toMatchObject({
      code: "unsupported",
    });
    expect(await request()).toBeUndefined();
  });
});

describe("an account", () => {
  it("that could not be kept leaves nothing behind", async () => {
    special = {
      archive: {
        async catchUp(_since, take) {
          const said = {
            direction: "in",
            at: 1,
            delayed: true,
            via: "archive",
            wantsDelivered: false,
            wantsRead: false,
          } as const;
          await take({
            messages: [
              {
                ...said,
                peer: friend,
                author: { address: friend, isSelf: false },
                id: "a1",
                archiveId: "a1",
                body: "from the archive",
              },
            ],
            changes: [],
            mark: "mark",
            exact: false,
          });
        },
        markAt: (archiveId) => archiveId,
      },
    };
    const set = secretStore.set.bind(secretStore);
    secretStore.set = (name, value) => {
      if (name.includes("/password/")) throw new Error("the keyring is locked");
      return set(name, value);
    };
    await expect(signIn()).rejects.toMatchObject({ code: "internal" });
    await vi.waitFor(async () => expect((await tables()).contacts).toEqual([]));
    expect(closed).toBe(1);
    const left = await leftOnDisk();
    expect(left.entries.filter((entry) => !entry.startsWith("app "))).toEqual([]);
    expect(left.conversations).toBe(0);
  });

  it("that is being tried when the program ends does not hold it, and leaves nothing behind", async () => {
    special = {
      connect: (_presence, signal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(new HallwayError("cancelled")))),
    };
    void signIn().catch(() => undefined);
    await vi.waitFor(() => expect(opened).toBe(1));
    const left = await leftOnDisk();
    expect(closed).toBe(1);
    expect(left.entries.filter((entry) => !entry.startsWith("app "))).toEqual([]);
  });

  it("that is removed leaves nothing behind: no list, draft, request, block, password or message", async () => {
    const accountId = await signIn();
    const conversationId = `${accountId}|${friend}`;
    await vi.waitFor(async () => expect(await contact(conversationId)).toBeDefined());
    await environment.cache.set(`xmpp-roster|${accountId}`, "[]");
    await testApp.request("conversations.draft", { conversationId, text: "half a thought" });
    await testApp.request("messages.send", { conversationId, messageId: crypto.randomUUID(), body: "whole thought" });
    for (const address of [stranger, "other@evil.example"])
      network.emit({ type: "subscription-request", address, name: undefined, text: undefined });
    await testApp.request("requests.answer", { requestId: `${accountId}|${stranger}`, answer: "block" });
    await testApp.request("accounts.remove", { accountId });
    const { accounts, contacts, conversations, requests } = await tables();
    expect([accounts, contacts, conversations, requests]).toEqual([[], [], [], []]);
    expect([...secretStore.keys()].filter((name) => name.includes("/password/"))).toEqual([]);
    const left = await leftOnDisk();
    expect(left.entries.filter((entry) => entry.includes(accountId))).toEqual([]);
    expect(left.conversations).toBe(0);
  });

  it.each([0, 1, 3, 10, 30])(
    "that is removed while messages are on their way leaves nothing behind (%i)",
    async (turns) => {
      const accountId = await signIn();
      const conversationId = `${accountId}|${friend}`;
      await vi.waitFor(async () => expect(await contact(conversationId)).toBeDefined());
      const first = crypto.randomUUID();
      await testApp.request("messages.send", { conversationId, messageId: first, body: "before" });
      const say = (n: number) => [
        testApp.request("messages.send", { conversationId, messageId: crypto.randomUUID(), body: `said ${n}` }),
        testApp.request("messages.correct", {
          conversationId,
          messageId: first,
          correctionId: crypto.randomUUID(),
          body: `corrected ${n}`,
        }),
        testApp.request("conversations.draft", { conversationId, text: `half a thought ${n}` }),
      ];
      /** Each may fail once the account is gone, at any moment. */
      const said: Promise<unknown>[] = [];
      const note = (...requests: readonly Promise<unknown>[]): void => {
        for (const one of requests) said.push(Promise.allSettled([one]));
      };
      const hear = (n: number): void => {
        network.receive({ peer: friend, body: `heard ${n}`, id: `wire-${n}` });
        network.receive({ peer: stranger, body: `asked ${n}`, id: `asked-${n}` });
        network.emit({ type: "delivery", peer: friend, id: first, state: "delivered" });
      };
      for (let n = 0; n < 5; n += 1) {
        hear(n);
        note(...say(n));
      }
      note(testApp.request("messages.retract", { conversationId, messageId: first }));
      for (let turn = 0; turn < turns; turn += 1) await setImmediate();
      const removed = testApp.request("accounts.remove", { accountId });
      note(...say(5));
      for (let turn = 0; turn < 10; turn += 1) {
        await setImmediate();
        note(...say(10 + turn));
      }
      await Promise.all(said);
      await removed;
      const { accounts, contacts, conversations, requests } = await tables();
      expect([accounts, contacts, conversations, requests]).toEqual([[], [], [], []]);
      const left = await leftOnDisk();
      expect(left.entries.filter((entry) => entry.includes(accountId))).toEqual([]);
      expect(left.conversations).toBe(0);
    },
  );

  it("that is changed and removed at once is gone, and no connection stays that nobody knows of", async () => {
    special = { disconnect: () => new Promise((resolve) => setTimeout(resolve, 20)) };
    const accountId = await signIn();
    await Promise.allSettled([
      testApp.request("accounts.update", { accountId, server: { host: "a.example" } }),
      testApp.request("accounts.update", { accountId, server: { host: "b.example" } }),
      testApp.request("accounts.remove", { accountId }),
      testApp.request("accounts.setPassword", { accountId, password: "late" }),
    ]);
    expect((await tables()).accounts).toEqual([]);
    expect(closed).toBe(opened);
    expect([...secretStore.keys()].filter((name) => name.includes("/password/"))).toEqual([]);
  });

  it("whose server changes keeps what waits, and sends it once over the new one", async () => {
    let up = false;
    special = {
      messages: {
        async send(message) {
          if (!up) throw new HallwayError("offline");
          await Promise.resolve();
          (network.messages as unknown[]).push(message);
        },
      },
    };
    const accountId = await signIn();
    const conversationId = `${accountId}|${friend}`;
    await vi.waitFor(async () => expect(await contact(conversationId)).toBeDefined());
    for (const body of ["one", "two"])
      await testApp.request("messages.send", { conversationId, messageId: crypto.randomUUID(), body });
    up = true;
    await testApp.request("accounts.update", { accountId, server: { host: "other.example" } });
    await vi.waitFor(() => expect(network.messages.map((message) => message.body)).toEqual(["one", "two"]));
  });
});

describe("what was typed", () => {
  it("for somebody who is taken off the list is still there", async () => {
    const accountId = await signIn();
    const conversationId = `${accountId}|${friend}`;
    await vi.waitFor(async () => expect(await contact(conversationId)).toBeDefined());
    await testApp.request("conversations.draft", { conversationId, text: "half a thought" });
    network.emit({ type: "roster-removed", address: friend });
    expect(await contact(conversationId)).toMatchObject({ listed: false });
    await testApp.app.stop();
    testApp = sitDown();
    await testApp.app.start();
    await testApp.untilVault("ready");
    expect((await tables()).conversations).toMatchObject([{ id: conversationId, draft: "half a thought" }]);
  });
});

describe("the program", () => {
  it("can be told to look again when its files could not be opened", async () => {
    await testApp.app.stop();
    const file = join(folder, "profile.db");
    await rename(file, `${file}.away`);
    await mkdir(file);
    testApp = sitDown();
    await testApp.app.start();
    await testApp.untilVault("failed");
    await expect(testApp.request("accounts.retry", {})).rejects.toMatchObject({ code: "vault-locked" });
    await rm(file, { recursive: true });
    await rename(`${file}.away`, file);
    await testApp.request("vault.retry", {});
    await testApp.untilVault("ready");
  });

  it("ends when the window asks for it, and says so", async () => {
    void testApp.request("app.quit", {}).catch(() => undefined);
    await testApp.app.stopped;
  });
});
