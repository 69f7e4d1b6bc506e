import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { MessageRecord } from "../../shared/model/message.ts";
import { createRecordedNetwork, type RecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import type { TestApp } from "../enforcement/test-app.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";
import type { MessageChange } from "../networks/facets/messages.ts";

/**
 * A message has a name on the wire, which receipts go by, and may have a second one: whoever means it may use either.
 */
const bob = "bob@x.example";
let testApps: TestApps;
let network: RecordedNetwork;
let testApp: TestApp;
let accountId: string;

beforeEach(async () => {
  testApps = await createTestApps();
  network = createRecordedNetwork("xmpp", [bob]);
  testApp = await testApps.open({ networks: () => [network] });
  ({ accountId } = await testApp.request("accounts.add", {
    address: "me@x.example",
    password: "p",
    protocol: "xmpp",
    server: {},
  }));
  await vi.waitFor(async () => expect((await testApp.request("app.snapshot", {})).tables.contacts).toHaveLength(1));
});
afterEach(() => testApps.close());

const conversation = () => `${accountId}|${bob}`;
const shown = async (): Promise<readonly MessageRecord[]> =>
  (await testApp.request("conversations.open", { conversationId: conversation(), limit: 50 })).messages;
const unread = async () =>
  (await testApp.request("app.snapshot", {})).tables.conversations.find(({ id }) => id === conversation())?.unread;
const named = { peer: bob, body: "hi", id: "stanza-1", otherId: "origin-1", wantsDelivered: true } as const;
const change = (targetId: string): MessageChange => ({
  kind: "correction",
  peer: bob,
  direction: "in",
  author: { address: bob, isSelf: false },
  targetId,
  id: `c-${targetId}`,
  archiveId: undefined,
  at: undefined,
  delayed: false,
  via: "live",
  body: `by ${targetId}`,
});

it("is confirmed by its first name", async () => {
  network.receive(named);
  await vi.waitFor(() =>
    expect(network.receipts).toMatchObject([{ to: bob, messageId: "stanza-1", kind: "delivered" }]),
  );
});

it.each(["stanza-1", "origin-1"])("is corrected and taken back as %s", async (name) => {
  network.receive(named);
  network.emit({ type: "change", change: change(name) });
  await vi.waitFor(async () => expect((await shown()).map(({ body }) => body)).toEqual([`by ${name}`]));
  const { body: _, ...about } = { ...change(name), body: "" };
  network.emit({ type: "change", change: { ...about, kind: "retraction", id: "r" } });
  await vi.waitFor(async () => expect(await shown()).toMatchObject([{ body: "", retracted: true }]));
});

it.each(["stanza-1", "origin-1"])("is read on another device as %s", async (name) => {
  network.receive(named);
  await vi.waitFor(async () => expect(await unread()).toBe(1));
  network.emit({ type: "read-elsewhere", peer: bob, author: { address: bob, isSelf: false }, id: name });
  await vi.waitFor(async () => expect(await unread()).toBe(0));
});

it.each(["stanza-1", "origin-1"])("that a change to %s came before is changed when it comes", async (name) => {
  network.emit({ type: "change", change: change(name) });
  await vi.waitFor(async () => expect(await shown()).toHaveLength(1));
  network.receive(named);
  await vi.waitFor(async () => expect((await shown()).map(({ body }) => body)).toEqual([`by ${name}`]));
  network.receive({ ...named, id: "stanza-2", otherId: "origin-2", body: "next" });
  await vi.waitFor(async () => expect((await shown()).map(({ body }) => body)).toEqual([`by ${name}`, "next"]));
});

it("is one message where a copy has only one of its names, and another one where only the second name is used again", async () => {
  network.receive({ peer: bob, body: "hi", id: "origin-1" });
  network.receive(named);
  network.receive({ ...named, id: "stanza-9" });
  network.receive({ ...named, id: "stanza-3", body: "something else" });
  await vi.waitFor(async () => expect((await shown()).map(({ body }) => body)).toEqual(["hi", "something else"]));
});

it("typed here stays one when it comes back with another name of the server's", async () => {
  const id = randomUUID();
  await testApp.request("messages.send", { conversationId: conversation(), messageId: id, body: "mine" });
  await vi.waitFor(() => expect(network.messages).toHaveLength(1));
  network.receive({ peer: bob, body: "mine", direction: "out", via: "carbon", id: "renamed", otherId: id });
  await vi.waitFor(async () => expect(await shown()).toMatchObject([{ id, state: "sent" }]));
});

it("may have a longer name than any that is given here", async () => {
  const long = "i".repeat(256);
  network.receive({ peer: bob, body: "from my phone", direction: "out", via: "carbon", id: long });
  network.receive({ peer: bob, body: "hi", id: long });
  await vi.waitFor(async () => expect((await shown()).map(({ body }) => body)).toEqual(["from my phone", "hi"]));
  expect((await shown()).every(({ id }) => id.length <= 128)).toBe(true);
  await vi.waitFor(() => expect(network.receipts).toMatchObject([{ messageId: long }]));
  network.emit({ type: "delivery", id: long, peer: bob, state: "read" });
  await vi.waitFor(async () => expect((await shown())[0]).toMatchObject({ state: "read" }));
});
