import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { MessageNotice } from "../../shared/model/notice.ts";
import { createRecordedNetwork, type RecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import type { TestApp } from "../enforcement/test-app.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";

/** Messages that this version cannot show, through the whole program: each is a line that says what it is. */
const bob = "bob@x.example";
const omemo: MessageNotice = { kind: "encrypted", what: "OMEMO" };
const encrypted = { peer: bob, body: "", id: "e1", notice: omemo } as const;
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
  await vi.waitFor(async () => expect((await tables()).contacts).toHaveLength(1));
});
afterEach(() => testApps.close());

const tables = async () => (await testApp.request("app.snapshot", {})).tables;
const conversationId = (peer: string) => `${accountId}|${peer}`;
const listed = async (peer = bob) => (await tables()).conversations.find(({ id }) => id === conversationId(peer));
const shown = async (peer = bob): Promise<readonly MessageRecord[]> =>
  (await testApp.request("conversations.open", { conversationId: conversationId(peer), limit: 50 })).messages;

describe("a notice", () => {
  it("is a line of its conversation, unread, and the last one on the list", async () => {
    network.receive(encrypted);
    await vi.waitFor(async () =>
      expect(await listed()).toMatchObject({ unread: 1, last: { text: "", notice: omemo } }),
    );
    expect(await shown()).toMatchObject([{ body: "", notice: omemo, direction: "in" }]);
  });

  it("is neither said to be delivered nor read, while the message after it is", async () => {
    network.receive(encrypted);
    network.receive({ peer: bob, body: "hello", id: "m1" });
    await vi.waitFor(async () => expect(await shown()).toHaveLength(2));
    await vi.waitFor(() => expect(network.receipts).toMatchObject([{ messageId: "m1", kind: "delivered" }]));
    const last = (await shown()).at(-1);
    await testApp.request("conversations.markRead", { conversationId: conversationId(bob), messageId: last?.id ?? "" });
    expect(network.receipts).toMatchObject([
      { messageId: "m1", kind: "delivered" },
      { messageId: "m1", kind: "read" },
    ]);
    expect((await listed())?.unread).toBe(0);
  });

  it("ends the typing of who sent it", async () => {
    network.emit({ type: "typing", peer: bob, active: true });
    await vi.waitFor(async () => expect((await listed())?.typing).toBe(true));
    network.receive(encrypted);
    await vi.waitFor(async () => expect((await listed())?.typing).toBe(false));
  });

  it("stands once, live, as a copy and out of the archive", async () => {
    network.receive(encrypted);
    network.receive({ ...encrypted, via: "carbon" });
    network.archive.push({ ...encrypted, via: "archive", archiveId: "a1", at: Date.now() });
    network.archive.push({ peer: bob, body: "before", id: "a2", via: "archive", archiveId: "a2", at: Date.now() });
    network.emit({ type: "connection-lost", error: { code: "connection-lost" } });
    await testApp.request("accounts.retry", { accountId });
    await vi.waitFor(async () => expect((await shown()).map(({ body }) => body)).toEqual(["", "before"]));
  });

  it("is shown while the chat is open where policy keeps no history", async () => {
    await testApp.policy({ HistoryMode: "off" });
    network.receive({ peer: bob, body: "first", id: "m1" });
    await vi.waitFor(async () => expect(await listed()).toBeDefined());
    await shown();
    network.receive(encrypted);
    await vi.waitFor(async () => expect((await shown()).at(-1)).toMatchObject({ notice: omemo }));
  });

  it("becomes the text that its sender puts in its place, and goes when it is taken back", async () => {
    network.receive(encrypted);
    const about = {
      peer: bob,
      direction: "in",
      author: { address: bob, isSelf: false },
      targetId: "e1",
      archiveId: undefined,
      at: undefined,
      delayed: false,
      via: "live",
    } as const;
    network.emit({ type: "change", change: { ...about, kind: "correction", id: "c1", body: "in the clear" } });
    await vi.waitFor(async () =>
      expect((await shown())[0]).toMatchObject({ body: "in the clear", corrected: expect.any(Number) }),
    );
    expect((await shown())[0]).not.toHaveProperty("notice");
    network.receive({ ...encrypted, id: "e2" });
    network.emit({ type: "change", change: { ...about, kind: "retraction", id: "r1", targetId: "e2" } });
    await vi.waitFor(async () => expect((await shown())[1]).toMatchObject({ retracted: true }));
    expect((await shown())[1]).not.toHaveProperty("notice");
  });

  it("of an own other device is no unread line", async () => {
    network.receive({ ...encrypted, direction: "out", via: "carbon" });
    await vi.waitFor(async () =>
      expect(await listed()).toMatchObject({ unread: 0, last: { direction: "out", notice: omemo } }),
    );
  });

  it("is found by the words that came with it", async () => {
    network.receive({
      ...encrypted,
      notice: { kind: "invitation", what: "den@rooms.x.example" },
      body: "about the lighthouse",
    });
    await vi.waitFor(async () =>
      expect((await testApp.request("history.search", { text: "lighthouse", limit: 5 })).hits).toHaveLength(1),
    );
  });
});

