import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createRecordedNetwork, type RecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import type { TestApp } from "../enforcement/test-app.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";

/** Read markers of own messages (XEP-0333 section 3): the one that a marker names and all before it were read. */
const [bob, carol] = ["bob@x.example", "carol@x.example"] as const;
let testApps: TestApps;
let network: RecordedNetwork;
let testApp: TestApp;
let accountId: string;

beforeEach(async () => {
  testApps = await createTestApps();
  network = createRecordedNetwork("xmpp", [bob, carol]);
  testApp = await testApps.open({ networks: () => [network] });
  ({ accountId } = await testApp.request("accounts.add", {
    address: "me@x.example",
    password: "p",
    protocol: "xmpp",
    server: {},
  }));
  await vi.waitFor(async () => expect((await testApp.request("app.snapshot", {})).tables.contacts).toHaveLength(2));
});
afterEach(() => testApps.close());

async function say(to: string): Promise<string> {
  const messageId = randomUUID();
  await testApp.request("messages.send", { conversationId: `${accountId}|${to}`, messageId, body: `to ${to}` });
  await vi.waitFor(() => expect(network.messages.map(({ id }) => id)).toContain(messageId));
  network.emit({ type: "delivery", id: messageId, peer: to, state: "sent" });
  return messageId;
}

const states = async (to: string) =>
  (await testApp.request("conversations.open", { conversationId: `${accountId}|${to}`, limit: 50 })).messages.map(
    ({ state }) => state,
  );

it("covers all before the message that it names, in the store and in the window, and nothing else", async () => {
  const ids = [await say(bob), await say(bob), await say(bob), await say(bob)];
  const other = await say(carol);
  network.emit({ type: "delivery", id: ids[1] ?? "", peer: bob, state: "failed", error: { code: "too-large" } });
  await vi.waitFor(async () => expect(await states(bob)).toEqual(["sent", "failed", "sent", "sent"]));
  const from = testApp.messages.length;
  for (const [peer, id] of [
    [bob, "nobody"],
    [bob, other],
    [carol, ids[2] ?? ""],
    [bob, ids[1] ?? ""],
  ] as const)
    network.emit({ type: "read-up-to", peer, id });
  network.emit({ type: "read-up-to", peer: bob, id: ids[2] ?? "" });
  await vi.waitFor(async () => expect(await states(bob)).toEqual(["read", "failed", "read", "sent"]));
  expect(await states(carol)).toEqual(["sent"]);
  await vi.waitFor(() => {
    const told = JSON.stringify(testApp.messages.slice(from));
    for (const id of [ids[0], ids[2]])
      expect(told).toMatch(new RegExp(`"id":"${id}"[^{}]*"author":{[^{}]*}[^{}]*"state":"read"`));
  });
});

it("of hundreds has the window read again what it holds, and waits for no marker of its own for each", async () => {
  const at = Date.now();
  for (let n = 0; n < 700; n += 1)
    network.receive({
      peer: bob,
      body: `line ${n}`,
      id: `m${n}`,
      direction: "out",
      via: "carbon",
      at: at - 700 + n,
      wantsDelivered: false,
      wantsRead: false,
    });
  await vi.waitFor(async () => expect((await states(bob)).length).toBe(50));
  await vi.waitFor(async () =>
    expect((await testApp.request("history.search", { text: "699", limit: 1 })).hits).toHaveLength(1),
  );
  network.emit({ type: "read-up-to", peer: bob, id: "m699" });
  await vi.waitFor(async () => {
    const { messages } = await testApp.request("conversations.page", {
      conversationId: `${accountId}|${bob}`,
      limit: 50,
      oldest: true,
    });
    expect(messages.map(({ state }) => state)).toEqual(Array.from({ length: 50 }, () => "read"));
  });
});
