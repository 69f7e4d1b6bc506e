import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ConversationRecord, MessageRecord } from "../../shared/model/message.ts";
import { createRecordedNetwork, type RecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import { createTestApp, type TestApp } from "../enforcement/test-app.test-helper.ts";

/**
 * Profiles that the programs of earlier commits left on disk (`make.test` beside each wrote it) are opened with nothing
 * lost: messages with what hangs on them, drafts, requests, changes on their way, places in the window.
 */
const fixtures = new URL("fixtures/", import.meta.url);

interface Profile {
  readonly version: string;
  readonly fixture: URL;
  readonly expected: Expected;
}

interface Expected {
  readonly now: number;
  readonly accounts: { readonly me: string; readonly phone: string };
  readonly secrets: Readonly<Record<string, string>>;
  /** By `accountId|address`, as that version named conversations. */
  readonly conversations: Readonly<Record<string, readonly MessageRecord[]>>;
  readonly tables: {
    readonly conversations: readonly (ConversationRecord & { readonly id: string })[];
    readonly requests: readonly { readonly address: string; readonly text?: string; readonly kind: string }[];
    readonly contacts: readonly { readonly address: string; readonly pinned: boolean }[];
  };
}

async function profileOf(version: string): Promise<Profile> {
  const fixture = new URL(`${version}/`, fixtures);
  return {
    version,
    fixture,
    expected: JSON.parse(await readFile(new URL("expected.json", fixture), "utf8")) as Expected,
  };
}

const profiles = await Promise.all(["369be8c", "8251ba1"].map(profileOf));

describe.each(profiles)("a profile of version $version", ({ fixture, expected }) => {
  const { me, phone } = expected.accounts;
  let folder: string;
  let secretStore: Map<string, string>;
  let xmpp: RecordedNetwork;
  let simple: RecordedNetwork;
  let testApp: TestApp;

  /** The program is started on the folder, later than the version before it has ended. */
  async function open(): Promise<void> {
    xmpp = createRecordedNetwork("xmpp", ["bob@x.example", "romeo@out.example", "Ünï@x.example"]);
    simple = createRecordedNetwork("simple", ["alice@voice.example"]);
    let now = expected.now;
    testApp = createTestApp({
      folder,
      secretStore,
      now: () => now++,
      networks: () => [xmpp, simple],
    });
    await testApp.app.start();
    await testApp.untilVault("ready");
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hallway-previous-"));
    secretStore = new Map(Object.entries(expected.secrets));
    for (const name of ["history", "profile", "archive", "audit"])
      for (const suffix of [".db", ".db.keycheck"])
        await cp(new URL(name + suffix, fixture), join(folder, name + suffix)).catch(() => undefined);
    await cp(new URL("vault.json", fixture), join(folder, "vault.json"));
  });
  afterEach(async () => {
    await testApp.app.stop();
    await rm(folder, { recursive: true });
  });

  const tables = async () => (await testApp.request("app.snapshot", {})).tables;
  const idOf = async (accountId: string, address: string) =>
    (await testApp.request("conversations.start", { accountId, address })).conversationId;
  const shown = async (accountId: string, address: string) =>
    (await testApp.request("conversations.open", { conversationId: await idOf(accountId, address), limit: 200 }))
      .messages;
  const online = () => testApp.request("presence.set", { presence: { availability: "available" } });

  /** A message without what the newer version names otherwise, or adds. */
  function compared({ conversationId: _, author: __, ...message }: MessageRecord): Partial<MessageRecord> {
    return message;
  }

  it("has every message in its place, with its state and what was changed", async () => {
    await open();
    for (const [former, messages] of Object.entries(expected.conversations)) {
      const [accountId = "", address = ""] = former.split("|");
      const now = await shown(accountId, address);
      expect(now.map(compared)).toEqual(messages.map((one) => compared(one)));
      const own = accountId === me ? "me@x.example" : "me@voice.example";
      expect(now.map(({ author }) => author)).toEqual(
        messages.map(({ direction }) =>
          direction === "out" ? { address: own, isSelf: true } : { address, isSelf: false },
        ),
      );
    }
  });

  it("has conversations with unread counts, last lines and drafts, requests, pins, and the places in the window", async () => {
    await open();
    const now = await tables();
    for (const { id: former, unread, last, draft } of expected.tables.conversations) {
      const [accountId = "", address = ""] = former.split("|");
      const id = await idOf(accountId, address);
      expect(now.conversations.find((one) => one.id === id)).toMatchObject({
        unread,
        ...(last ? { last } : {}),
        ...(draft === undefined ? {} : { draft }),
      });
    }
    expect(now.requests.map(({ address, kind, text }) => [address, kind, text]).sort()).toEqual(
      expected.tables.requests.map(({ address, kind, text }) => [address, kind, text]).sort(),
    );
    expect(now.contacts.map(({ address, pinned }) => [address, pinned]).sort()).toEqual(
      expected.tables.contacts.map(({ address, pinned }) => [address, pinned]).sort(),
    );
    const { state } = await testApp.request("app.windowState", {});
    expect(state?.folded).toEqual(["group:Friends"]);
    expect(state?.places).toMatchObject([{ conversationId: await idOf(me, "romeo@out.example") }]);
  });

  it("finds words, in every conversation and in one", async () => {
    await open();
    const found = async (text: string, filter = {}) =>
      (await testApp.request("history.search", { text, filter, limit: 50 })).hits.map(({ message }) => message.body);
    expect(await found("creme brulee")).toEqual(["Good morning, crème brûlée?"]);
    expect(await found("meeting")).toEqual(["The meeting is at one"]);
    expect(await found("voice", { conversationIds: [await idOf(phone, "alice@voice.example")] })).toEqual([
      "Voice call later?",
    ]);
    expect(await found("held")).toEqual([]);
  });

  it("sends what waited, and the changes on their way", async () => {
    await open();
    await online();
    await vi.waitFor(() => expect(xmpp.messages.map(({ body }) => body)).toEqual(["Waits for the network"]));
    await vi.waitFor(() => expect(simple.messages.map(({ body }) => body)).toEqual(["Queued for the archive"]));
    await vi.waitFor(() => {
      expect(xmpp.corrections.at(-1)).toMatchObject({ to: "romeo@out.example", body: "typo by me, corrected offline" });
      expect(xmpp.retractions).toMatchObject([{ to: "romeo@out.example" }]);
    });
  });

  it("knows what was retracted and corrected ahead, what it has already, and what is gone", async () => {
    await open();
    await online();
    const bob = "bob@x.example";
    const texts = async (address: string) => (await shown(me, address)).map(({ body }) => body);
    await vi.waitFor(async () =>
      expect((await tables()).accounts.map(({ state }) => state)).toEqual(["online", "online"]),
    );
    const before = (await shown(me, bob)).length;
    xmpp.receive({ peer: bob, body: "Retracted ahead", id: "b9" });
    xmpp.receive({ peer: bob, body: "Corrected behind", id: "b8" });
    xmpp.receive({ peer: bob, body: "The meeting is at noon", id: "b2" });
    xmpp.receive({ peer: bob, body: "Good morning, crème brûlée?", id: "b1-again", archiveId: "srv-1" });
    xmpp.receive({ peer: "romeo@out.example", body: "Gone for good", id: "r2", archiveId: "srv-9" });
    xmpp.receive({ peer: bob, body: "New", id: "b10" });
    await vi.waitFor(async () => expect(await texts(bob)).toContain("New"));
    // One that was retracted ahead, and the new one.
    expect(await shown(me, bob)).toHaveLength(before + 2);
    expect(await texts(bob)).toContain("Corrected ahead");
    for (const text of ["Retracted ahead", "Corrected behind", "The meeting is at noon"])
      expect(await texts(bob)).not.toContain(text);
    expect(await texts("romeo@out.example")).not.toContain("Gone for good");
  });
});
