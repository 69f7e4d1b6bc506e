import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Op } from "../../shared/ipc/updates.ts";
import { directConversation } from "../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { ConversationSummary, History } from "../history/history.ts";
import type { Connections } from "../networks/connections.ts";
import type { Contacts } from "./contacts.ts";
import { createConversationViews } from "./conversation-views.ts";
import { createConversations } from "./conversations.ts";
import { person } from "./roster/people.test-helper.ts";
import { createTables } from "./tables.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const account = "account-1";
/** Somebody on the list, by the id of the conversation with them. */
function friend(name: string) {
  const contact = person(name);
  const { address } = contact;
  const place = { accountId: account, kind: "direct" as const, address };
  return { contact, id: directConversation(account, address), address, place };
}
const [ann, bob] = [friend("Ann"), friend("Bob")];
const eve = `${account}|eve@evil.test`;

function message(id: string, more: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id,
    conversationId: ann.id,
    accountId: account,
    direction: "in",
    author: { isSelf: false },
    body: id,
    at: 10,
    seq: 1,
    state: "received",
    ...more,
  };
}
function summaryOf(conversationId: string, more: Partial<ConversationSummary> = {}): ConversationSummary {
  const address = conversationId.slice(account.length + 1);
  return { conversationId, accountId: account, kind: "direct", address, unread: 0, ...more } as ConversationSummary;
}

function made() {
  const ops: Op[] = [];
  const tables = createTables((op) => ops.push(op));
  for (const { contact } of [ann, bob]) tables.put("contacts", contact);
  const history = { all: [] as ConversationSummary[], forgotten: [] as string[] };
  const written: string[] = [];
  const archived = new Set<string>();
  const conversations = createConversations({
    tables,
    history: {
      conversations: async () => history.all,
      forgetOpen: (id: string) => {
        history.forgotten.push(id);
        return Promise.reject(new Error("gone"));
      },
    } as unknown as Pick<History, "conversations" | "forgetOpen">,
    requests: { written: (_, address) => void written.push(address) },
    marked: (record) => ({ ...record, body: `${record.body} marked` }),
    governance: { archived: ({ address }) => archived.has(address), kept: () => true },
  });
  ops.length = 0;
  const list = () => [...tables.all("conversations")].map(({ id }) => id);
  const published = () => ops.flatMap((op) => ("table" in op && op.table === "messages" ? [`${op.op} ${op.id}`] : []));
  return { conversations, tables, ops, history, written, archived, list, published };
}
const last = (text: string, at = 1) => ({ text, at, direction: "in" as const, author: { isSelf: false } });

describe("the list of conversations", () => {
  it("is what the history has, of people who are known, with drafts of theirs", async () => {
    const { conversations, tables, history, list } = made();
    conversations.show(bob.id);
    history.all = [summaryOf(ann.id, { unread: 2, firstUnread: "m", last: last("hi") }), summaryOf(eve)];
    await conversations.restore(
      new Map([
        [bob.id, "draft"],
        [eve, "no"],
      ]),
    );
    expect(list()).toEqual([ann.id, bob.id]);
    expect(tables.get("conversations", ann.id)).toEqual({
      id: ann.id,
      accountId: account,
      kind: "direct",
      address: ann.address,
      typing: false,
      unread: 2,
      firstUnread: "m",
      last: last("hi"),
    });
    expect(tables.get("conversations", bob.id)).toMatchObject({ draft: "draft", unread: 0 });
  });

  it("loses what the history has no longer, except what is open, of which nothing is left", async () => {
    const { conversations, tables, history, list } = made();
    history.all = [ann, bob].map(({ id }) => summaryOf(id, { unread: 1, firstUnread: "m", last: last("hi") }));
    await conversations.restore(new Map());
    conversations.open(ann.id);
    history.all = [];
    await conversations.restore(new Map());
    expect(list()).toEqual([ann.id]);
    expect(Object.keys(tables.get("conversations", ann.id) ?? {}).sort()).toEqual(
      ["accountId", "address", "id", "kind", "typing", "unread"].sort(),
    );
    expect(tables.get("conversations", ann.id)?.unread).toBe(0);
  });

  it("counts what was stored: unread ones, the first of them, and what was said last", () => {
    const { conversations, tables } = made();
    const counted = (record: MessageRecord, isUnread: boolean) => ({ record, place: ann.place, isUnread });
    conversations.count(ann.id, [
      counted(message("a"), false),
      counted(message("b"), true),
      counted(message("c"), true),
    ]);
    expect(tables.get("conversations", ann.id)).toMatchObject({ unread: 2, firstUnread: "b", last: { text: "c" } });
    conversations.count(ann.id, [
      counted(message("late", { at: 9 }), true),
      counted(message("x".repeat(300), { notice: { kind: "call" } }), false),
    ]);
    const { unread, firstUnread, last: newest } = tables.get("conversations", ann.id) ?? {};
    expect([unread, firstUnread, newest?.text.length, newest?.notice]).toEqual([3, "b", 200, { kind: "call" }]);
    conversations.count(bob.id, [{ record: message("b"), place: bob.place, isUnread: false }]);
    expect(tables.get("conversations", bob.id)).not.toHaveProperty("firstUnread");
    expect(tables.get("conversations", bob.id)?.last).not.toHaveProperty("notice");
    const other = made();
    other.conversations.count(bob.id, []);
    expect(other.tables.get("conversations", bob.id)).not.toHaveProperty("last");
  });

  it("has a draft until it is emptied, and none of an empty one of nobody", () => {
    const { conversations, tables, list } = made();
    conversations.draft(ann.id, "");
    expect(list()).toEqual([]);
    conversations.draft(ann.id, "a");
    expect(tables.get("conversations", ann.id)?.draft).toBe("a");
    conversations.draft(ann.id, "");
    expect(tables.get("conversations", ann.id)).not.toHaveProperty("draft");
  });

  it("goes with its account, and that of others stays", () => {
    const { conversations, tables, list } = made();
    conversations.show(ann.id);
    tables.put("contacts", { ...ann.contact, id: "account-2|ann@x.example", accountId: "account-2" });
    conversations.show("account-2|ann@x.example");
    conversations.typing(ann.id, true);
    conversations.forgetAccount(account);
    expect([list(), vi.getTimerCount()]).toEqual([["account-2|ann@x.example"], 0]);
  });
});

