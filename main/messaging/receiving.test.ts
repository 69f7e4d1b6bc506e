import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { Op } from "../../shared/ipc/updates.ts";
import type { AccountConfig } from "../../shared/model/account.ts";
import { directAuthor } from "../../shared/model/author.ts";
import { contactId } from "../../shared/model/contact.ts";
import { changeableFor } from "../../shared/model/message-change.ts";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import type { WorkerMethods } from "../app/worker-methods.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { History } from "../history/history.ts";
import { openHistory } from "../history/open-history.ts";
import { workerUrl } from "../history/workers.test-helper.ts";
import { Connections } from "../networks/connections.ts";
import type { RosterItem } from "../networks/facets/contacts.ts";
import type { IncomingMessage, MessageChange } from "../networks/facets/messages.ts";
import type { Connection } from "../networks/network.ts";
import { simpleDescription } from "../networks/simple/description.ts";
import { xmppDescription } from "../networks/xmpp/description.ts";
import { openProfile } from "../profile/open-profile.ts";
import type { Profile } from "../profile/profile.ts";
import { type Blocklist, createBlocklist } from "../store/blocklist.ts";
import { type Contacts, createContacts } from "../store/contacts.ts";
import { type Conversations, createConversations } from "../store/conversations.ts";
import { createIngest, type Ingest } from "../store/ingest.ts";
import { createRequests, type Requests, type StrangerChoices } from "../store/requests.ts";
import { createTables, type TablesWriter } from "../store/tables.ts";
import { createHeard } from "./heard.ts";
import { createMessaging, type Messaging } from "./messaging.ts";
import { createOwnChanges } from "./own-changes.ts";

const account = "account-1";
const key = new Uint8Array(32).fill(7);
/** Text at which a stage fails. */
const poison = "poison";
const friend: RosterItem = {
  address: "juliet@x.example",
  name: "Juliet",
  groups: ["Treasury"],
  subscription: "both",
  asked: false,
};
const id = (address: string): string => contactId(account, address);
const said = (over: Partial<IncomingMessage> = {}): IncomingMessage => ({
  peer: "juliet@x.example",
  direction: "in",
  author: directAuthor(over.direction ?? "in", { own: "me@x.example", peer: over.peer ?? "juliet@x.example" }),
  id: "wire-1",
  archiveId: undefined,
  body: "hello",
  at: undefined,
  delayed: false,
  via: "live",
  wantsDelivered: true,
  wantsRead: true,
  ...over,
});

let folder: string;
let worker: DatabaseWorker<WorkerMethods>;
let profile: Profile;
let history: History;
let tables: TablesWriter;
let contacts: Contacts;
let requests: Requests;
let blocklist: Blocklist;
let conversations: Conversations;
let messaging: Messaging;
let ingest: { event: Ingest; archive: typeof archive; idle(): Promise<void> };
let ops: Op[];
let settled: [string, boolean][];
let accepted: string[];
let arrivals: string[];
let rewritten: string[];
let ownChangesSeen: string[];
let unsent: string[];
let clock: number;
/** `takes`: the history takes anything; `keeps`: it gets to the files, not to memory alone. */
let disk: { takes: boolean; keeps: boolean; readonly refusals: unknown[] };

