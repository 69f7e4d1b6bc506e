import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createRecordedNetwork, type RecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import type { TestApp } from "../enforcement/test-app.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";
import { readEntries } from "../record/audit/testing.test-helper.ts";

const bob = "bob@x.example";
const eve = "eve@other.example";
const day = 24 * 3_600_000;

let testApps: TestApps;
let network: RecordedNetwork;
let testApp: TestApp;
let accountId: string;
let ahead: number;
let protocol: "xmpp" | "simple" = "xmpp";

beforeEach(async () => {
  testApps = await createTestApps();
  ahead = 0;
  await start();
  ({ accountId } = await testApp.request("accounts.add", {
    address: "me@x.example",
    password: "p",
    protocol,
    server: {},
  }));
  await signedIn();
});
afterEach(() => testApps.close());

/** Starts over the same folder; the server's archive, which every sign-in reads all of, has these. */
async function start(archive: RecordedNetwork["archive"] = []): Promise<void> {
  network = createRecordedNetwork(protocol, [bob, eve]);
  network.archive.push(...archive);
  testApp = await testApps.open({ networks: () => [network], now: () => Date.now() + ahead });
}

async function signedIn(): Promise<void> {
  await testApp.untilAccount({ state: "online" });
  await vi.waitFor(async () =>
    expect((await testApp.request("app.snapshot", {})).tables.accounts[0]?.syncing).not.toBe(true),
  );
}

/** Server archive of the messages, with its stamps. */
function archived(
  ...messages: readonly {
    readonly body: string;
    readonly id: string;
    readonly peer?: string;
    readonly direction?: "in" | "out";
  }[]
) {
  return messages.map((message, index) => ({ peer: bob, at: Date.now() - 1_000 + index, delayed: true, ...message }));
}

/** Everything is read again, by a program that was started anew. */
async function restart(archive: RecordedNetwork["archive"]): Promise<void> {
  await testApp.app.stop();
  await start(archive);
  await signedIn();
}

const id = (peer = bob): string => `${accountId}|${peer}`;
const page = async (peer = bob) =>
  (await testApp.request("conversations.open", { conversationId: id(peer), limit: 50 })).messages;
const bodies = async (peer = bob): Promise<string[]> => (await page(peer)).map(({ body }) => body);
const unread = async (): Promise<number> =>
  (await testApp.request("app.snapshot", {})).tables.conversations.reduce((sum, one) => sum + one.unread, 0);
const found = async (text: string): Promise<string[]> =>
  (await testApp.request("history.search", { text, limit: 50 })).hits.map(({ message }) => message.body);

async function heard(body: string, wireId: string, peer = bob): Promise<void> {
  network.receive({ peer, body, id: wireId });
  await vi.waitFor(async () => expect(await bodies(peer)).toContain(body));
}

async function said(body: string): Promise<string> {
  const messageId = randomUUID();
  await testApp.request("messages.send", { conversationId: id(), messageId, body });
  await vi.waitFor(() => expect(network.messages.at(-1)?.id).toBe(messageId));
  network.emit({ type: "delivery", peer: bob, id: messageId, state: "sent" });
  return messageId;
}

async function remove(...texts: string[]): Promise<void> {
  const messageIds = (await page()).filter(({ body }) => texts.includes(body)).map((message) => message.id);
  await testApp.request("history.delete", { conversationId: id(), messageIds });
}

/** How many entries of this kind and action stand in the audit log. */
async function audited(kind: string, action: string): Promise<number> {
  const key = [...testApps.secretStore].find(([name]) => name.includes("/profile-key"))?.[1] ?? "";
  const entries = await readEntries(testApps.folder, new Uint8Array(Buffer.from(key, "base64")));
  return entries.filter((entry) => entry.kind === kind && entry.action === action).length;
}