describe("messages reach the window", () => {
  it("of open conversations alone, with the state of their changes", () => {
    const { conversations, ops, published, history } = made();
    conversations.open(ann.id);
    conversations.changed(message("a"));
    conversations.changed(message("b", { conversationId: bob.id }));
    conversations.changedAll(bob.id, [message("b")]);
    expect(published()).toEqual(["put a"]);
    expect(ops.at(-1)).toMatchObject({ record: { body: "a marked" } });
    conversations.close(ann.id);
    conversations.changed(message("c"));
    expect([published(), history.forgotten]).toEqual([["put a"], [ann.id]]);
  });

  it("one by one up to 100 of them, and more are read again", () => {
    const { conversations, published } = made();
    conversations.open(ann.id);
    const many = Array.from({ length: 101 }, (_, n) => message(`m${n}`));
    conversations.changedAll(ann.id, many.slice(1));
    expect(published()).toHaveLength(100);
    conversations.changedAll(ann.id, many);
    expect(published().slice(100)).toEqual([`forget ${ann.id}`]);
  });

  it("and leave it when they are deleted; a conversation of which nothing is left goes, unless it is wanted", () => {
    const { conversations, published, list, written, tables } = made();
    for (const id of [ann.id, bob.id, eve]) conversations.show(id);
    conversations.draft(bob.id, "draft");
    conversations.open(ann.id);
    conversations.removed({
      ids: new Map([
        [ann.id, ["a", "b"]],
        [bob.id, ["c"]],
      ]),
      summaries: [summaryOf(ann.id), summaryOf(bob.id), summaryOf(eve)],
    } as never);
    expect(published()).toEqual(["remove a", "remove b", `forget ${bob.id}`]);
    expect(list()).toEqual([ann.id, bob.id]);
    expect(written).toEqual([ann.address, bob.address, "eve@evil.test"]);
    conversations.removed({
      ids: new Map(),
      summaries: [summaryOf(ann.id, { last: last("left"), unread: 1 })],
    } as never);
    expect([tables.get("conversations", ann.id)?.last?.text, written.length]).toEqual(["left", 3]);
  });

  it("are governed by what policy says now: which are archived, and all lines anew after a change of mode", () => {
    const { conversations, archived, tables, published } = made();
    tables.put("app", { id: "app" } as never);
    conversations.open(ann.id);
    archived.add(ann.address);
    expect(tables.get("app", "app")?.archived).toBeUndefined();
    conversations.governed();
    expect([tables.get("app", "app")?.archived, published()]).toEqual([[ann.id], []]);
    archived.clear();
    conversations.reread();
    expect([tables.get("app", "app")?.archived, published()]).toEqual([undefined, ["forget all"]]);
  });
});