/** Everything anew over the same folder, as after a restart. */
async function compose(): Promise<void> {
  worker = startDatabaseWorker(workerUrl);
  profile = await openProfile({ worker, folder, key, onTrouble: () => undefined });
  history = await openHistory({ worker, folder, key, mode: "encrypted", onTrouble: () => undefined });
  const { append } = history;
  disk = { takes: true, keeps: true, refusals: [] };
  history = {
    ...history,
    append: (messages) => (disk.takes ? append(messages) : Promise.reject(new HallwayError("storage-full"))),
  };
  ops = [];
  settled = [];
  accepted = [];
  arrivals = [];
  unsent = [];
  rewritten = [];
  ownChangesSeen = [];
  clock = 1_000_000;
  const now = (): number => (clock += 1_000);
  tables = createTables((op) => ops.push(op));
  for (const network of [xmppDescription, simpleDescription]) tables.put("networks", network);
  const onFailed = () => undefined;
  contacts = createContacts({ tables, profile, onFailed });
  blocklist = createBlocklist({ tables, profile, now });
  requests = createRequests({ tables, profile, blocklist, choices: strangers, onFailed, now });
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_what: string, about?: Readonly<Record<string, unknown>>) =>
      disk.takes && !(about?.["error"] instanceof TypeError)
        ? expect.unreachable(String(about?.["error"]))
        : void disk.refusals.push(about),
  };
  const guard = {
    received({ body }: { body: string }) {
      if (body === poison) throw new TypeError("no rule expects this");
      return body;
    },
    outgoing: ({ body }: { body: string }) => body,
    stillAllowed: () => undefined,
  } as unknown as ContentGuard;
  const ownChanges = createOwnChanges({ profile, keeps: () => true, log });
  const delivered = vi.spyOn(ownChanges, "delivered");
  delivered.mockImplementation(({ id }) => ownChangesSeen.push(id) > 0 && id.startsWith("change"));
  const heard = createHeard({ profile, keeps: () => true, now, log });
  vi.spyOn(heard, "earliest").mockReturnValue(Number.NEGATIVE_INFINITY);
  conversations = createConversations({
    tables,
    history,
    requests,
    marked: (record) => ownChanges.marked(record),
    governance: { archived: () => false, kept: () => true },
  });
  const connections = new Connections();
  const accept = async (address: string) => void accepted.push(address);
  const online = { contacts: { accept } } as unknown as Connection;
  connections.kept({ config: { id: account, address: "romeo@x.example" } as AccountConfig, session: { online } });
  messaging = createMessaging({
    keeps: () => disk.keeps,
    ...{ tables, history, contacts, requests, conversations, ownChanges, connections, guard, log, now },
    heard,
    notifications: {
      arrived: (list) => arrivals.push(...list.map(({ record }) => record.body)),
      failed: (record) => unsent.push(record.id),
      changed: (record) => rewritten.push(record.body),
    },
    mayWrite: () => undefined,
    sendReceipts: () => false,
    sendTyping: () => false,
    firstMessages: { admit: () => undefined },
    clearance: () => undefined,
    retractionText: () => "",
    methods: [],
  });
  const settledThere = vi.spyOn(messaging.sending, "settled");
  settledThere.mockImplementation((_account, wireId, again) => void settled.push([wireId, again]));
  const { receiving } = messaging;
  ingest = {
    event: createIngest({
      ...{ tables, contacts, requests, blocklist, connections, guard, log, now },
      messages: receiving,
    }),
    archive,
    idle: () => receiving.idle(),
  };
}

const strangers: StrangerChoices = {
  mode: () => "requests",
  content: () => "full",
  burst: () => undefined,
  keeps: () => true,
};

/** A page of the archive. */
function archive(
  accountId: string,
  protocol: "xmpp",
  messages: readonly IncomingMessage[],
  isFirstSync: boolean,
  changes: readonly MessageChange[],
): Promise<void> {
  const run = { heardUntil: undefined, exact: false, places: new Map() };
  return messaging.receiving.archive(accountId, protocol, { messages, changes, isFirstSync, run });
}

/** The person types something. */
async function type(id: string, conversationId: string, body: string): Promise<void> {
  await messaging.sending.say({ kind: "text", id, conversationId, body });
}

async function end(): Promise<void> {
  await ingest.idle();
  await contacts.save();
  await history.close();
  await profile.close();
  await worker.stop();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-ingest-"));
  await compose();
});
afterEach(async () => {
  await end();
  await rm(folder, { recursive: true });
});