describe("a message that was deleted here", () => {
  it("does not come back out of the archive, live, as a copy or with a correction, now or after a restart; what is new does come", async () => {
    await heard("stays", "1");
    await heard("goes", "2");
    const own = await said("mine goes");
    await remove("goes", "mine goes");
    const gone = { peer: bob, body: "goes", id: "2" };
    network.receive(gone);
    network.receive({ ...gone, via: "carbon" });
    network.receive({ ...gone, at: Date.now(), delayed: true });
    await heard("new", "3");
    expect(await bodies()).toEqual(["stays", "new"]);
    await restart(
      archived(
        { body: "stays", id: "1" },
        gone,
        { body: "mine goes", id: own, direction: "out" },
        { body: "missed", id: "4" },
      ),
    );
    expect((await bodies()).sort()).toEqual(["missed", "new", "stays"]);
    expect(await unread()).toBeLessThanOrEqual(3);
    expect(await found("goes")).toEqual([]);
    // The same id again, for something else: some programs count from the beginning.
    await heard("goes on", "2");
  });

  it("does not come back after it was corrected or taken back, nor does its correction", async () => {
    await heard("first", "1");
    const change = {
      peer: bob,
      direction: "in",
      author: { address: bob, isSelf: false },
      archiveId: undefined,
      at: undefined,
      delayed: false,
      via: "live",
      targetId: "1",
      id: "c1",
    } as const;
    network.emit({ type: "change", change: { ...change, kind: "correction", body: "second" } });
    await vi.waitFor(async () => expect(await bodies()).toEqual(["second"]));
    await remove("second");
    await testApp.app.stop();
    await start(archived({ body: "first", id: "1" }));
    network.archivedChanges.push({
      ...change,
      kind: "correction",
      body: "second",
      via: "archive",
      at: Date.now(),
      delayed: true,
    });
    await signedIn();
    expect(await bodies()).toEqual([]);
  });

  it("does not come back with a correction that arrives live, now or later, nor with one of that", async () => {
    const correct = (targetId: string, id: string, body: string, peer = bob): void =>
      network.emit({
        type: "change",
        change: {
          ...{
            kind: "correction",
            peer,
            direction: "in",
            author: { address: peer, isSelf: false },
            targetId,
            id,
            body,
          },
          ...{ archiveId: undefined, at: undefined, delayed: false, via: "live" },
        },
      });
    await heard("stays", "1");
    await heard("goes", "2");
    await heard("goes as well", "3");
    await remove("goes", "goes as well");
    const unreadBefore = await unread();
    correct("2", "c2", "goes corrected");
    await heard("between", "4");
    expect(await bodies()).toEqual(["stays", "between"]);
    // Off the disk: the next run of retention takes what was hidden.
    await expect.poll(() => audited("deletion", "retention")).toBe(1);
    correct("3", "c3", "goes corrected, too");
    correct("c3", "c4", "goes corrected again");
    // What only has the same id is another message.
    correct("3", "c5", "of eve", eve);
    await heard("new", "5");
    await restart(archived({ body: "goes as well", id: "3" }));
    correct("3", "c6", "goes corrected after a restart");
    await heard("newer", "6");
    expect(await bodies()).toEqual(["stays", "between", "new", "newer"]);
    expect(await bodies(eve)).toEqual(["of eve"]);
    expect(await found("goes")).toEqual([]);
    expect(await unread()).toBe(unreadBefore + 4);
    // One of a message that is not known is all that there is of it.
    correct("nobody has this", "c7", "of something missed");
    await vi.waitFor(async () => expect(await bodies()).toContain("of something missed"));
  });

  it("does not come back where the database had to be begun anew, or the place in the archive is lost", async () => {
    await heard("stays", "1");
    await heard("goes", "2");
    await remove("goes");
    // It is hidden at once, and off the disk and remembered as gone when the next run has counted it.
    await expect.poll(() => audited("deletion", "retention")).toBe(1);
    await testApp.app.stop();
    // As after it was set aside and nothing of it could be read.
    for (const suffix of ["", "-wal", "-shm"]) await rm(join(testApps.folder, `history.db${suffix}`), { force: true });
    await start(archived({ body: "stays", id: "1" }, { body: "goes", id: "2" }));
    await signedIn();
    expect(await bodies()).toEqual(["stays"]);
  });

  it("does not come back with its conversation, or when retention took it", async () => {
    await heard("in a conversation", "1");
    await testApp.request("history.delete", { conversationId: id() });
    await heard("aged", "2");
    const archive = archived({ body: "in a conversation", id: "1" }, { body: "aged", id: "2" });
    ahead = 3 * day;
    await testApp.policy({ HistoryRetentionDays: 1 });
    await vi.waitFor(async () => expect(await bodies()).toEqual([]));
    await restart(archive);
    expect(await bodies()).toEqual([]);
  });
});

