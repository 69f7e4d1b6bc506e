import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openSignedInTestApp, type SignedInTestApp } from "./signed-in-test-app.test-helper.ts";

const bob = "bob@x.example";

let testApp: SignedInTestApp;
let conversationId: string;

beforeEach(async () => {
  testApp = await openSignedInTestApp([bob]);
  conversationId = testApp.id(bob);
});
afterEach(() => testApp.close());

/** Bob says something; it is stored, then read by the person. */
async function receiveAndRead(id: string): Promise<void> {
  testApp.network.receive({ peer: bob, body: `Message ${id}`, id });
  const stored = await vi.waitFor(async () => {
    const { messages } = await testApp.request("conversations.open", { conversationId, limit: 50 });
    const found = messages.find((message) => message.body === `Message ${id}`);
    if (!found) throw new Error("not stored yet");
    return found;
  });
  await testApp.request("conversations.markRead", { conversationId, messageId: stored.id });
}

const kinds = () => testApp.network.receipts.map(({ messageId, kind }) => `${kind} ${messageId}`);

async function type(): Promise<void> {
  await testApp.request("conversations.typing", { conversationId, active: true });
  await testApp.request("conversations.typing", { conversationId, active: false });
}

describe("presence and privacy", () => {
  it("of many messages that are read at once the last twenty are told to have been read; the list shows 200 characters of one", async () => {
    for (let n = 1; n <= 21; n++)
      testApp.network.receive({ peer: bob, body: n === 21 ? "l".repeat(201) : `Message ${n}`, id: `m${n}` });
    const stored = await vi.waitFor(async () => {
      const { messages } = await testApp.request("conversations.open", { conversationId, limit: 50 });
      expect(messages).toHaveLength(21);
      return messages;
    });
    const last = async () =>
      (await testApp.request("app.snapshot", {})).tables.conversations.find(({ id }) => id === conversationId)?.last
        ?.text;
    expect(await last()).toBe("l".repeat(200));
    await testApp.request("conversations.markRead", { conversationId, messageId: stored.at(-1)?.id ?? "" });
    const read = kinds().filter((kind) => kind.startsWith("read"));
    expect([read.length, read[0], read.at(-1)]).toEqual([20, "read m2", "read m21"]);
    testApp.network.receive({ peer: bob, body: "w".repeat(200), id: "m22" });
    await vi.waitFor(async () => expect(await last()).toBe("w".repeat(200)));
  });

  it("receipts are neither sent for what came nor for what was read while policy forbids them", async () => {
    await receiveAndRead("one");
    expect(kinds()).toEqual(["delivered one", "read one"]);
    await testApp.policy({ ReceiptsEnabled: false });
    await receiveAndRead("two");
    await expect(testApp.request("settings.set", { key: "ReceiptsEnabled", value: true })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    expect(kinds()).toHaveLength(2);
    // Policy may only tighten: allowed by it, the choice is the person's.
    await testApp.policy({ ReceiptsEnabled: true });
    await testApp.request("settings.set", { key: "ReceiptsEnabled", value: false });
    await receiveAndRead("three");
    expect(kinds()).toHaveLength(2);
    await testApp.request("settings.set", { key: "ReceiptsEnabled", value: null });
    await receiveAndRead("four");
    expect(kinds().slice(2)).toEqual(["delivered four", "read four"]);
    // What cannot be used forbids.
    await testApp.policy({ ReceiptsEnabled: "yes" });
    await receiveAndRead("five");
    expect(kinds()).toHaveLength(4);
    expect(await testApp.setting("ReceiptsEnabled")).toMatchObject({
      value: false,
      locked: true,
      error: { code: "policy-invalid", params: { path: "ReceiptsEnabled" } },
    });
  });

  it("nobody learns for how long the person has been idle while policy forbids it; Away is told", async () => {
    const away = { availability: "away", idleSince: 1_700_000_000_000 } as const;
    await testApp.request("presence.set", { presence: away });
    expect(testApp.network.presences.at(-1)).toEqual(away);
    await testApp.policy({ IdleSharingEnabled: false });
    await vi.waitFor(() => expect(testApp.network.presences.at(-1)).toEqual({ availability: "away" }));
    await testApp.request("presence.set", { presence: { ...away, status: "Lunch" } });
    expect(testApp.network.presences.at(-1)).toEqual({ availability: "away", status: "Lunch" });
    await expect(testApp.request("settings.set", { key: "IdleSharingEnabled", value: true })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    // A new sign-in says no more than that.
    await testApp.request("presence.set", { presence: { availability: "offline" } });
    await testApp.request("presence.set", { presence: away });
    await vi.waitFor(() => expect(testApp.network.passwords).toHaveLength(2));
    expect(testApp.network.presences.at(-1)).toEqual({ availability: "away" });
    await testApp.policy(undefined);
    await vi.waitFor(() => expect(testApp.network.presences.at(-1)).toEqual(away));
  });

  it("nobody is told of typing while policy forbids it", async () => {
    await type();
    expect(testApp.network.typing).toEqual([
      { to: bob, active: true },
      { to: bob, active: false },
    ]);
    await testApp.policy({ TypingNotificationsEnabled: false });
    await type();
    await expect(
      testApp.request("settings.set", { key: "TypingNotificationsEnabled", value: true }),
    ).rejects.toMatchObject({ code: "locked-by-policy" });
    expect(testApp.network.typing).toHaveLength(2);
    await testApp.policy(undefined);
    await type();
    expect(testApp.network.typing).toHaveLength(4);
  });
});