describe("a notice of a stranger", () => {
  const eve = "eve@y.example";

  it("waits under Requests, and is told of nowhere else", async () => {
    network.receive({ ...encrypted, peer: eve });
    await vi.waitFor(async () =>
      expect((await tables()).requests).toMatchObject([{ address: eve, kind: "message", notice: omemo }]),
    );
    expect(await listed(eve)).toBeUndefined();
    expect((await tables()).contacts).toHaveLength(1);
    expect(network.receipts).toEqual([]);
  });

  it("is forgotten where they said something that can be shown", async () => {
    network.receive({ ...encrypted, peer: eve });
    network.receive({ peer: eve, body: "hello", id: "m1" });
    await vi.waitFor(async () => expect((await tables()).requests).toMatchObject([{ text: "hello" }]));
    expect((await tables()).requests[0]).not.toHaveProperty("notice");
  });

  it("who is blocked is not heard, nor through a room of the own server", async () => {
    network.receive({ ...encrypted, peer: eve });
    await vi.waitFor(async () => expect((await tables()).requests).toHaveLength(1));
    await testApp.request("requests.answer", { requestId: conversationId(eve), answer: "block" });
    network.receive({ ...encrypted, peer: eve, id: "e2" });
    network.receive({
      peer: "rooms.x.example",
      body: "",
      id: "i1",
      notice: { kind: "invitation", what: "den@rooms.x.example", who: eve },
    });
    network.receive({ peer: bob, body: "after", id: "m1" });
    await vi.waitFor(async () => expect(await listed()).toBeDefined());
    expect((await tables()).requests).toEqual([]);
    expect(await listed("rooms.x.example")).toBeUndefined();
  });
});

describe("a server", () => {
  it("of the account's own domain is heard like anybody on the list", async () => {
    for (const server of ["x.example", "rooms.x.example"]) {
      network.receive({ peer: server, body: "Down at ten.", id: undefined });
      await vi.waitFor(async () =>
        expect(await listed(server)).toMatchObject({ unread: 1, last: { text: "Down at ten." } }),
      );
      expect((await tables()).contacts.find(({ address }) => address === server)).toMatchObject({
        name: server,
        listed: false,
      });
    }
    expect((await tables()).requests).toEqual([]);
  });

  it("of any other domain waits under Requests", async () => {
    const others = ["y.example", "evilx.example", "x.example.evil"];
    for (const server of others) network.receive({ peer: server, body: "Win a prize", id: undefined });
    await vi.waitFor(async () =>
      expect((await tables()).requests.map(({ address }) => address).sort()).toEqual(others.sort()),
    );
    expect((await tables()).conversations).toEqual([]);
    await testApp.request("requests.answer", { requestId: conversationId("y.example"), answer: "accept" });
    expect(await listed("y.example")).toMatchObject({ last: { text: "Win a prize" } });
    // Nobody to watch.
    expect(network.added).toEqual([]);
  });

  it("is there again after a restart, with its line", async () => {
    network.receive({ peer: "x.example", body: "", id: undefined, notice: { kind: "other" } });
    await vi.waitFor(async () => expect(await listed("x.example")).toBeDefined());
    await testApp.app.stop();
    testApp = await testApps.open({ networks: () => [network] });
    await vi.waitFor(async () =>
      expect(await listed("x.example")).toMatchObject({ last: { notice: { kind: "other" } } }),
    );
  });
});
