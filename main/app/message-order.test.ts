import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MessageRecord } from "../../shared/model/message.ts";
import { createRecordedNetwork, type RecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import { createTestApp, type TestApp } from "../enforcement/test-app.test-helper.ts";

const bob = "bob@x.example";
const day = 24 * 3_600_000;

describe.each(["xmpp", "simple"] as const)("the order of a conversation on %s", (protocol) => {
  let folder: string;
  let network: RecordedNetwork;
  let testApp: TestApp;
  let conversationId: string;
  let clock: number | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hallway-order-"));
    network = createRecordedNetwork(protocol, [bob]);
    clock = undefined;
    testApp = createTestApp({ folder, now: () => clock ?? Date.now(), networks: () => [network] });
    await testApp.app.start();
    await testApp.untilVault("ready");
    const { accountId } = await testApp.request("accounts.add", {
      address: "me@x.example",
      password: "secret",
      protocol,
      server: {},
    });
    conversationId = `${accountId}|${bob}`;
    network.receive({ peer: bob, body: "before", id: "0" });
    await until(1);
  });
  afterEach(async () => {
    await testApp.app.stop();
    await rm(folder, { recursive: true });
  });

  const page = async (): Promise<readonly MessageRecord[]> =>
    (await testApp.request("conversations.open", { conversationId, limit: 50 })).messages;
  const bodies = async (): Promise<string[]> => (await page()).map(({ body }) => body);
  async function until(count: number): Promise<void> {
    await vi.waitFor(async () => expect(await page()).toHaveLength(count));
  }

  it("is that of arrival, whatever live messages are stamped with", async () => {
    const now = Date.now();
    const stamps = [0, 191_000, now - 40 * day, now + 400 * day, -1e15, 9e15, now - 60_000];
    for (const [index, at] of stamps.entries())
      for (const delayed of [true, false])
        network.receive({ peer: bob, body: `${index} ${delayed}`, id: `${index} ${delayed}`, at, delayed });
    await until(1 + 2 * stamps.length);
    expect(await bodies()).toEqual(["before", ...stamps.flatMap((_, index) => [`${index} true`, `${index} false`])]);
    const messages = await page();
    for (const { at } of messages) expect(Math.abs(at - now)).toBeLessThan(10 * 60_000);
    // Told beside it, and never of a time to come.
    expect(messages[3]?.saidAt).toBe(191_000);
    expect(messages.flatMap(({ saidAt }) => (saidAt !== undefined && saidAt > now ? [saidAt] : []))).toEqual([]);
    const { conversations } = (await testApp.request("app.snapshot", {})).tables;
    expect(conversations.find(({ id }) => id === conversationId)?.last?.text).toBe("6 false");
  });

  it("calls late what the server kept for long, and nothing else", async () => {
    const now = Date.now();
    network.receive({ peer: bob, body: "just now", id: "1", at: now - 3_000, delayed: true });
    network.receive({ peer: bob, body: "claimed", id: "2", at: now - 3_600_000 });
    network.receive({ peer: bob, body: "kept", id: "3", at: now - 3_600_000, delayed: true });
    await until(4);
    expect((await page()).map(({ body, delayed }) => [body, delayed])).toEqual([
      ["before", undefined],
      ["just now", undefined],
      ["claimed", undefined],
      ["kept", true],
    ]);
  });

  it("holds for what the person types, however fast, on the screen and on the wire", async () => {
    clock = Date.now();
    const lines = Array.from({ length: 12 }, (_, n) => `line ${n}`);
    const sent = lines.map((body, n) =>
      testApp.request("messages.send", {
        conversationId,
        messageId: `00000000-0000-4000-8000-0000000000${10 + n}`,
        body,
      }),
    );
    await Promise.all(sent);
    await vi.waitFor(() => expect(network.messages.map(({ body }) => body)).toEqual(lines));
    expect(await bodies()).toEqual(["before", ...lines]);
  });

  it("holds for what waits offline, also for what is corrected, taken back or tried again meanwhile", async () => {
    await testApp.request("presence.set", { presence: { availability: "offline" } });
    const id = (n: number): string => `00000000-0000-4000-8000-0000000000${20 + n}`;
    const send = (n: number) =>
      testApp.request("messages.send", { conversationId, messageId: id(n), body: `line ${n}` });
    const said = [send(1), send(2), send(3)];
    await Promise.all(said);
    await testApp.request("messages.correct", {
      conversationId,
      messageId: id(1),
      correctionId: id(9),
      body: "line 1, corrected",
    });
    await Promise.all([testApp.request("messages.retract", { conversationId, messageId: id(2) }), send(4), send(5)]);
    expect(network.messages).toEqual([]);
    await testApp.request("presence.set", { presence: { availability: "available" } });
    await vi.waitFor(() =>
      expect(network.messages.map(({ body }) => body)).toEqual(["line 1, corrected", "line 3", "line 4", "line 5"]),
    );
    expect(await bodies()).toEqual(["before", "line 1, corrected", "", "line 3", "line 4", "line 5"]);
  });

  it("is that of the archive for what it brings, between what was heard before and what came since", async () => {
    network.receive({ peer: bob, body: "heard", id: "h", archiveId: "archive-h" });
    await until(2);
    const second = Math.floor(Date.now() / 1000) * 1000;
    // An archive that stamps whole seconds, by a clock that is behind; the last message had been heard.
    network.archive.push(
      { peer: bob, body: "heard", id: "h", at: second - 2_000, delayed: true },
      { peer: bob, body: "missed 1", id: "m1", at: second - 2_000, delayed: true },
      { peer: bob, body: "missed 2", id: "m2", at: second - 2_000, delayed: true },
    );
    await testApp.request("accounts.update", { accountId: conversationId.split("|")[0] ?? "", enabled: false });
    await testApp.request("accounts.update", { accountId: conversationId.split("|")[0] ?? "", enabled: true });
    await until(4);
    expect(await bodies()).toEqual(["before", "heard", "missed 1", "missed 2"]);
  });
});
