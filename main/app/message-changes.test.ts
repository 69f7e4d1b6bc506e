import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { MessageRecord } from "../../shared/model/message.ts";
import { createRecordedNetwork, type RecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import type { TestApp } from "../enforcement/test-app.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";
import type { MessageChange } from "../networks/facets/messages.ts";

const bob = "bob@x.example";
let testApps: TestApps;
let network: RecordedNetwork;
let testApp: TestApp;
let accountId: string;

/** The program is started, on the same disk, and finds this in the archive. */
async function begin(archived: readonly MessageChange[] = []): Promise<void> {
  network = createRecordedNetwork("xmpp", [bob]);
  network.archivedChanges.push(...archived);
  testApp = await testApps.open({ networks: () => [network] });
}

beforeEach(async () => {
  testApps = await createTestApps();
  await begin();
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
const send = (body: string) =>
  testApp.request("messages.send", { conversationId: conversation(), messageId: randomUUID(), body });
const correct = (messageId: string, body: string, correctionId = randomUUID()) =>
  testApp.request("messages.correct", { conversationId: conversation(), messageId, correctionId, body });
const retract = (messageId: string) =>
  testApp.request("messages.retract", { conversationId: conversation(), messageId });
const available = (yes: boolean) =>
  testApp.request("presence.set", { presence: { availability: yes ? "available" : "offline" } });
const shown = async (): Promise<readonly MessageRecord[]> =>
  (await testApp.request("conversations.open", { conversationId: conversation(), limit: 50 })).messages;
const delivered = (id: string, state: "sent" | "failed") =>
  network.emit({
    type: "delivery",
    id,
    peer: bob,
    state,
    ...(state === "failed" ? { error: { code: "recipient-unreachable" as const } } : {}),
  });

it("a correction is shown at once, sent, and waits until the network has it", async () => {
  const { id } = await send("tpyo");
  await vi.waitFor(() => expect(network.messages).toHaveLength(1));
  delivered(id, "sent");
  const record = await correct(id, "typo");
  expect(record).toMatchObject({
    id,
    body: "typo",
    corrected: expect.any(Number),
    change: { kind: "correction", state: "waiting" },
  });
  await vi.waitFor(() => expect(network.corrections).toMatchObject([{ to: bob, targetId: id, body: "typo" }]));
  const [sent] = network.corrections;
  delivered(sent?.id ?? "", "sent");
  // The message itself was sent before: only the end of the change tells that the network has the correction.
  await vi.waitFor(async () => {
    const messages = await shown();
    expect(messages).toMatchObject([{ id, body: "typo", state: "sent" }]);
    expect(messages[0]?.change).toBeUndefined();
  });
  expect((await testApp.request("app.snapshot", {})).tables.conversations[0]?.last?.text).toBe("typo");
});

it("the same correction asked for twice corrects once, and the same text nothing", async () => {
  const { id } = await send("one");
  await vi.waitFor(() => expect(network.messages).toHaveLength(1));
  const correctionId = randomUUID();
  await correct(id, "two", correctionId);
  await correct(id, "two", correctionId);
  await correct(id, "two");
  await retract(id);
  await vi.waitFor(() => expect(network.retractions).toHaveLength(1));
  expect(network.corrections).toHaveLength(1);
});

it("offline, what waits goes out as it reads in the end, then its corrections, in order, once", async () => {
  await available(false);
  const { id } = await send("first");
  const other = await send("other");
  await correct(id, "second");
  await correct(id, "third");
  await available(true);
  await vi.waitFor(() => expect(network.corrections).toHaveLength(2));
  expect(network.messages.map(({ body }) => body)).toEqual(["third", other.body]);
  expect(network.corrections.map(({ body, targetId }) => [body, targetId])).toEqual([
    ["second", id],
    ["third", id],
  ]);
});

it("offline, what was never sent is taken back without a word", async () => {
  await available(false);
  const { id } = await send("oh no");
  await correct(id, "oh noes");
  expect(await retract(id)).toMatchObject({ body: "", retracted: true });
  await send("next");
  await available(true);
  await vi.waitFor(() => expect(network.messages.map(({ body }) => body)).toEqual(["next"]));
  expect([network.corrections, network.retractions]).toEqual([[], []]);
});

it("what waits outlives a restart and is sent once; what the archive shows to have arrived is not sent again", async () => {
  const { id } = await send("kept");
  await vi.waitFor(() => expect(network.messages).toHaveLength(1));
  delivered(id, "sent");
  const { id: gone } = await send("gone");
  await vi.waitFor(() => expect(network.messages).toHaveLength(2));
  delivered(gone, "sent");
  await available(false);
  const [arrived, missing] = [randomUUID(), randomUUID()];
  await correct(id, "arrived", arrived);
  await correct(id, "missing", missing);
  await retract(gone);
  await testApp.app.stop();
  await begin([
    {
      kind: "correction",
      peer: bob,
      direction: "out",
      author: { address: "me@x.example", isSelf: true },
      id: arrived,
      targetId: id,
      body: "arrived",
      archiveId: "a-1",
      at: Date.now(),
      delayed: true,
      via: "archive",
    },
  ]);
  await vi.waitFor(() => expect(network.retractions.map(({ targetId }) => targetId)).toEqual([gone]));
  expect(network.corrections.map((correction) => correction.id)).toEqual([missing]);
  expect(network.messages).toEqual([]);
  expect((await shown()).map(({ body, retracted }) => [body, retracted])).toEqual([
    ["missing", undefined],
    ["", true],
  ]);
});

it("one that comes back is told at its message, and can be sent again", async () => {
  const { id } = await send("hello");
  await vi.waitFor(() => expect(network.messages).toHaveLength(1));
  delivered(id, "sent");
  await correct(id, "hallo");
  await vi.waitFor(() => expect(network.corrections).toHaveLength(1));
  const correctionId = network.corrections[0]?.id ?? "";
  // The server has it, and it comes back all the same.
  delivered(correctionId, "sent");
  delivered(correctionId, "failed");
  await vi.waitFor(async () =>
    expect((await shown())[0]).toMatchObject({
      state: "sent",
      change: { state: "failed", error: { code: "recipient-unreachable" } },
    }),
  );
  await testApp.request("messages.retry", { messageId: id });
  await vi.waitFor(() =>
    expect(network.corrections.map((correction) => correction.id)).toEqual([correctionId, correctionId]),
  );
  expect((await shown())[0]?.change).toEqual({ kind: "correction", state: "waiting" });
});

it("only own messages that were sent, lately, and to this person, can be changed", async () => {
  network.receive({ peer: bob, body: "theirs", id: "theirs" });
  await vi.waitFor(async () => expect(await shown()).toHaveLength(1));
  const theirs = (await shown())[0]?.id ?? "";
  await expect(correct(theirs, "mine")).rejects.toMatchObject({ code: "not-found" });
  await expect(retract(theirs)).rejects.toMatchObject({ code: "not-found" });
  await expect(retract(randomUUID())).rejects.toMatchObject({ code: "not-found" });
  const { id } = await send("hello");
  await expect(correct(id, "  ")).rejects.toMatchObject({ code: "message-empty" });
  await vi.waitFor(() => expect(network.messages).toHaveLength(1));
  delivered(id, "failed");
  await vi.waitFor(async () => expect((await shown())[1]?.state).toBe("failed"));
  await expect(correct(id, "hallo")).rejects.toMatchObject({ code: "not-found" });
  await testApp.request("messages.retry", { messageId: id });
  await retract(id);
  await expect(correct(id, "hallo")).rejects.toMatchObject({ code: "not-found" });
  await expect(retract(id)).rejects.toMatchObject({ code: "not-found" });
});
