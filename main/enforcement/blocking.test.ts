import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Snapshot } from "../../shared/ipc/updates.ts";
import { openSignedInTestApp, type SignedInTestApp } from "./signed-in-test-app.test-helper.ts";

const bob = "bob@x.example";
const carol = "carol@x.example";

let testApp: SignedInTestApp;
beforeEach(async () => {
  testApp = await openSignedInTestApp([bob, carol]);
});
afterEach(() => testApp.close());

async function tables(): Promise<Snapshot["tables"]> {
  return (await testApp.request("app.snapshot", {})).tables;
}
async function availabilityOf(peer: string): Promise<string | undefined> {
  return (await tables()).contacts.find(({ address }) => address === peer)?.presence.availability;
}

it("nothing is heard of a blocked contact on any way, and nothing said to them, until they are unblocked", async () => {
  const { network } = testApp;
  network.emit({ type: "presence", address: bob, presence: { availability: "available" } });
  network.receive({ peer: bob, id: "before", body: "before" });
  await vi.waitFor(async () => expect(await availabilityOf(bob)).toBe("available"));
  await vi.waitFor(async () => expect(await testApp.texts(bob)).toEqual(["before"]));
  await testApp.request("contacts.block", { contactId: testApp.id(bob) });
  expect([...network.blocked]).toEqual([bob]);
  expect((await tables()).blocked).toMatchObject([{ id: testApp.id(bob), scope: "person", address: bob }]);
  expect(await availabilityOf(bob)).toBe("unknown");

  const receipts = network.receipts.length;
  network.emit({ type: "presence", address: bob, presence: { availability: "busy" } });
  network.receive({ peer: bob, id: "during", body: "during" });
  network.emit({ type: "typing", peer: bob, active: true });
  network.emit({ type: "subscription-request", address: bob, name: undefined, text: "let me" });
  network.emit({
    type: "change",
    change: {
      kind: "correction",
      peer: bob,
      direction: "in",
      author: { address: bob, isSelf: false },
      targetId: "before",
      id: "c",
      body: "changed",
      at: undefined,
      delayed: false,
      via: "live",
      archiveId: undefined,
    },
  });
  network.receive({ peer: carol, id: "carol", body: "hello" });
  await vi.waitFor(async () => expect(await testApp.texts(carol)).toEqual(["hello"]));
  expect(await testApp.texts(bob)).toEqual(["before"]);
  expect(await availabilityOf(bob)).toBe("unknown");
  const now = await tables();
  expect(now.requests).toEqual([]);
  expect(now.conversations.find(({ id }) => id === testApp.id(bob))?.typing).toBe(false);
  expect(network.receipts.slice(receipts).map(({ to }) => to)).toEqual([carol]);

  const blocked = { code: "contact-blocked", params: { address: bob } };
  await expect(testApp.send(bob, "no")).rejects.toMatchObject(blocked);
  await testApp.request("conversations.typing", { conversationId: testApp.id(bob), active: true });
  await expect(testApp.request("contacts.ask", { contactId: testApp.id(bob) })).rejects.toMatchObject(blocked);
  expect(network.messages.filter(({ to }) => to === bob)).toEqual([]);
  expect(network.typing.filter(({ to }) => to === bob)).toEqual([]);

  await testApp.request("contacts.unblock", { blockId: testApp.id(bob) });
  expect([...network.blocked]).toEqual([]);
  expect((await tables()).blocked).toEqual([]);
  // What came last is shown again.
  expect(await availabilityOf(bob)).toBe("busy");
  network.receive({ peer: bob, id: "after", body: "after" });
  await vi.waitFor(async () => expect(await testApp.texts(bob)).toEqual(["before", "after"]));
  await testApp.send(bob, "yes");
  await vi.waitFor(() => expect(network.messages.map(({ to }) => to)).toContain(bob));
});

