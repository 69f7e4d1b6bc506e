import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createRecordedNetwork, type RecordedNetwork } from "./recorded-network.test-helper.ts";
import type { TestApp } from "./test-app.test-helper.ts";
import { createTestApps, type TestApps } from "./test-apps.test-helper.ts";

const bob = "bob@x.example";
const eve = "eve@other.example";

let testApps: TestApps;
let network: RecordedNetwork;
let testApp: TestApp;
let accountId: string;

beforeEach(async () => {
  testApps = await createTestApps();
  await start();
  ({ accountId } = await testApp.request("accounts.add", {
    address: "me@x.example",
    password: "p",
    protocol: "xmpp",
    server: {},
  }));
  await vi.waitFor(async () => expect((await testApp.request("app.snapshot", {})).tables.contacts).toHaveLength(2));
});
afterEach(() => testApps.close());

async function start(): Promise<void> {
  network = createRecordedNetwork("xmpp", [bob, eve]);
  testApp = await testApps.open({ networks: () => [network] });
}

const id = (peer: string): string => `${accountId}|${peer}`;
const write = (peer: string, body: string) =>
  testApp.request("messages.send", { conversationId: id(peer), messageId: randomUUID(), body });

/** Written, and taken by the server. */
async function send(peer: string, body: string): Promise<void> {
  const { id: messageId } = await write(peer, body);
  await vi.waitFor(() => expect(network.messages.at(-1)?.id).toBe(messageId));
  network.emit({ type: "delivery", peer, id: messageId, state: "sent" });
  await vi.waitFor(async () => {
    const { messages } = await testApp.request("conversations.open", { conversationId: id(peer), limit: 50 });
    expect(messages.find((message) => message.id === messageId)?.state).toBe("sent");
  });
}

const lines = async (peer: string): Promise<string[]> =>
  (await testApp.request("conversations.open", { conversationId: id(peer), limit: 50 })).messages.map(
    ({ body }) => body,
  );
const hits = async (text: string): Promise<string[]> =>
  (await testApp.request("history.search", { text, limit: 50 })).hits.map(({ message }) => message.body).sort();
const listed = async (): Promise<string[]> =>
  (await testApp.request("app.snapshot", {})).tables.conversations
    .filter(({ last }) => last !== undefined)
    .map((one) => one.id);

it("HistoryScope keeps only what is in scope, live and both ways", async () => {
  await send(bob, "Before inside");
  await send(eve, "Before outside");
  expect(await hits("before")).toEqual(["Before inside", "Before outside"]);

  // What is out of scope is in the open conversation only, in both directions.
  await testApp.policy({ HistoryScope: "internal" });
  await vi.waitFor(async () => expect(await listed()).toEqual([id(bob)]));
  expect(await lines(eve)).toEqual([]);
  await send(bob, "During inside");
  await send(eve, "During outside");
  network.receive({ peer: eve, body: "During answered", id: "a1" });
  await vi.waitFor(async () => expect(await lines(eve)).toEqual(["During outside", "During answered"]));
  expect(await hits("during")).toEqual(["During inside"]);
  expect(await hits("before")).toEqual(["Before inside"]);
  await testApp.request("conversations.close", { conversationId: id(eve) });
  await vi.waitFor(async () => expect(await lines(eve)).toEqual([]));

  // Domains that policy names are inside.
  await send(eve, "Not kept");
  await testApp.policy({ HistoryScope: "internal", AllowedDomains: ["other.example"] });
  await vi.waitFor(async () => expect(await lines(eve)).toEqual(["Before outside"]));
  await send(eve, "Kept as inside");

  // The other way round, and over a restart: nothing of what was out of scope is on the disk.
  await testApp.policy({ HistoryScope: "external" });
  await vi.waitFor(async () => expect(await lines(bob)).toEqual([]));
  expect(await lines(eve)).toEqual(["Before outside", "Kept as inside"]);
  await send(bob, "Inside, not kept");
  await testApp.app.stop();
  await start();
  await testApp.untilAccount({ state: "online" });
  expect(await lines(bob)).toEqual([]);
  expect(await hits("kept")).toEqual(["Kept as inside"]);
  await testApp.policy(undefined);
  await vi.waitFor(async () => expect(await lines(bob)).toEqual(["Before inside", "During inside"]));
  expect(await lines(eve)).toEqual(["Before outside", "Kept as inside"]);
  // All was sent once, in or out of scope.
  expect(await hits("during")).toEqual(["During inside"]);
});

it("what waits to be sent is sent once, whatever scope it was written in", async () => {
  network.refused.add("p");
  network.emit({ type: "connection-lost", error: { code: "timed-out" } });
  await testApp.untilAccount({ state: "failed" });
  await write(eve, "Written in scope");
  await testApp.policy({ HistoryScope: "internal" });
  await vi.waitFor(async () => expect(await lines(eve)).toEqual(["Written in scope"]));
  await write(eve, "Written out of scope");
  await testApp.policy(undefined);
  await vi.waitFor(async () => expect(await lines(eve)).toEqual(["Written in scope", "Written out of scope"]));
  await testApp.request("accounts.setPassword", { accountId, password: "q" });
  await vi.waitFor(() =>
    expect(network.messages.map(({ body }) => body)).toEqual(["Written in scope", "Written out of scope"]),
  );
});

/** How often the window was told to let go of the lines that it holds, of one conversation or of all. */
const forgotten = (of: string): number =>
  testApp.messages
    .flatMap((message) => (message.kind === "update" ? message.update.ops : []))
    .filter((op) => op.op === "forget" && op.id === of).length;