describe("a message that was not to be kept", () => {
  it.each(["off", "memory"] as const)("is not stored when it comes again after HistoryMode %s", async (mode) => {
    await heard("kept", "1");
    await testApp.request("settings.set", { key: "HistoryMode", value: mode });
    await heard("passing", "2");
    const own = await said("passing too");
    const archive = archived(
      { body: "kept", id: "1" },
      { body: "passing", id: "2" },
      { body: "passing too", id: own, direction: "out" },
    );
    await testApp.request("settings.set", { key: "HistoryMode", value: null });
    await restart([...archive, ...archived({ body: "missed", id: "3" })]);
    expect(await bodies()).toEqual(["kept", "missed"]);
    expect(await found("passing")).toEqual([]);
  });

  it("is not stored when it comes again after Hallway was started anew before the mode changed", async () => {
    await testApp.request("settings.set", { key: "HistoryMode", value: "off" });
    await heard("passing", "2");
    const own = await said("passing too");
    const archive = archived({ body: "passing", id: "2" }, { body: "passing too", id: own, direction: "out" });
    await restart(archive);
    await testApp.request("settings.set", { key: "HistoryMode", value: null });
    await restart(archive);
    expect(await bodies()).toEqual([]);
  });

  it("is not stored when its conversation is in scope again", async () => {
    await testApp.policy({ HistoryScope: "internal" });
    await testApp.request("conversations.open", { conversationId: id(eve), limit: 50 });
    await heard("out of scope", "1", eve);
    await testApp.policy(undefined);
    await restart(archived({ body: "out of scope", id: "1", peer: eve }, { body: "missed", id: "2", peer: eve }));
    expect(await bodies(eve)).toEqual(["missed"]);
  });
});

it("rules are reported once for each message, however often it is brought, also what is not kept", async () => {
  await testApp.policy({ ContentRules: [{ name: "Names", keywords: ["Bluebird"], action: "audit" }] });
  await heard("Bluebird one", "1");
  await testApp.request("settings.set", { key: "HistoryMode", value: "off" });
  await heard("Bluebird two", "2");
  await testApp.request("settings.set", { key: "HistoryMode", value: null });
  const archive = archived(
    { body: "Bluebird one", id: "1" },
    { body: "Bluebird two", id: "2" },
    { body: "Bluebird three", id: "3" },
  );
  network.archive.push(...archive);
  await testApp.request("accounts.update", { accountId, enabled: false });
  await testApp.request("accounts.update", { accountId, enabled: true });
  await signedIn();
  await restart(archive);
  expect(await bodies()).toEqual(["Bluebird one", "Bluebird three"]);
  await testApp.app.stop();
  expect(await audited("content-rule", "hit")).toBe(3);
});

describe("over SIMPLE, whose server hands over again what it is not sure of", () => {
  beforeAll(() => {
    protocol = "simple";
  });
  afterAll(() => {
    protocol = "xmpp";
  });

  it("nothing comes back that was deleted, or was not to be kept", async () => {
    await heard("stays", "1");
    await heard("goes", "2");
    const at = Date.now();
    await remove("goes");
    await testApp.request("settings.set", { key: "HistoryMode", value: "off" });
    await heard("passing", "3");
    await testApp.request("settings.set", { key: "HistoryMode", value: null });
    const handOver = (): void => {
      for (const [index, body] of ["stays", "goes", "passing"].entries())
        network.receive({ peer: bob, body, id: `${index + 1}`, at, delayed: true });
    };
    handOver();
    await heard("new", "4");
    expect(await bodies()).toEqual(["stays", "new"]);
    await restart([]);
    handOver();
    await heard("newer", "5");
    expect(await bodies()).toEqual(["stays", "new", "newer"]);
    expect([await found("goes"), await found("passing")]).toEqual([[], []]);
  });
});