it("own messages to a blocked contact are neither corrected, taken back nor sent again", async () => {
  const { id: messageId } = await testApp.send(bob, "mine");
  await vi.waitFor(() => expect(testApp.network.messages).toHaveLength(1));
  await testApp.request("contacts.block", { contactId: testApp.id(bob) });
  const conversationId = testApp.id(bob);
  const blocked = { code: "contact-blocked" };
  await expect(
    testApp.request("messages.correct", { conversationId, messageId, correctionId: randomUUID(), body: "other" }),
  ).rejects.toMatchObject(blocked);
  await expect(testApp.request("messages.retract", { conversationId, messageId })).rejects.toMatchObject(blocked);
  await setImmediate();
  expect([testApp.network.corrections, testApp.network.retractions]).toEqual([[], []]);
});

it("the archive brings nothing of a blocked contact, and everything of others", async () => {
  await testApp.request("contacts.block", { contactId: testApp.id(bob) });
  testApp.network.archive.push(
    { peer: bob, id: "b", body: "from the archive" },
    { peer: carol, id: "c", body: "from the archive" },
  );
  const { accountId } = testApp;
  await testApp.request("accounts.update", { accountId, enabled: false });
  await testApp.request("accounts.update", { accountId, enabled: true });
  await vi.waitFor(async () => expect(await testApp.texts(carol)).toEqual(["from the archive"]));
  expect(await testApp.texts(bob)).toEqual([]);
});

it("what the server says of its list is followed, and what it has not heard is told at the next sign-in", async () => {
  testApp.network.emit({ type: "block-list", addresses: [bob] });
  expect((await tables()).blocked.map(({ address }) => address)).toEqual([bob]);
  testApp.network.emit({ type: "block-changed", addresses: [bob], isBlocked: false });
  testApp.network.emit({ type: "block-changed", addresses: [carol], isBlocked: true });
  expect((await tables()).blocked.map(({ address }) => address)).toEqual([carol]);
  const { accountId } = testApp;
  await testApp.request("accounts.update", { accountId, enabled: false });
  await testApp.request("contacts.block", { contactId: testApp.id(bob) });
  await testApp.request("contacts.unblock", { blockId: testApp.id(carol) });
  testApp.network.blocked.add(carol);
  await testApp.request("accounts.update", { accountId, enabled: true });
  await vi.waitFor(() => expect([...testApp.network.blocked]).toEqual([bob]));
});

it("nobody blocks themselves, or somebody of an account that is not there", async () => {
  await expect(testApp.request("contacts.block", { contactId: testApp.id("me@x.example") })).rejects.toMatchObject({
    code: "invalid-address",
  });
  await expect(testApp.request("contacts.block", { contactId: `account-none|${bob}` })).rejects.toMatchObject({
    code: "not-found",
  });
  await expect(testApp.request("contacts.unblock", { blockId: testApp.id(bob) })).rejects.toMatchObject({
    code: "not-found",
  });
  expect((await tables()).blocked).toEqual([]);
});

it("nobody who is blocked is heard through a room's service or in another's name, in what they say nor in what they change", async () => {
  const { network } = testApp;
  const mallory = "mallory@x.example";
  await testApp.request("contacts.block", { contactId: testApp.id(carol) });
  network.receive({ peer: bob, id: "b1", body: "before" });
  await vi.waitFor(async () => expect(await testApp.texts(bob)).toEqual(["before"]));
  network.receive({ peer: bob, through: carol, id: "c1", body: "psst", notice: { kind: "room-message" } });
  network.receive({ peer: bob, through: carol, id: "c2", body: "psst" });
  network.emit({
    type: "change",
    change: {
      kind: "correction",
      peer: bob,
      through: carol,
      direction: "in",
      author: { address: bob, isSelf: false },
      targetId: "b1",
      id: "c3",
      body: "changed",
      at: undefined,
      delayed: false,
      via: "live",
      archiveId: undefined,
    },
  });
  network.receive({ peer: bob, through: mallory, id: "b2", body: "after" });
  await vi.waitFor(async () => expect(await testApp.texts(bob)).toEqual(["before", "after"]));
});