describe("contact list", () => {
  it("shows the list of the server, with presence that came before it", () => {
    ingest.event(account, "xmpp", {
      type: "presence",
      address: friend.address,
      presence: { availability: "busy", status: "in a call" },
    });
    ingest.event(account, "xmpp", { type: "roster", items: [friend] });
    expect(tables.get("contacts", id(friend.address))).toMatchObject({
      name: "Juliet",
      groups: ["Treasury"],
      presence: { availability: "busy" },
    });
  });

  it("drops who is gone, but keeps somebody with whom there is a conversation", async () => {
    ingest.event(account, "xmpp", {
      type: "roster",
      items: [friend, { ...friend, address: "bob@x.example", name: undefined }],
    });
    ingest.event(account, "xmpp", { type: "message", message: said() });
    await ingest.idle();
    ingest.event(account, "xmpp", { type: "roster", items: [] });
    expect(tables.get("contacts", id("bob@x.example"))).toBeUndefined();
    expect(tables.get("contacts", id(friend.address))).toMatchObject({ listed: false, subscription: "none" });
  });

  it("is there again after a restart, off line, before any network is reached", async () => {
    ingest.event(account, "xmpp", { type: "roster", items: [friend] });
    contacts.pin(id(friend.address), true);
    await end();
    await compose();
    await contacts.restore(account, "xmpp");
    expect(tables.get("contacts", id(friend.address))).toMatchObject({
      name: "Juliet",
      pinned: true,
      presence: { availability: "unknown" },
    });
  });

  it("knows nothing of people on SIP until their server has answered for them, where an XMPP server is silent of who is away", () => {
    const presence = (address: string) => tables.get("contacts", id(address))?.presence.availability;
    for (const protocol of ["xmpp", "simple"] as const) {
      const address = `${protocol}@x.example`;
      ingest.event(account, protocol, { type: "roster-item", item: { ...friend, address } });
      contacts.signingIn(account);
      contacts.signedIn(account, false);
      expect(presence(address)).toBe(protocol === "xmpp" ? "offline" : "unknown");
      ingest.event(account, protocol, { type: "presence", address, presence: { availability: "offline" } });
      expect(presence(address)).toBe("offline");
    }
  });

  it("shows nobody on line who was not heard of since a new sign-in, and everybody as before after a resumed one", () => {
    const presence = (address: string) => tables.get("contacts", id(address))?.presence.availability;
    ingest.event(account, "xmpp", { type: "roster", items: [friend, { ...friend, address: "bob@x.example" }] });
    for (const address of [friend.address, "bob@x.example"])
      ingest.event(account, "xmpp", { type: "presence", address, presence: { availability: "available" } });
    contacts.signingIn(account);
    contacts.signedIn(account, true);
    expect(presence("bob@x.example")).toBe("available");
    contacts.signingIn(account);
    ingest.event(account, "xmpp", { type: "presence", address: friend.address, presence: { availability: "away" } });
    contacts.signedIn(account, false);
    expect([presence(friend.address), presence("bob@x.example")]).toEqual(["away", "offline"]);
  });
});

