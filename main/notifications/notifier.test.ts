import { describe, expect, it } from "vitest";
import type { AccountRecord } from "../../shared/model/account.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import { createWords } from "../../shared/words/words.ts";
import type { Host, HostNotification } from "../host/host.ts";
import type { Arrival } from "../messaging/receive/notify.ts";
import { createAppStatus } from "../store/app-status.ts";
import { createTables } from "../store/tables.ts";
import { type Attention, createNotifier } from "./notifier.ts";

const account = "account-1";
const words = createWords("en");

function arrival(peer: string, body: string, via: Arrival["incoming"]["via"] = "live"): Arrival {
  const conversationId = `${account}|${peer}`;
  return {
    record: {
      id: `id-${body}`,
      conversationId,
      accountId: account,
      direction: "in",
      author: { isSelf: false },
      body,
      at: 1,
      seq: 1,
      state: "received",
    },
    incoming: {
      peer,
      direction: "in",
      author: { address: peer, isSelf: false },
      id: body,
      archiveId: undefined,
      body,
      at: undefined,
      delayed: false,
      via,
      wantsDelivered: false,
      wantsRead: false,
    },
  };
}

function notifier(
  options: {
    attention?: Attention;
    locked?: boolean;
    preview?: boolean;
    enabled?: boolean;
    all?: OwnPresence;
    own?: OwnPresence;
  } = {},
) {
  const shown: HostNotification[] = [];
  const opened: string[] = [];
  const closed: string[] = [];
  const seen: { attention: Attention } = { attention: options.attention ?? { focused: false } };
  const tables = createTables(() => undefined);
  createAppStatus(tables, { version: "0", host: "chromium", locale: "en" });
  if (options.all) tables.patch("app", "app", { presence: options.all });
  const record: AccountRecord = {
    id: account,
    protocol: "xmpp",
    address: "me@x",
    enabled: true,
    server: {},
    state: "online",
    facets: { messages: { correct: false, retract: false, sendTyping: false, sendReceipt: false } },
  };
  tables.put("accounts", options.own ? { ...record, presence: options.own } : record);
  for (const address of ["bob@x", "ann@x"])
    tables.put("conversations", {
      ...{ id: `${account}|${address}`, accountId: account, kind: "direct" as const, address },
      ...{ unread: 0, typing: false },
    });
  const made = createNotifier({
    host: {
      notify: (notification: HostNotification) => void shown.push(notification),
      closeNotification: (tag: string) => void closed.push(tag),
    } as unknown as Host,
    tables,
    words: () => words,
    attention: () => seen.attention,
    enabled: () => options.enabled ?? true,
    preview: () => options.preview ?? true,
    locked: () => options.locked ?? false,
    showWindow: () => opened.push("window"),
    open: (conversationId, messageId) => opened.push(`${conversationId} ${messageId}`),
    openSettings: () => opened.push("settings"),
  });
  const look = (attention: Attention): void => {
    seen.attention = attention;
    made.looked();
  };
  return {
    notify: made.arrived.bind(made),
    changed: made.changed.bind(made),
    failed: made.failed.bind(made),
    account: made.account.bind(made),
    accountRemoved: made.accountRemoved.bind(made),
    read: made.read.bind(made),
    look,
    record,
    shown,
    opened,
    closed,
    tables,
  };
}