describe("somebody's typing", () => {
  it("ends by itself after two minutes from its last word, or when it is said, and is shown of contacts alone", () => {
    const { conversations, tables, list } = made();
    const isTyping = () => tables.get("conversations", ann.id)?.typing;
    conversations.typing(eve, true);
    expect(list()).toEqual([]);
    conversations.typing(ann.id, true);
    vi.advanceTimersByTime(100_000);
    conversations.typing(ann.id, true);
    vi.advanceTimersByTime(119_999);
    expect(isTyping()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(isTyping()).toBe(false);
    conversations.typing(ann.id, true);
    conversations.typing(bob.id, false);
    expect(isTyping()).toBe(true);
    conversations.typing(ann.id, false);
    expect([isTyping(), vi.getTimerCount()]).toEqual([false, 0]);
  });
});

describe("the views of conversations", () => {
  function views(mayTalk: (address: string) => void = () => undefined) {
    const one = made();
    const asked: unknown[] = [];
    const put: unknown[] = [];
    const ensured: string[] = [];
    let kept = Promise.withResolvers<void>();
    kept.resolve();
    const view = createConversationViews({
      ...one,
      contacts: {
        known: (_: string, address: string) =>
          address === "odd one" ? { address: "odd@x.example", protocol: "xmpp" } : undefined,
        ensure: (_: string, __: string, address: string) => void ensured.push(address),
      } as unknown as Contacts,
      history: {
        conversations: async () => one.history.all,
        page: async (query: unknown) => {
          asked.push(query);
          return { messages: [message("a")] };
        },
        search: async (query: unknown) => {
          asked.push(query);
          return { hits: [{ message: message("a") }, { message: message("b", { conversationId: eve }) }], done: true };
        },
      } as unknown as History,
      profile: {
        put: (entries) => {
          put.push(...entries);
          return kept.promise;
        },
      },
      connections: { protocol: () => "xmpp" } as unknown as Connections,
      mayTalk,
      marked: (record) => ({ ...record, body: `${record.body} marked` }),
    });
    return { ...one, view, asked, put, ensured, wait: () => (kept = Promise.withResolvers()) };
  }
  const none = { code: "not-found" };
  const limit = 10;

  it("open no chat with a stranger, page through none, and keep no draft for one", async () => {
    const { view, asked, put, list } = views();
    await expect(view.open({ conversationId: eve, limit })).rejects.toMatchObject(none);
    await expect(view.page({ conversationId: eve, limit })).rejects.toMatchObject(none);
    await expect(view.saveDraft(eve, "x")).rejects.toMatchObject(none);
    expect([asked, put, list()]).toEqual([[], [], []]);
  });

  it("open a chat at its first unread message, or where they are told to, and page as they are asked", async () => {
    const { view, asked, conversations } = views();
    await view.open({ conversationId: ann.id, limit });
    conversations.count(ann.id, [{ record: message("first"), place: ann.place, isUnread: true }]);
    const page = await view.open({ conversationId: ann.id, limit });
    await view.open({ conversationId: ann.id, limit, around: "there" });
    await view.page({ conversationId: ann.id, limit });
    const places = { before: "b", after: "a", around: "r", oldest: true } as never as { before: string };
    await view.page({ conversationId: ann.id, limit, ...places });
    expect(asked).toEqual([
      { conversationId: ann.id, limit },
      { conversationId: ann.id, limit, around: "first" },
      { conversationId: ann.id, limit, around: "there" },
      { conversationId: ann.id, limit },
      { conversationId: ann.id, limit, before: "b", after: "a", around: "r", oldest: true },
    ]);
    expect(page.messages[0]?.body).toBe("a marked");
    conversations.changed(message("a"));
    view.close(ann.id);
  });

  it("keep a draft until it is empty, and are done when it is kept", async () => {
    const { view, put, wait, tables } = views();
    await view.saveDraft(ann.id, "x");
    await view.saveDraft(ann.id, "");
    expect(put).toEqual([
      {
        namespace: "draft",
        key: ann.id,
        value: JSON.stringify({ place: { accountId: account, kind: "direct", address: ann.address }, text: "x" }),
      },
      { namespace: "draft", key: ann.id, value: undefined },
    ]);
    const { resolve } = wait();
    let isDone = false;
    const saving = view.saveDraft(ann.id, "late").then(() => (isDone = true));
    await vi.advanceTimersByTimeAsync(0);
    expect([isDone, tables.get("conversations", ann.id)?.draft]).toEqual([false, "late"]);
    resolve();
    await saving;
  });

  it("start a chat with whom one may talk, of this network, and bring what they alone wrote before", async () => {
    const { view, ensured, history, tables, list } = views();
    history.all = [summaryOf(bob.id, { unread: 3 }), summaryOf(ann.id, { unread: 1, last: last("before") })];
    expect(await view.start(account, "xmpp:Ann@x.example")).toBe(ann.id);
    expect([ensured, list(), tables.get("conversations", ann.id)?.unread]).toEqual([[ann.address], [ann.id], 1]);
    expect(await view.start(account, "odd one")).toBe(`${account}|odd@x.example`);
    await expect(view.start(account, "sip:ann@x.example")).rejects.toMatchObject({ code: "invalid-address" });
    await expect(view.start(account, "nobody")).rejects.toMatchObject({ code: "invalid-address" });
    expect(ensured).toHaveLength(2);
    const barred = views(() => {
      throw new Error("policy");
    });
    await expect(barred.view.start(account, ann.address)).rejects.toThrow("policy");
    expect([barred.ensured, barred.list()]).toEqual([[], []]);
  });

  it("find nothing of what strangers wrote, and ask as they were asked", async () => {
    const { view, asked } = views();
    expect(await view.search({ text: "a", limit })).toEqual({ hits: [{ message: message("a") }], done: true });
    await view.search({ text: "a", limit, filter: { from: "x" } as never, beforeSeq: 3 });
    expect(asked).toEqual([
      { text: "a", limit },
      { text: "a", limit, filter: { from: "x" }, beforeSeq: 3 },
    ]);
  });
});