describe("messages", () => {
  beforeEach(() => ingest.event(account, "xmpp", { type: "roster", items: [friend] }));

  it("stores a burst in order, counts it unread and tells of it once", async () => {
    for (let n = 0; n < 20; n += 1)
      ingest.event(account, "xmpp", { type: "message", message: said({ id: `w${n}`, body: `m${n}` }) });
    ingest.event(account, "xmpp", { type: "message", message: said({ id: "w3", body: "m3" }) });
    await ingest.idle();
    const page = await history.page({ conversationId: id(friend.address), limit: 50 });
    expect(page.messages.map((message) => message.body)).toEqual(Array.from({ length: 20 }, (_, n) => `m${n}`));
    expect(tables.get("conversations", id(friend.address))).toMatchObject({ unread: 20, last: { text: "m19" } });
    expect(arrivals).toHaveLength(20);
  });

  it("says of all of it when it is stored, and what the disk did not take", async () => {
    const event = (n: number) =>
      ingest.event(account, "xmpp", { type: "message", message: said({ id: `wire-${n}`, body: `line ${n}` }) });
    expect(await Promise.all([event(1), event(2)])).toEqual([true, true]);
    expect(
      (await history.page({ conversationId: id("juliet@x.example"), limit: 9 })).messages.map(({ body }) => body),
    ).toEqual(["line 1", "line 2"]);
    disk.takes = false;
    expect(await Promise.all([event(3), event(4)])).toEqual([false, false]);
    await expect(
      ingest.archive(account, "xmpp", [said({ id: "wire-5", via: "archive" })], false, []),
    ).rejects.toMatchObject({ code: "storage-failed" });
    expect(disk.refusals).toHaveLength(2);
    disk.takes = true;
    expect(await event(3)).toBe(true);
  });

  it("loses of what comes together only what cannot be inspected, live and out of the archive", async () => {
    const event = (wireId: string, body: string) =>
      ingest.event(account, "xmpp", { type: "message", message: said({ id: wireId, body }) });
    const edit = { ...said({ id: "edit", body: poison }), kind: "correction", targetId: "a" } as const;
    // What fails would fail again: it counts as taken.
    expect(
      await Promise.all([
        event("a", "one"),
        event("b", poison),
        event("c", "two"),
        ingest.event(account, "xmpp", { type: "change", change: edit }),
      ]),
    ).toEqual([true, true, true, true]);
    const archived = [
      said({ id: "d", body: "three" }),
      said({ id: "e", body: poison }),
      said({ id: "f", body: "four" }),
    ];
    await ingest.archive(
      account,
      "xmpp",
      archived.map((message) => ({ ...message, archiveId: `arc-${message.id}`, via: "archive" })),
      false,
      [],
    );
    await ingest.idle();
    const { messages } = await history.page({ conversationId: id(friend.address), limit: 9 });
    expect(messages.map(({ body }) => body)).toEqual(["one", "two", "three", "four"]);
    expect(arrivals).toEqual(["one", "two"]);
    expect(disk.refusals).toHaveLength(3);
  });

  it("shows what is in memory only, acknowledges none of it, and tells nobody that it was delivered", async () => {
    const messageEvent = (n: number) =>
      ingest.event(account, "xmpp", { type: "message", message: said({ id: `wire-${n}`, body: `line ${n}` }) });
    const state = () =>
      ingest.event(account, "xmpp", { type: "delivery", id: "nobody's", peer: friend.address, state: "read" });
    const typing = () => ingest.event(account, "xmpp", { type: "typing", peer: friend.address, active: true });
    const signal = vi.spyOn(messaging.sending, "signal").mockResolvedValue();
    disk.keeps = false;
    expect(await Promise.all([messageEvent(1), state(), typing()])).toEqual([false, false, true]);
    await ingest.idle();
    expect(arrivals).toEqual(["line 1"]);
    expect(signal).not.toHaveBeenCalled();
    disk.keeps = true;
    expect(await Promise.all([messageEvent(1), messageEvent(2), state()])).toEqual([true, true, true]);
    await ingest.idle();
    expect(arrivals).toEqual(["line 1", "line 2"]);
    expect(signal.mock.calls).toMatchObject([[{ kind: "receipt", messageId: "wire-2", state: "delivered" }]]);
  });

  it("streams only to open conversations", async () => {
    ingest.event(account, "xmpp", { type: "message", message: said({ id: "a" }) });
    await ingest.idle();
    expect(ops.filter((op) => op.table === "messages")).toHaveLength(0);
    conversations.open(id(friend.address));
    ingest.event(account, "xmpp", { type: "message", message: said({ id: "b" }) });
    await ingest.idle();
    expect(ops.filter((op) => op.table === "messages")).toHaveLength(1);
  });

  it("moves a waiting message to sent when the archive shows it, and says so to the outbox", async () => {
    await type("own-1", id(friend.address), "typed off line");
    await ingest.archive(
      account,
      "xmpp",
      [said({ direction: "out", id: "own-1", archiveId: "arc-1", body: "typed off line", via: "archive" })],
      false,
      [],
    );
    expect(await history.waiting(account)).toEqual([]);
    expect(settled).toEqual([["own-1", false]]);
    expect((await history.page({ conversationId: id(friend.address), limit: 10 })).messages).toHaveLength(1);
  });

  it("takes everything before an own message from another device as read", async () => {
    await ingest.archive(
      account,
      "xmpp",
      [
        said({ id: "1", archiveId: "1", at: 1_000, via: "archive" }),
        said({ id: "2", archiveId: "2", at: 2_000, via: "archive", direction: "out" }),
        said({ id: "3", archiveId: "3", at: 3_000, via: "archive" }),
      ],
      false,
      [],
    );
    expect(tables.get("conversations", id(friend.address))).toMatchObject({ unread: 1 });
  });

  it("counts nothing as unread on the first look into an archive", async () => {
    await ingest.archive(account, "xmpp", [said({ id: "1", archiveId: "1", at: 1_000, via: "archive" })], true, []);
    expect(tables.get("conversations", id(friend.address))).toMatchObject({ unread: 0, last: { text: "hello" } });
  });

  it("keeps the order of a conversation when the clock is set back, and when a sender stamps the future", async () => {
    const id1 = id(friend.address);
    await type("own-1", id1, "first");
    clock -= 500_000;
    ingest.event(account, "xmpp", { type: "message", message: said({ id: "w1", body: "second" }) });
    await ingest.idle();
    await type("own-2", id1, "third");
    ingest.event(account, "xmpp", {
      type: "message",
      message: said({ id: "w2", body: "from the future", at: 9e12, delayed: true }),
    });
    await ingest.idle();
    clock += 1_000_000;
    await type("own-3", id1, "last");
    const bodies = (await history.page({ conversationId: id1, limit: 10 })).messages.map((message) => message.body);
    expect(bodies.filter((body) => body !== "from the future")).toEqual(["first", "second", "third", "last"]);
    expect(bodies.at(-1)).toBe("last");
  });

  it("keeps the order of what a server stamps with whole seconds within one second", async () => {
    clock = 11_400;
    await type("own-1", id(friend.address), "Back tomorrow");
    clock = 20_000;
    const second = 13_000;
    await ingest.archive(
      account,
      "xmpp",
      ["a", "b"].map((body) => said({ id: body, archiveId: body, body, at: second, via: "archive", delayed: true })),
      false,
      [],
    );
    expect(
      (await history.page({ conversationId: id(friend.address), limit: 10 })).messages.map((message) => message.body),
    ).toEqual(["Back tomorrow", "a", "b"]);
  });

  it("knows whom a message is for after a power cut", async () => {
    contacts.ensure(account, "xmpp", "new@x.example");
    await type("own-1", id("new@x.example"), "hi");
    expect(await profile.get("contact", account)).toContain("new@x.example");
  });

  it("keeps delivery states in order with the messages they follow", async () => {
    conversations.open(id(friend.address));
    await type("own-1", id(friend.address), "hi");
    for (const state of ["sent", "delivered", "read"] as const)
      ingest.event(account, "xmpp", { type: "delivery", id: "own-1", peer: friend.address, state });
    await ingest.idle();
    expect((await history.get("own-1"))?.state).toBe("read");
    expect(ops.flatMap((op) => (op.op === "put" && op.table === "messages" ? [op.record.state] : []))).toEqual([
      "waiting",
      "sent",
      "delivered",
      "read",
    ]);
    expect(unsent).toEqual([]);
  });

  it("tells of an own message that will not be sent", async () => {
    await type("own-1", id(friend.address), "hi");
    ingest.event(account, "xmpp", {
      type: "delivery",
      id: "own-1",
      peer: friend.address,
      state: "failed",
      error: { code: "recipient-unreachable" },
    });
    ingest.event(account, "xmpp", { type: "delivery", id: "nobody's", peer: friend.address, state: "failed" });
    await ingest.idle();
    expect(unsent).toEqual(["own-1"]);
  });
});