describe("notifications", () => {
  it("say what somebody did that cannot be shown, in the person's words", () => {
    const { notify, shown } = notifier();
    const { record, incoming } = arrival("bob@x", "");
    notify([{ record: { ...record, notice: { kind: "encrypted", what: "OMEMO" } }, incoming }]);
    expect(shown[0]?.body).toBe("bob@x sent an encrypted message (OMEMO). This version of Hallway cannot read it.");
  });

  it("say who and what, one for each conversation, and open the message that they tell of", () => {
    const { notify, shown, opened } = notifier();
    notify([arrival("bob@x", "one"), arrival("ann@x", "hi"), arrival("bob@x", "two")]);
    expect(shown.map(({ tag, body }) => [tag, body])).toEqual([
      [`${account}|bob@x`, words.t("notification.several", { count: 2 })],
      [`${account}|ann@x`, "hi"],
    ]);
    expect(shown.map(({ title, silent }) => [title, silent])).toEqual(
      ["bob@x", "ann@x"].map((name) => [words.t("notification.message", { name }), false]),
    );
    shown[0]?.onClick();
    expect(opened).toEqual([`${account}|bob@x id-two`]);
  });

  it("show 300 characters of a message, when it comes and when it is corrected", () => {
    const { notify, changed, shown, tables } = notifier();
    const [whole, long] = ["w".repeat(300), "l".repeat(301)];
    notify([arrival("bob@x", whole)]);
    notify([arrival("ann@x", long)]);
    const { record } = arrival("ann@x", long);
    tables.put("conversations", {
      id: record.conversationId,
      accountId: account,
      kind: "direct" as const,
      address: "ann@x",
      unread: 1,
      typing: false,
    });
    changed({ ...record, body: "c".repeat(301) });
    expect(shown.map(({ body }) => body.length)).toEqual([300, 300, 300]);
    expect(shown[0]?.body).toBe(whole);
  });

  it("are put right without a sound when the message is corrected or taken back, as long as it is unread", () => {
    const { notify, changed, shown, tables } = notifier();
    const one = arrival("bob@x", "one").record;
    const conversation = {
      id: one.conversationId,
      accountId: account,
      kind: "direct" as const,
      address: "bob@x",
      unread: 1,
      typing: false,
    };
    tables.put("conversations", conversation);
    notify([arrival("bob@x", "one")]);
    changed({ ...one, body: "two" });
    changed({ ...one, id: "another", body: "three" });
    changed({ ...one, body: "", retracted: true });
    expect(shown.map(({ body, silent }) => [body, silent])).toEqual([
      ["one", false],
      ["two", true],
      [words.t("message.retracted"), true],
    ]);
    expect(new Set(shown.map(({ title }) => title))).toEqual(
      new Set([words.t("notification.message", { name: "bob@x" })]),
    );
    tables.put("conversations", { ...conversation, unread: 0 });
    changed({ ...one, body: "four" });
    expect(shown).toHaveLength(3);
  });

  it("go when their conversation has been read, once, and those of others stay", () => {
    const { notify, read, failed, closed, shown } = notifier();
    const [bob, ann] = [`${account}|bob@x`, `${account}|ann@x`];
    read(bob);
    expect(closed).toEqual([]);
    notify([arrival("bob@x", "one"), arrival("ann@x", "hi")]);
    failed({ ...arrival("bob@x", "out").record, error: { code: "recipient-unknown" } });
    read(bob);
    read(bob);
    expect([closed, shown.length]).toEqual([[bob], 3]);
    read(ann);
    expect(closed).toEqual([bob, ann]);
  });

  it("that tell of trouble go when the person sees it in the window, or when it is over", () => {
    const { failed, account: told, accountRemoved, look, closed, record } = notifier();
    const wrong: AccountRecord = { ...record, state: "failed", error: { code: "wrong-password" } };
    failed({ ...arrival("bob@x", "out").record, error: { code: "recipient-unknown" } });
    told(wrong);
    look({ focused: false, conversationId: `${account}|bob@x` });
    expect(closed).toEqual([]);
    look({ focused: true, conversationId: `${account}|ann@x` });
    expect(closed).toEqual([`account ${account}`]);
    look({ focused: true, conversationId: `${account}|bob@x` });
    expect(closed).toEqual([`account ${account}`, `failed ${account}|bob@x`]);
    look({ focused: false });
    for (const over of [() => told(record), () => accountRemoved(account)]) {
      told({ ...record, state: "waiting", error: { code: "connection-lost" } });
      told(wrong);
      closed.length = 0;
      told({ ...record, state: "connecting" });
      expect(closed).toEqual([]);
      over();
      expect(closed).toEqual([`account ${account}`]);
    }
  });

  it("say nothing new of what was hidden or is one of several", () => {
    const hidden = notifier({ preview: false });
    hidden.tables.put("conversations", {
      id: `${account}|bob@x`,
      accountId: account,
      kind: "direct" as const,
      address: "bob@x",
      unread: 2,
      typing: false,
    });
    hidden.notify([arrival("bob@x", "one")]);
    hidden.changed({ ...arrival("bob@x", "one").record, body: "secret" });
    const several = notifier();
    several.tables.put("conversations", {
      id: `${account}|bob@x`,
      accountId: account,
      kind: "direct" as const,
      address: "bob@x",
      unread: 2,
      typing: false,
    });
    several.notify([arrival("bob@x", "one"), arrival("bob@x", "two")]);
    several.changed({ ...arrival("bob@x", "two").record, body: "2" });
    expect([hidden.shown.length, several.shown.length]).toEqual([1, 1]);
  });

  it("say of whom and what nothing while Hallway is locked, once for all of it", () => {
    const { notify, failed, account: told, record, shown, opened } = notifier({ locked: true });
    notify([arrival("bob@x", "one"), arrival("ann@x", "hi")]);
    failed({ ...arrival("bob@x", "one").record, error: { code: "recipient-unknown" } });
    told({ ...record, state: "failed", error: { code: "wrong-password" } });
    expect(shown.map(({ tag, title, body }) => [tag, title, body])).toEqual(
      Array(3).fill(["locked", "Hallway", words.t("notification.locked")]),
    );
    shown[0]?.onClick();
    expect(opened).toEqual(["window"]);
  });

  it("do not tell of what is on screen and focused, of the archive, or when switched off", () => {
    const looking = notifier({ attention: { focused: true, conversationId: `${account}|bob@x` } });
    looking.notify([arrival("bob@x", "one"), arrival("ann@x", "hi", "archive")]);
    const off = notifier({ enabled: false });
    off.notify([arrival("bob@x", "one")]);
    const behind = notifier({ attention: { focused: false, conversationId: `${account}|bob@x` } });
    behind.notify([arrival("bob@x", "one")]);
    expect([looking.shown.length, off.shown.length, behind.shown.length]).toEqual([0, 0, 1]);
  });

  it("keep what was said to themselves where previews are hidden", () => {
    const { notify, shown } = notifier({ preview: false });
    notify([arrival("bob@x", "secret")]);
    expect(JSON.stringify(shown)).not.toContain('secret"');
    expect(shown[0]?.body).toBe(words.t("notification.hidden"));
  });

  it.each(["busy", "in-call", "in-meeting"] as const)(
    "are silent while %s, for all or for the account that the message came to",
    (availability) => {
      const all = notifier({ all: { availability } });
      all.notify([arrival("bob@x", "one")]);
      const own = notifier({ own: { availability } });
      own.notify([arrival("bob@x", "one")]);
      const otherwise = notifier({ all: { availability }, own: { availability: "available" } });
      otherwise.notify([arrival("bob@x", "one")]);
      expect([all.shown.length, own.shown.length, otherwise.shown.length]).toEqual([0, 0, 1]);
    },
  );

  it("tell of a message that was not sent, but not of what it said, and not to who sees it", () => {
    const lost: MessageRecord = {
      ...arrival("bob@x", "secret").record,
      direction: "out",
      state: "failed",
      error: { code: "recipient-unreachable", params: { address: "bob@x" } },
    };
    const { failed, shown, opened } = notifier();
    failed(lost);
    expect(shown[0]).toMatchObject({
      silent: false,
      title: words.t("notification.failed", { name: "bob@x" }),
      body: words.t("error.recipient-unreachable", { address: "bob@x" }),
    });
    shown[0]?.onClick();
    expect(opened).toEqual([`${account}|bob@x id-secret`]);
    for (const silenced of [
      { attention: { focused: true, conversationId: `${account}|bob@x` } },
      { enabled: false },
      { all: { availability: "busy" } },
      { enabled: false, locked: true },
    ] as const) {
      const made = notifier(silenced);
      made.failed(lost);
      made.account({ ...made.record, state: "failed", error: { code: "wrong-password" } });
      expect(made.shown).toEqual([]);
    }
  });

  it("tell once of an account that needs the person, again after it was well, and never of what they cannot change", () => {
    const made = notifier();
    const wrong: AccountRecord = { ...made.record, state: "failed", error: { code: "wrong-password" } };
    made.account(wrong);
    made.account({ ...wrong, state: "connecting" });
    made.account(wrong);
    expect(made.shown).toHaveLength(1);
    expect(made.shown[0]).toMatchObject({
      silent: false,
      title: words.t("notification.account", { address: "me@x" }),
      body: words.t("error.wrong-password"),
    });
    made.shown[0]?.onClick();
    expect(made.opened).toEqual(["settings"]);
    made.account(made.record);
    made.account(wrong);
    made.account({ ...made.record, state: "waiting", error: { code: "connection-lost" } });
    made.account({ ...wrong, error: { code: "blocked-by-policy" } });
    expect(made.shown).toHaveLength(2);
    const looking = notifier({ attention: { focused: true } });
    looking.account(wrong);
    expect(looking.shown).toEqual([]);
  });
});