it("the open window follows: it lets go of what it shows, is told which chats are not kept, and keeps the open one on its list", async () => {
  await send(bob, "Before inside");
  await send(eve, "Before outside");
  expect(await lines(eve)).toEqual(["Before outside"]);
  await testApp.request("conversations.close", { conversationId: id(bob) });
  expect((await testApp.appRecord()).unkept).toBeUndefined();
  const before = forgotten("all");
  const [found] = (await testApp.request("history.search", { text: "outside", limit: 1 })).hits;
  const around = await testApp.request("conversations.page", {
    conversationId: id(eve),
    limit: 5,
    around: found?.message.id ?? "",
  });
  expect(around.messages.map(({ body }) => body)).toEqual(["Before outside"]);

  await testApp.policy({ HistoryScope: "internal" });
  await vi.waitFor(() => expect(forgotten("all")).toBe(before + 1));
  // What the window gets when it asks again, with the reason beside it.
  const page = await testApp.request("conversations.page", { conversationId: id(eve), limit: 50 });
  expect(page).toEqual({ messages: [], before: false, after: false });
  // Nor around what a search had found.
  expect(
    (
      await testApp.request("conversations.page", {
        conversationId: id(eve),
        limit: 5,
        around: found?.message.id ?? "",
      })
    ).messages,
  ).toEqual([]);
  expect((await testApp.appRecord()).unkept).toEqual([id(eve)]);
  expect((await testApp.request("app.snapshot", {})).tables.conversations.find((one) => one.id === id(eve))).toEqual({
    id: id(eve),
    accountId,
    kind: "direct",
    address: eve,
    unread: 0,
    typing: false,
  });

  // What is said from now on stays as long as the chat is open, also over other changes of policy.
  await write(eve, "Said since");
  await testApp.policy({ HistoryScope: "internal", HistoryRetentionDays: 30 });
  await testApp.policy({ HistoryScope: "internal", AllowedDomains: ["third.example"] });
  await vi.waitFor(() => expect(forgotten("all")).toBe(before + 2));
  expect(await lines(eve)).toEqual(["Said since"]);

  await testApp.policy(undefined);
  await vi.waitFor(() => expect(forgotten("all")).toBe(before + 3));
  expect((await testApp.appRecord()).unkept).toBeUndefined();
  expect(await lines(bob)).toEqual(["Before inside"]);
  // A change of what has nothing to do with keeping lets go of nothing.
  await testApp.policy({ AllowedDomains: ["third.example"] });
  expect(forgotten("all")).toBe(before + 3);
});

it("HistoryMode is followed in the open window as well, each time that it changes", async () => {
  await send(bob, "On the disk");
  for (const [mode, shown] of [
    ["memory", []],
    ["off", []],
    ["encrypted", ["On the disk"]],
  ] as const) {
    const before = forgotten("all");
    await testApp.policy({ HistoryMode: mode });
    await vi.waitFor(() => expect(forgotten("all")).toBe(before + 1));
    expect(
      (await testApp.request("conversations.page", { conversationId: id(bob), limit: 50 })).messages.map(
        ({ body }) => body,
      ),
    ).toEqual(shown);
    if (mode !== "encrypted") await send(bob, `While ${mode}`);
  }
});

it("what only memory has of a conversation leaves it when the conversation goes out of scope, and does not come back", async () => {
  await testApp.policy({ HistoryMode: "memory" });
  await vi.waitFor(async () => expect((await testApp.setting("HistoryMode"))?.value).toBe("memory"));
  await send(bob, "Inside");
  await send(eve, "Outside");
  await testApp.policy({ HistoryMode: "memory", HistoryScope: "internal" });
  await vi.waitFor(async () => expect(await lines(eve)).toEqual([]));
  await testApp.policy({ HistoryMode: "memory" });
  await vi.waitFor(async () => expect((await testApp.appRecord()).unkept).toBeUndefined());
  expect(await lines(eve)).toEqual([]);
  expect(await hits("outside")).toEqual([]);
  expect(await lines(bob)).toEqual(["Inside"]);
});

it("what a stranger said waits on the disk only where a conversation with them is kept", async () => {
  const said = async (): Promise<Record<string, string | undefined>> =>
    Object.fromEntries(
      (await testApp.request("app.snapshot", {})).tables.requests.map(({ address, text }) => [
        address.split("@")[0] ?? "",
        text,
      ]),
    );
  const again = async (): Promise<void> => {
    await testApp.app.stop();
    await start();
  };
  network.receive({ peer: "trent@other.example", body: "I am Trent", id: "t1" });
  network.receive({ peer: "anna@x.example", body: "I am Anna", id: "t2" });
  await vi.waitFor(async () => expect(await said()).toEqual({ trent: "I am Trent", anna: "I am Anna" }));
  await again();
  expect(await said()).toEqual({ trent: "I am Trent", anna: "I am Anna" });

  await testApp.policy({ HistoryScope: "internal" });
  await vi.waitFor(async () => expect(await listed()).toEqual([]));
  network.receive({ peer: "mallory@other.example", body: "I am Mallory", id: "t3" });
  // To be answered, it is shown as long as Hallway runs.
  await vi.waitFor(async () =>
    expect(await said()).toEqual({ trent: "I am Trent", anna: "I am Anna", mallory: "I am Mallory" }),
  );
  await again();
  expect(await said()).toEqual({ trent: undefined, anna: "I am Anna", mallory: undefined });
  await testApp.policy({ HistoryMode: "memory" });
  await vi.waitFor(async () => expect((await testApp.setting("HistoryMode"))?.value).toBe("memory"));
  await again();
  await again();
  expect(await said()).toEqual({ trent: undefined, anna: undefined, mallory: undefined });
});