describe("corrections and retractions", () => {
  const juliet = id(friend.address);
  const corrected = (over: Partial<Extract<MessageChange, { kind: "correction" }>> = {}): MessageChange => ({
    kind: "correction",
    peer: friend.address,
    direction: "in",
    author: directAuthor(over.direction ?? "in", { own: "me@x.example", peer: over.peer ?? friend.address }),
    targetId: "wire-1",
    id: "change-1",
    archiveId: undefined,
    body: "hallo",
    at: undefined,
    delayed: false,
    via: "live",
    ...over,
  });
  const retracted = (over: Partial<Extract<MessageChange, { kind: "retraction" }>> = {}): MessageChange => {
    const {
      kind: _,
      body: __,
      ...about
    } = corrected({
      ...(over.peer === undefined ? {} : { peer: over.peer }),
      ...(over.direction === undefined ? {} : { direction: over.direction }),
    }) as Extract<MessageChange, { kind: "correction" }>;
    return { kind: "retraction", ...about, id: "change-2", ...over };
  };
  const change = async (one: MessageChange): Promise<void> => {
    ingest.event(account, "xmpp", { type: "change", change: one });
    await ingest.idle();
  };
  const page = async () => (await history.page({ conversationId: juliet, limit: 20 })).messages;

  beforeEach(async () => {
    ingest.event(account, "xmpp", { type: "roster", items: [friend] });
    conversations.open(juliet);
    ingest.event(account, "xmpp", { type: "message", message: said() });
    await ingest.idle();
    ops.length = 0;
  });

  it("change the message everywhere: record, screen, preview, search", async () => {
    await change(corrected());
    expect(await page()).toMatchObject([{ body: "hallo", corrected: expect.any(Number) }]);
    expect(ops).toContainEqual(
      expect.objectContaining({ op: "put", table: "messages", record: expect.objectContaining({ body: "hallo" }) }),
    );
    expect(tables.get("conversations", juliet)).toMatchObject({ unread: 1, last: { text: "hallo" } });
    expect((await history.search({ text: "hallo", limit: 5 })).hits).toHaveLength(1);
    expect((await history.search({ text: "hello", limit: 5 })).hits).toEqual([]);
    await change(retracted());
    expect(await page()).toMatchObject([{ body: "", retracted: true }]);
    expect(tables.get("conversations", juliet)).toMatchObject({ unread: 0, last: { text: "", retracted: true } });
    expect((await history.search({ text: "hallo", limit: 5 })).hits).toEqual([]);
    expect(rewritten).toEqual(["hallo", ""]);
    expect(arrivals).toEqual(["hello"]);
  });

  it("of what somebody else said are none", async () => {
    ingest.event(account, "xmpp", { type: "roster", items: [friend, { ...friend, address: "mallory@x.example" }] });
    await type("own-1", juliet, "mine");
    await change(retracted({ peer: "mallory@x.example" }));
    await change(retracted({ targetId: "own-1" }));
    await change(corrected({ targetId: "wire-1", direction: "out", id: "x" }));
    expect((await page()).map(({ body, retracted: gone }) => [body, gone])).toEqual([
      ["hello", undefined],
      ["mine", undefined],
      ["hallo", undefined],
    ]);
    await requests.block(account, friend.address);
    await change(retracted());
    expect((await page())[0]).toMatchObject({ body: "hello" });
  });

  it("of own messages come from other devices and the archive, and are known to be there", async () => {
    await type("own-1", juliet, "mine");
    await change(corrected({ targetId: "own-1", direction: "out", via: "carbon", body: "meine" }));
    expect((await page()).at(-1)).toMatchObject({ body: "meine" });
    await ingest.archive(account, "xmpp", [], false, [
      retracted({ targetId: "own-1", direction: "out", via: "archive", at: clock + 5_000 }),
    ]);
    expect((await page()).at(-1)).toMatchObject({ retracted: true });
    expect(ownChangesSeen).toEqual(["change-1", "change-2"]);
    expect(settled.map(([wireId]) => wireId)).toEqual(["change-1", "change-2"]);
    expect(rewritten).toEqual([]);
  });

  it("that come before their message wait for it; nothing that was said is lost", async () => {
    await change(corrected({ targetId: "later", id: "c-1", body: "corrected" }));
    expect(arrivals).toEqual(["hello", "corrected"]);
    expect((await page()).map(({ body }) => body)).toEqual(["hello", "corrected"]);
    await ingest.archive(
      account,
      "xmpp",
      [said({ id: "later", archiveId: "a", body: "original", at: clock, via: "archive" })],
      false,
      [],
    );
    expect((await page()).map(({ body }) => body)).toEqual(["hello", "corrected"]);
  });

  it("of long ago rewrite nothing: the new text is a message of its own, and what was said stays", async () => {
    clock += changeableFor + 4 * 3600 * 1000;
    await change(corrected());
    await change(retracted());
    // A stamp of the sender's own makes it no younger.
    await change(retracted({ at: 1_000_000, delayed: true }));
    expect((await page()).map(({ body }) => body)).toEqual(["hello", "hallo"]);
  });

  it("of a stranger change what waits in Requests", async () => {
    const spam = "spam@evil.example";
    ingest.event(account, "xmpp", { type: "message", message: said({ peer: spam, body: "buy" }) });
    await change(corrected({ peer: spam, body: "please buy" }));
    expect(tables.get("requests", id(spam))).toMatchObject({ text: "please buy" });
    await change(retracted({ peer: spam }));
    expect(tables.get("requests", id(spam))?.text).toBe("");
  });

  it("on their way get on without a message of the same id", async () => {
    await type("own-1", juliet, "mine");
    ingest.event(account, "xmpp", {
      type: "delivery",
      id: "change-9",
      peer: friend.address,
      state: "failed",
      error: { code: "recipient-unreachable" },
    });
    await ingest.idle();
    expect(ownChangesSeen).toEqual(["change-9"]);
    expect(unsent).toEqual([]);
  });
});

