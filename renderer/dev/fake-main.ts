import * as v from "valibot";
import { RosterView } from "../../main/store/roster/roster-view.ts";
import { createTables } from "../../main/store/tables.ts";
import { type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import { type Args, contract, type Method } from "../../shared/ipc/contract.ts";
import type { Call, CommandMessage, RendererTransport, Reply, UpdateMessage } from "../../shared/ipc/transport.ts";
import type { Op, Snapshot } from "../../shared/ipc/updates.ts";
import { lookAlike } from "../../shared/look-alike/look-alike.ts";
import type { AccountRecord } from "../../shared/model/account.ts";
import type { AppRecord } from "../../shared/model/app.ts";
import type { BlockRecord } from "../../shared/model/block.ts";
import { type ContactRecord, contactId, parseContactId, type RequestRecord } from "../../shared/model/contact.ts";
import { placeOf } from "../../shared/model/conversation-id.ts";
import type { Deletion } from "../../shared/model/deletion.ts";
import { type ConversationRecord, type MessageRecord, matchEnd, matchStart } from "../../shared/model/message.ts";
import type { PolicyEntry, PolicyPage } from "../../shared/model/policy.ts";
import { RosterViewStateSchema } from "../../shared/model/roster.ts";
import type { WindowState } from "../../shared/model/window-state.ts";
import { findMatches, matches, parseQuery, type WordQuery } from "../../shared/search/query.ts";
import { type SettingRecord, settingKeys, settings } from "../../shared/settings/declaration.ts";
import { networks } from "./networks.ts";

/** State that the fake begins with. */
export interface FakeState {
  readonly app?: Partial<AppRecord>;
  readonly accounts?: readonly AccountRecord[];
  readonly contacts?: readonly ContactRecord[];
  readonly conversations?: readonly ConversationRecord[];
  readonly requests?: readonly RequestRecord[];
  readonly blocked?: readonly BlockRecord[];
  readonly messages?: readonly MessageRecord[];
  readonly settings?: readonly Partial<SettingRecord & { id: string }>[];
  /** Contents of the policy page beside the settings' own records. */
  readonly policy?: {
    readonly problems?: PolicyPage["problems"];
    readonly connectionsAllowed?: boolean;
    readonly overruled?: Readonly<Record<string, PolicyEntry["overruled"]>>;
  };
}

/** A stand-in for main behind the same transport, for development, screenshots and tests. */
export interface FakeMain {
  readonly transport: RendererTransport;
  /** Every call that was made, oldest first. */
  readonly calls: readonly Call[];
  publish(ops: readonly Op[]): void;
  command(command: CommandMessage["command"]): void;
  /** The next call of this method is refused. */
  failNext(method: Method, error: ErrorInfo): void;
  /** Calls of this method are not answered until it is released. */
  hold(method: Method): () => void;
  /** The messages with this in their text. */
  said(text: string): readonly MessageRecord[];
  /** All of a conversation is out of sight, and nobody was told. */
  lose(conversationId: string): void;
  /** Somebody writes. */
  receive(conversationId: string, body: string, at?: number): void;
}

type Handlers = { readonly [M in Method]?: (args: Args<M>) => unknown };

export function createFakeMain(state: FakeState = {}): FakeMain {
  const listeners = new Set<Parameters<RendererTransport["listen"]>[0]>();
  const calls: Call[] = [];
  const failures = new Map<string, ErrorInfo>();
  const held = new Map<string, (() => void)[]>();
  const accounts = new Map(state.accounts?.map((record) => [record.id, record]));
  const contacts = new Map(state.contacts?.map((record) => [record.id, record]));
  const conversations = new Map(state.conversations?.map((record) => [record.id, record]));
  const requests = new Map(state.requests?.map((record) => [record.id, record]));
  const blocked = new Map(state.blocked?.map((record) => [record.id, record]));
  const messages = new Map<string, MessageRecord[]>();
  for (const message of state.messages ?? [])
    messages.set(message.conversationId, [...(messages.get(message.conversationId) ?? []), message]);
  const settingRecords = new Map<string, SettingRecord>(
    settingKeys.map((key) => [
      key,
      {
        id: key,
        value: settings[key].default,
        origin: "default",
        locked: !settings[key].user,
        ...state.settings?.find(({ id }) => id === key),
      },
    ]),
  );
  let app: AppRecord = {
    id: "app",
    version: "0.1.0",
    platform: "linux",
    host: "chromium",
    locale: "en-GB",
    vault: "ready",
    vaultKind: "secret-store",
    presence: { availability: "available" },
    ...state.app,
  };
  let windowState: WindowState | undefined;
  let seq = 1;
  let messageSeq = 1 + Math.max(0, ...[...messages.values()].flat().map((message) => message.seq));

  const say = (message: Reply | UpdateMessage | CommandMessage): void => {
    // As over a real boundary: a copy, later.
    const copy = structuredClone(message);
    setTimeout(() => {
      for (const listener of listeners) listener(copy);
    });
  };
  const send = (ops: readonly Op[]): void => {
    if (ops.length > 0) say({ kind: "update", update: { seq: ++seq, ops } });
  };
  // What the window has of the contact list is main's own doing.
  let passed: Op[] | undefined = [];
  const tables = createTables((op) => {
    const ops = roster.pass(op);
    if (passed === undefined) send(ops);
    else passed.push(...ops);
  });
  const roster = new RosterView({ tables, publish: (op) => send([op]), locale: () => app.locale });
  /** As main does: the tables first, and of them what the window may have. */
  const publish = (ops: readonly Op[]): void => {
    passed = [];
    for (const op of ops) {
      if (op.table === "messages") passed.push(op);
      else if (op.op === "put") tables.put(op.table, op.record);
      else if (op.op === "patch") tables.patch(op.table, op.id, op.fields);
      else tables.remove(op.table, op.id);
    }
    const told = passed;
    passed = undefined;
    send(told);
  };
  const snapshot = (): Snapshot => {
    // First, for it may lay the list out, and tell of it.
    const people = roster.snapshot();
    return {
      seq,
      tables: {
        app: [app],
        networks: [...networks],
        accounts: [...accounts.values()],
        contacts: people,
        groups: [...tables.all("groups")],
        roster: [...tables.all("roster")],
        conversations: [...conversations.values()],
        requests: [...requests.values()],
        blocked: [...blocked.values()],
        settings: [...settingRecords.values()],
      },
    };
  };
  for (const record of accounts.values()) tables.put("accounts", record);
  for (const record of settingRecords.values()) tables.put("settings", record);
  for (const record of contacts.values()) tables.put("contacts", record);
  for (const record of conversations.values()) tables.put("conversations", record);
  for (const record of requests.values()) tables.put("requests", record);
  for (const record of blocked.values()) tables.put("blocked", record);
  tables.put("app", app);
  passed = undefined;
  const putConversation = (id: string, change: Partial<ConversationRecord>): void => {
    const record = {
      ...(conversations.get(id) ?? { id, ...placeOf(id), unread: 0, typing: false }),
      ...change,
    };
    if (change.unread === 0) delete record.firstUnread;
    conversations.set(id, record);
    publish([{ op: "put", table: "conversations", id, record }]);
  };
  const store = (message: MessageRecord): void => {
    messages.set(message.conversationId, [...(messages.get(message.conversationId) ?? []), message]);
    publish([{ op: "put", table: "messages", id: message.id, record: message }]);
    const before = conversations.get(message.conversationId)?.unread ?? 0;
    putConversation(message.conversationId, {
      last: { text: message.body, at: message.at, direction: message.direction },
      ...(message.direction === "in"
        ? { unread: before + 1, ...(before === 0 ? { firstUnread: message.id } : {}) }
        : {}),
    });
  };
  const change = (conversationId: string, messageId: string, fields: Partial<MessageRecord>): MessageRecord => {
    const before = messages.get(conversationId)?.find(({ id }) => id === messageId);
    if (before === undefined) throw new HallwayError("not-found");
    const record = { ...before, ...fields };
    messages.set(
      conversationId,
      messages.get(conversationId)?.map((message) => (message === before ? record : message)) ?? [],
    );
    publish([{ op: "put", table: "messages", id: messageId, record }]);
    return record;
  };
  /** All of it is out of sight; what is younger than the minimum, or held, is kept. */
  const remove = (conversationId: string, ids: readonly string[] | undefined): Deletion => {
    const all = messages.get(conversationId) ?? [];
    const gone = all.filter(({ id }) => ids?.includes(id) !== false);
    const held = settingRecords.get("LegalHoldSubjects")?.origin === "policy";
    const minimum = Number(settingRecords.get("HistoryMinimumDays")?.value ?? 0) * 24 * 3600 * 1000;
    const kept = gone.filter(({ at }) => held || at > Date.now() - minimum);
    messages.set(
      conversationId,
      all.filter((message) => !gone.includes(message)),
    );
    publish(gone.map(({ id }) => ({ op: "remove", table: "messages", id })));
    const last = kept.at(-1);
    return {
      deleted: gone.length - kept.length,
      kept: kept.length,
      held,
      ...(last === undefined || minimum === 0 ? {} : { until: last.at + minimum }),
    };
  };
  const page = (
    id: string,
    limit: number,
    where: {
      before?: string | undefined;
      after?: string | undefined;
      around?: string | undefined;
      oldest?: boolean | undefined;
    },
  ): unknown => {
    const all = messages.get(id) ?? [];
    const at = (message: string | undefined): number => all.findIndex((other) => other.id === message);
    let from = Math.max(0, all.length - limit);
    let to = all.length;
    if (where.oldest === true) {
      from = 0;
      to = Math.min(all.length, limit);
    } else if (where.before !== undefined) {
      to = at(where.before);
      from = Math.max(0, to - limit);
    } else if (where.after !== undefined) {
      from = at(where.after) + 1;
      to = Math.min(all.length, from + limit);
    } else if (where.around !== undefined && at(where.around) !== -1) {
      from = Math.max(0, at(where.around) - Math.floor(limit / 2));
      to = Math.min(all.length, from + limit);
    }
    return { messages: all.slice(from, to), before: from > 0, after: to < all.length };
  };

  const handlers: Handlers = {
    "app.snapshot": snapshot,
    "roster.show": async (shown) => {
      // Main refuses what is none.
      await roster.show(v.parse(RosterViewStateSchema, shown));
      return {};
    },
    "roster.find": async ({ text, limit, asked }) => ({ people: await roster.find(text, limit, asked === true) }),
    "roster.typeahead": async ({ text, from, names }) => {
      const row = await roster.typeahead(text, from, names);
      return row === undefined ? {} : { row };
    },
    "roster.unread": ({ from, step }) => {
      const conversationId = roster.unread(from, step);
      return conversationId === undefined ? {} : { conversationId };
    },
    "accounts.add": ({ address, protocol, server }) => {
      const record: AccountRecord = {
        id: `account-${accounts.size}new`,
        protocol: protocol ?? "xmpp",
        address,
        enabled: true,
        server,
        state: "online",
        security: "TLSv1.3",
        facets: { messages: { correct: false, retract: false, sendTyping: false, sendReceipt: false } },
      };
      accounts.set(record.id, record);
      publish([{ op: "put", table: "accounts", id: record.id, record }]);
      return { accountId: record.id };
    },
    "accounts.cancelAdd": () => {
      failures.set("accounts.add", { code: "cancelled" });
      for (const release of held.get("accounts.add") ?? []) release();
      return {};
    },
    "accounts.update": ({ accountId, ...change }) => {
      const before = accounts.get(accountId);
      if (before === undefined) throw new HallwayError("not-found");
      const record: AccountRecord = {
        ...before,
        ...(change.label === undefined ? {} : { label: change.label }),
        ...(change.server === undefined ? {} : { server: change.server }),
        ...(change.enabled === undefined
          ? {}
          : { enabled: change.enabled, state: change.enabled ? "online" : "signed-out" }),
      };
      accounts.set(accountId, record);
      publish([{ op: "put", table: "accounts", id: accountId, record }]);
      return {};
    },
    "accounts.remove": ({ accountId }) => {
      accounts.delete(accountId);
      publish([{ op: "remove", table: "accounts", id: accountId }]);
      return {};
    },
    "presence.set": ({ presence }) => {
      app = { ...app, presence: presence ?? { availability: "available" } };
      publish([{ op: "put", table: "app", id: "app", record: app }]);
      return {};
    },
    "contacts.add": ({ accountId, address, name, groups }) => {
      const protocol = accounts.get(accountId)?.protocol ?? "xmpp";
      const id = contactId(accountId, address);
      const record: ContactRecord = {
        id,
        accountId,
        protocol,
        address,
        name: name ?? address,
        groups,
        subscription: "none",
        asked: true,
        presence: { availability: "unknown" },
        pinned: false,
        listed: true,
      };
      contacts.set(id, record);
      publish([{ op: "put", table: "contacts", id, record }]);
      return { contactId: id };
    },
    "contacts.update": ({ contactId: id, ...change }) => {
      const before = contacts.get(id);
      if (before === undefined) throw new HallwayError("not-found");
      const record = { ...before, ...change } as ContactRecord;
      contacts.set(id, record);
      publish([{ op: "put", table: "contacts", id, record }]);
      return {};
    },
    "contacts.ask": ({ contactId: id }) => {
      const before = contacts.get(id);
      if (before === undefined) throw new HallwayError("not-found");
      const record = { ...before, asked: true };
      contacts.set(id, record);
      publish([{ op: "put", table: "contacts", id, record }]);
      return {};
    },
    "contacts.remove": ({ contactId: id }) => {
      contacts.delete(id);
      publish([{ op: "remove", table: "contacts", id }]);
      return {};
    },
    "contacts.lookAlike": ({ address, name }) => {
      const warning = lookAlike(
        { address, name },
        { contacts: [...contacts.values()].filter(({ listed }) => listed), domains: ["corp.example"] },
      );
      return warning === undefined ? {} : { warning };
    },
    "contacts.block": ({ contactId: id }) => {
      const record: BlockRecord = { id, ...parseContactId(id), scope: "person", at: Date.now() };
      blocked.set(id, record);
      publish([{ op: "put", table: "blocked", id, record }]);
      return {};
    },
    "contacts.unblock": ({ blockId }) => {
      if (!blocked.delete(blockId)) throw new HallwayError("not-found");
      publish([{ op: "remove", table: "blocked", id: blockId }]);
      return {};
    },
    "requests.answer": ({ requestId }) => {
      requests.delete(requestId);
      publish([{ op: "remove", table: "requests", id: requestId }]);
      return {};
    },
    "app.windowState": () => (windowState === undefined ? {} : { state: windowState }),
    "app.keepWindowState": ({ state: next }) => {
      windowState = next;
      return {};
    },
    "conversations.start": ({ accountId, address }) => {
      const id = contactId(accountId, address);
      const protocol = accounts.get(accountId)?.protocol ?? "xmpp";
      const record: ContactRecord = contacts.get(id) ?? {
        id,
        accountId,
        protocol,
        address,
        name: address,
        groups: [],
        subscription: "none",
        asked: false,
        presence: { availability: "unknown" },
        pinned: false,
        listed: false,
      };
      contacts.set(id, record);
      publish([{ op: "put", table: "contacts", id, record }]);
      putConversation(id, {});
      return { conversationId: id };
    },
    "conversations.open": ({ conversationId, around, limit }) =>
      page(conversationId, limit, { around: around ?? conversations.get(conversationId)?.firstUnread }),
    "conversations.page": ({ conversationId, limit, before, after, around, oldest }) =>
      page(conversationId, limit, { before, after, around, oldest }),
    "conversations.markRead": ({ conversationId, messageId }) => {
      const all = messages.get(conversationId) ?? [];
      const rest = all
        .slice(all.findIndex(({ id }) => id === messageId) + 1)
        .filter(({ direction }) => direction === "in");
      const firstUnread = rest[0]?.id;
      putConversation(conversationId, { unread: rest.length, ...(firstUnread === undefined ? {} : { firstUnread }) });
      return {};
    },
    "conversations.draft": ({ conversationId, text }) => {
      putConversation(conversationId, { draft: text });
      return {};
    },
    "messages.send": ({ conversationId, messageId, body }) => {
      const record: MessageRecord = {
        id: messageId,
        conversationId,
        accountId: placeOf(conversationId).accountId,
        direction: "out",
        author: { isSelf: true },
        body,
        at: Date.now(),
        seq: messageSeq++,
        state: "waiting",
      };
      store(record);
      for (const [delay, to] of [
        [150, "sent"],
        [500, "delivered"],
      ] as const) {
        setTimeout(() => publish([{ op: "patch", table: "messages", id: messageId, fields: { state: to } }]), delay);
      }
      return record;
    },
    "messages.correct": ({ conversationId, messageId, body }) =>
      change(conversationId, messageId, { body, corrected: Date.now() }),
    "messages.retract": ({ conversationId, messageId }) =>
      change(conversationId, messageId, { body: "", retracted: true }),
    "messages.retry": ({ messageId }) => {
      publish([{ op: "patch", table: "messages", id: messageId, fields: { state: "sent", error: null } }]);
      return {};
    },
    "history.retention": () => ({
      minimumDays: settingRecords.get("HistoryMinimumDays")?.value ?? 0,
      held: settingRecords.get("LegalHoldSubjects")?.origin === "policy",
    }),
    "history.delete": ({ conversationId, messageIds }) => remove(conversationId, messageIds),
    "history.export": ({ format }) => {
      app = { ...app, export: { state: "running", format, messages: 12_400, total: 31_000 } };
      publish([{ op: "put", table: "app", id: "app", record: app }]);
      return { started: true };
    },
    "history.cancelExport": () => {
      if (app.export) app = { ...app, export: { ...app.export, state: "cancelled" } };
      publish([{ op: "put", table: "app", id: "app", record: app }]);
      return {};
    },
    "history.search": ({ text, filter = {}, limit, beforeSeq }) => {
      const query = parseQuery(text);
      const hits = [...messages.values()]
        .flat()
        .filter(
          (message) =>
            filter.conversationIds?.includes(message.conversationId) !== false &&
            (filter.direction === undefined || message.direction === filter.direction) &&
            message.at >= (filter.from ?? Number.NEGATIVE_INFINITY) &&
            message.at < (filter.to ?? Number.POSITIVE_INFINITY) &&
            filter.hasFile !== true &&
            (beforeSeq === undefined || message.seq < beforeSeq),
        )
        .filter((message) => query === undefined || matches(message.body, query))
        .sort((a, b) => b.seq - a.seq);
      return {
        hits: hits.slice(0, limit).map((message) => ({ message, snippet: snippetOf(message.body, query) })),
        more: hits.length > limit,
      };
    },
    "settings.set": ({ key, value }) => {
      const before = settingRecords.get(key);
      if (before === undefined || before.locked) throw new HallwayError("locked-by-policy");
      const record: SettingRecord = {
        ...before,
        value: value ?? settings[key].default,
        origin: value === null ? "default" : "user",
      };
      settingRecords.set(key, record);
      publish([{ op: "put", table: "settings", id: key, record }]);
      return {};
    },
    "policy.page": (): PolicyPage => ({
      entries: settingKeys.flatMap((key) => {
        const record = settingRecords.get(key);
        return record ? [{ ...record, key, overruled: state.policy?.overruled?.[key] ?? [] }] : [];
      }),
      problems: state.policy?.problems ?? [],
      connectionsAllowed: state.policy?.connectionsAllowed ?? true,
    }),
    "lock.now": () => {
      app = { ...app, lockedBy: "password" };
      publish([{ op: "put", table: "app", id: "app", record: app }]);
      return {};
    },
    "lock.unlock": ({ secret }) => {
      if (secret !== "right") throw new HallwayError("unlock-refused");
      const { lockedBy: _, ...open } = app;
      app = open;
      publish([{ op: "put", table: "app", id: "app", record: app }]);
      return {};
    },
    "vault.unlock": ({ passphrase }) => {
      if (passphrase !== "correct horse") throw new HallwayError("vault-wrong-passphrase");
      app = { ...app, vault: "ready" };
      publish([{ op: "put", table: "app", id: "app", record: app }]);
      return {};
    },
  };

  const answer = async (call: Call): Promise<void> => {
    try {
      const failure = failures.get(call.method);
      failures.delete(call.method);
      if (failure !== undefined) throw new HallwayError(failure.code, failure.params);
      const declared = contract[call.method as Method];
      if (declared === undefined || !v.is(declared.args, call.args)) throw new HallwayError("invalid-argument");
      const handler = handlers[call.method as Method] as ((args: unknown) => unknown) | undefined;
      const given = handler?.(call.args) ?? {};
      // What is answered at once comes in the order of the calls.
      const result = given instanceof Promise ? await given : given;
      say({ kind: "reply", id: call.id, ok: true, result });
    } catch (error) {
      say({ kind: "reply", id: call.id, ok: false, error: toErrorInfo(error) });
    }
  };

  return {
    transport: {
      post(call) {
        calls.push(structuredClone(call));
        const waiting = held.get(call.method);
        if (waiting === undefined) void answer(call);
        else waiting.push(() => void answer(call));
      },
      listen(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    calls,
    publish,
    command: (command) => say({ kind: "command", command }),
    failNext: (method, error) => failures.set(method, error),
    hold(method) {
      const waiting: (() => void)[] = [];
      held.set(method, waiting);
      return () => {
        held.delete(method);
        for (const release of waiting.splice(0)) release();
      };
    },
    said: (text) => [...messages.values()].flat().filter(({ body }) => body.includes(text)),
    lose(conversationId) {
      messages.delete(conversationId);
    },
    receive(conversationId, body, at = Date.now()) {
      store({
        id: `in-${messageSeq}`,
        conversationId,
        accountId: placeOf(conversationId).accountId,
        direction: "in",
        author: { isSelf: false },
        body,
        at,
        seq: messageSeq++,
        state: "received",
      });
    },
  };
}

function snippetOf(body: string, query: WordQuery | undefined): string {
  const place = query && findMatches(body, query).next().value;
  return place
    ? body.slice(0, place.start) + matchStart + body.slice(place.start, place.end) + matchEnd + body.slice(place.end)
    : body;
}