describe("a profile that cannot be written", () => {
  it("is told, harms nobody, and what was not kept is kept later", async () => {
    let full = true;
    const failed: unknown[] = [];
    const put: Profile["put"] = (entries) =>
      full ? Promise.reject(new HallwayError("storage-full")) : profile.put(entries);
    const list = createContacts({ tables, profile: { ...profile, put }, onFailed: (error) => failed.push(error) });
    const waiting = createRequests({
      ...{ tables, blocklist, choices: strangers },
      profile: { ...profile, put },
      onFailed: (error) => failed.push(error),
      now: () => clock,
    });
    list.roster(account, "xmpp", [friend]);
    await list.save();
    waiting.file({ accountId: account, protocol: "xmpp", address: "spam@evil.example", kind: "message", at: 1 });
    waiting.settle(account, "spam@evil.example");
    await new Promise((resolve) => setImmediate(resolve));
    expect(failed).toHaveLength(3);
    full = false;
    await list.save();
    expect(await profile.get("contact", account)).toContain(friend.address);
  });

  it("with text that is none counts as empty", async () => {
    const damaged = { namespace: "contact", key: account, value: "{" } as const;
    await profile.put([
      damaged,
      { ...damaged, namespace: "request" },
      { ...damaged, namespace: "app", key: "blocklist" },
    ]);
    await contacts.restore(account, "xmpp");
    await Promise.all([blocklist.restore(), requests.restore()]);
    expect([tables.size("contacts"), tables.size("requests")]).toEqual([0, 0]);
  });
});

describe("strangers", () => {
  it("arrive silently in Requests and have no conversation until accepted", async () => {
    ingest.event(account, "xmpp", { type: "message", message: said({ peer: "spam@evil.example", body: "buy" }) });
    await ingest.idle();
    expect(tables.get("requests", id("spam@evil.example"))).toMatchObject({ kind: "message", text: "buy" });
    expect(tables.get("conversations", id("spam@evil.example"))).toBeUndefined();
    expect(arrivals).toEqual([]);
  });

  const ask = (address: string, text?: string) =>
    ingest.event(account, "xmpp", { type: "subscription-request", address, name: undefined, text });

  it("are bounded: a flood makes room for whoever else asks, and is counted", () => {
    ask("early@example.test", "before the flood");
    for (let n = 0; n < 1_000; n += 1) ask(`s${n}@evil.example`, "x".repeat(10_000));
    ask("late@example.test", "after the flood");
    const [waiting, counted] = [
      [...tables.all("requests")].filter(({ kind }) => kind !== "burst"),
      tables.get("requests", id("*@*".slice(1))),
    ];
    expect(waiting).toHaveLength(200);
    expect(waiting.map(({ address }) => address)).toEqual([
      "early@example.test",
      ...Array.from({ length: 198 }, (_, n) => `s${n + 802}@evil.example`),
      "late@example.test",
    ]);
    expect(waiting.every((request) => (request.text?.length ?? 0) <= 500)).toBe(true);
    expect(counted).toMatchObject({ kind: "burst", count: 802 });
  });

  it("stay bounded, be each from a domain of his own, also after a restart", async () => {
    for (let n = 0; n < 300; n += 1) ask(`s@evil${n}.example`);
    await end();
    await compose();
    await Promise.all([blocklist.restore(), requests.restore()]);
    for (let n = 300; n < 400; n += 1) ask(`s@evil${n}.example`);
    expect([...tables.all("requests")].filter(({ kind }) => kind !== "burst")).toHaveLength(200);
    expect(tables.get("requests", id("s@evil399.example"))).toBeDefined();
  });

  it("who are not answered do not fill the disk, and their request says that there was more", async () => {
    const spam = "spam@evil.example";
    const say = (n: number, body: string) =>
      ingest.event(account, "xmpp", { type: "message", message: said({ peer: spam, id: `m${n}`, body }) });
    for (let n = 0; n < 60; n += 1) say(n, `${n} ${"x".repeat(10_000)}`);
    await ingest.idle();
    const keptOf = async () => (await history.page({ conversationId: id(spam), limit: 100 })).messages.length;
    const first = await keptOf();
    expect(first).toBe(7);
    expect(tables.get("requests", id(spam))).toMatchObject({ kind: "message", more: true });
    // Neither by many short ones, nor after a restart, nor by the archive.
    await end();
    await compose();
    await Promise.all([blocklist.restore(), requests.restore()]);
    for (let n = 100; n < 1_000; n += 1) say(n, "y");
    await ingest.archive(
      account,
      "xmpp",
      [said({ peer: spam, id: "again", body: "z", via: "archive", archiveId: "a1" })],
      false,
      [],
    );
    await ingest.idle();
    expect(await keptOf()).toBe(first);
    // Whoever is answered is heard.
    contacts.ensure(account, "xmpp", spam);
    say(2_000, "welcome");
    await ingest.idle();
    expect(await keptOf()).toBe(first + 1);
  });

  it("are not said to have written more for what the archive brings once more", async () => {
    const page = Array.from({ length: 3 }, (_, n) =>
      said({ peer: "shy@evil.example", id: `s${n}`, body: "x".repeat(10_000), via: "archive", archiveId: `a${n}` }),
    );
    for (let round = 0; round < 10; round += 1) await ingest.archive(account, "xmpp", page, false, []);
    expect(tables.get("requests", id("shy@evil.example"))?.more).toBeUndefined();
  });

  it("learn nothing once blocked, also after a restart", async () => {
    await requests.block(account, "spam@evil.example");
    await end();
    await compose();
    await Promise.all([blocklist.restore(), requests.restore()]);
    ingest.event(account, "xmpp", { type: "message", message: said({ peer: "spam@evil.example" }) });
    ingest.event(account, "xmpp", {
      type: "subscription-request",
      address: "spam@evil.example",
      name: undefined,
      text: undefined,
    });
    await ingest.idle();
    expect(tables.size("requests")).toBe(0);
  });

  it("are not heard through anybody else once blocked, nor change what was said", async () => {
    ingest.event(account, "xmpp", { type: "roster", items: [friend] });
    await requests.block(account, "spam@evil.example");
    const through = "spam@evil.example";
    const about = {
      peer: friend.address,
      direction: "in",
      author: { address: friend.address, isSelf: false },
      archiveId: undefined,
      at: undefined,
      delayed: false,
      via: "live",
      targetId: "f1",
    } as const;
    ingest.event(account, "xmpp", { type: "message", message: said({ peer: friend.address, id: "f1", body: "mine" }) });
    ingest.event(account, "xmpp", {
      type: "message",
      message: said({ peer: friend.address, through, id: "f2", body: "spam" }),
    });
    ingest.event(account, "xmpp", {
      type: "message",
      message: said({ peer: friend.address, through, id: "f3", body: "spam", notice: { kind: "other" } }),
    });
    ingest.event(account, "xmpp", {
      type: "change",
      change: { ...about, kind: "correction", through, id: "f4", body: "spam" },
    });
    await ingest.idle();
    expect(tables.get("conversations", id(friend.address))).toMatchObject({ unread: 1, last: { text: "mine" } });
    ingest.event(account, "xmpp", {
      type: "change",
      change: { ...about, kind: "correction", id: "f5", body: "changed" },
    });
    await ingest.idle();
    expect(tables.get("conversations", id(friend.address))?.last?.text).toBe("changed");
  });

  it("are filed under the name that they give, and under none where they give none", () => {
    ingest.event(account, "xmpp", {
      type: "subscription-request",
      address: "paris@x.example",
      name: "Paris",
      text: undefined,
    });
    ingest.event(account, "xmpp", {
      type: "subscription-request",
      address: "tybalt@x.example",
      name: undefined,
      text: undefined,
    });
    expect(requests.get(id("paris@x.example"))?.name).toBe("Paris");
    expect(requests.get(id("tybalt@x.example"))).not.toHaveProperty("name");
  });

  it("put no chat on the list by typing, as contacts do on their own account", () => {
    ingest.event(account, "xmpp", { type: "roster", items: [friend] });
    for (const address of [friend.address, "paris@x.example"]) conversations.typing(id(address), true);
    expect(tables.get("conversations", id(friend.address))).toMatchObject({
      accountId: account,
      typing: true,
      unread: 0,
    });
    expect(tables.get("conversations", id("paris@x.example"))).toBeUndefined();
    conversations.typing(id(friend.address), false);
    expect(tables.get("conversations", id(friend.address))?.typing).toBe(false);
  });

  it("are welcome when the person asked them first", () => {
    ingest.event(account, "xmpp", { type: "roster", items: [{ ...friend, subscription: "none", asked: true }] });
    ingest.event(account, "xmpp", {
      type: "subscription-request",
      address: friend.address,
      name: undefined,
      text: undefined,
    });
    expect(accepted).toEqual([friend.address]);
    expect(tables.size("requests")).toBe(0);
  });
});
