import { RosterView } from "../../main/store/roster/roster-view.ts";
import { createTables } from "../../main/store/tables.ts";
import { HallwayError } from "../../shared/errors.ts";
import type { Page } from "../../shared/ipc/contract.ts";
import type { Op, Snapshot } from "../../shared/ipc/updates.ts";
import type { AccountRecord } from "../../shared/model/account.ts";
import type { AppRecord } from "../../shared/model/app.ts";
import type { BlockRecord } from "../../shared/model/block.ts";
import type { ContactRecord, RequestRecord } from "../../shared/model/contact.ts";
import { placeOf } from "../../shared/model/conversation-id.ts";
import type { Deletion } from "../../shared/model/deletion.ts";
import type { ConversationRecord, MessageRecord } from "../../shared/model/message.ts";
import type { PolicyEntry, PolicyPage } from "../../shared/model/policy.ts";
import { type SettingKey, type SettingRecord, settingKeys, settings } from "../../shared/settings/declaration.ts";
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

/** Part of a conversation that is asked for; at most one of them, else its end. */
interface PageOf {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly around?: string | undefined;
  readonly oldest?: boolean | undefined;
}

/** Records of the stand-in for main, and what it tells the window of their changes. */
export class FakeStore {
  readonly accounts: Map<string, AccountRecord>;
  readonly contacts: Map<string, ContactRecord>;
  readonly conversations: Map<string, ConversationRecord>;
  readonly requests: Map<string, RequestRecord>;
  readonly blocked: Map<string, BlockRecord>;
  readonly messages = new Map<string, MessageRecord[]>();
  readonly settings: Map<string, SettingRecord>;
  readonly policy: FakeState["policy"];
  /** The window's part of the contact list is laid out by main's own code. */
  readonly roster: RosterView;
  readonly #send: (ops: readonly Op[], seq: number) => void;
  readonly #tables = createTables((op) => this.#pass(op));
  #app: AppRecord;
  /** Operations for the window that go in one update; undefined: each goes at once. */
  #passed: Op[] | undefined = [];
  #seq = 1;
  #messageSeq: number;

  /** `send`: tells the window of operations, with the number of the update. */
  constructor(state: FakeState, send: (ops: readonly Op[], seq: number) => void) {
    this.#send = send;
    this.policy = state.policy;
    this.accounts = new Map(state.accounts?.map((record) => [record.id, record]));
    this.contacts = new Map(state.contacts?.map((record) => [record.id, record]));
    this.conversations = new Map(state.conversations?.map((record) => [record.id, record]));
    this.requests = new Map(state.requests?.map((record) => [record.id, record]));
    this.blocked = new Map(state.blocked?.map((record) => [record.id, record]));
    for (const message of state.messages ?? []) this.#keep(message);
    this.settings = new Map(settingKeys.map((key) => [key, settingOf(key, state)]));
    this.#app = {
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
    this.#messageSeq = 1 + Math.max(0, ...[...this.messages.values()].flat().map((message) => message.seq));
    this.roster = new RosterView({
      tables: this.#tables,
      publish: (op) => this.#tell([op]),
      locale: () => this.#app.locale,
    });
    this.#fillTables();
    this.#passed = undefined;
  }

  get app(): AppRecord {
    return this.#app;
  }

  putApp(record: AppRecord): void {
    this.#app = record;
    this.publish([{ op: "put", table: "app", id: "app", record }]);
  }

  /** As main does: the tables first, and of them what the window may have. */
  publish(ops: readonly Op[]): void {
    const passed: Op[] = [];
    this.#passed = passed;
    for (const op of ops) {
      if (op.table === "messages") passed.push(op);
      else if (op.op === "put") this.#tables.put(op.table, op.record);
      else if (op.op === "patch") this.#tables.patch(op.table, op.id, op.fields);
      else this.#tables.remove(op.table, op.id);
    }
    this.#passed = undefined;
    this.#tell(passed);
  }

  snapshot(): Snapshot {
    // First, for it may lay the list out, and tell of it.
    const people = this.roster.snapshot();
    return {
      seq: this.#seq,
      tables: {
        app: [this.#app],
        networks: [...networks],
        accounts: [...this.accounts.values()],
        contacts: people,
        groups: [...this.#tables.all("groups")],
        roster: [...this.#tables.all("roster")],
        conversations: [...this.conversations.values()],
        requests: [...this.requests.values()],
        blocked: [...this.blocked.values()],
        settings: [...this.settings.values()],
      },
    };
  }

  nextSeq(): number {
    return this.#messageSeq++;
  }

  putConversation(id: string, change: Partial<ConversationRecord>): void {
    const before = this.conversations.get(id) ?? { id, ...placeOf(id), unread: 0, typing: false };
    const record = { ...before, ...change };
    if (change.unread === 0) delete record.firstUnread;
    this.conversations.set(id, record);
    this.publish([{ op: "put", table: "conversations", id, record }]);
  }

  /** Adds a message at the end. */
  add(message: MessageRecord): void {
    const { id, conversationId, body, at, direction, author } = message;
    this.#keep(message);
    this.publish([{ op: "put", table: "messages", id, record: message }]);
    const before = this.conversations.get(conversationId)?.unread ?? 0;
    this.putConversation(conversationId, {
      last: { text: body, at, direction, author },
      ...(direction === "in" ? { unread: before + 1, ...(before === 0 ? { firstUnread: id } : {}) } : {}),
    });
  }

  change(conversationId: string, messageId: string, fields: Partial<MessageRecord>): MessageRecord {
    const all = this.messages.get(conversationId) ?? [];
    const before = all.find(({ id }) => id === messageId);
    if (before === undefined) throw new HallwayError("not-found");
    const record = { ...before, ...fields };
    this.messages.set(
      conversationId,
      all.map((message) => (message === before ? record : message)),
    );
    this.publish([{ op: "put", table: "messages", id: messageId, record }]);
    return record;
  }

  /** All of it is out of sight; what is younger than the minimum, or held, is kept. */
  hide(conversationId: string, ids: readonly string[] | undefined): Deletion {
    const all = this.messages.get(conversationId) ?? [];
    const gone = all.filter(({ id }) => ids?.includes(id) !== false);
    const held = this.settings.get("LegalHoldSubjects")?.origin === "policy";
    const minimum = Number(this.settings.get("HistoryMinimumDays")?.value ?? 0) * 24 * 3600 * 1000;
    const kept = gone.filter(({ at }) => held || at > Date.now() - minimum);
    this.messages.set(
      conversationId,
      all.filter((message) => !gone.includes(message)),
    );
    this.publish(gone.map(({ id }) => ({ op: "remove", table: "messages", id })));
    const last = kept.at(-1);
    return {
      deleted: gone.length - kept.length,
      kept: kept.length,
      held,
      ...(last === undefined || minimum === 0 ? {} : { until: last.at + minimum }),
    };
  }

  page(id: string, limit: number, where: PageOf): Page {
    const all = this.messages.get(id) ?? [];
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
  }

  #keep(message: MessageRecord): void {
    this.messages.set(message.conversationId, [...(this.messages.get(message.conversationId) ?? []), message]);
  }

  #fillTables(): void {
    const tables = this.#tables;
    for (const record of this.accounts.values()) tables.put("accounts", record);
    for (const record of this.settings.values()) tables.put("settings", record);
    for (const record of this.contacts.values()) tables.put("contacts", record);
    for (const record of this.conversations.values()) tables.put("conversations", record);
    for (const record of this.requests.values()) tables.put("requests", record);
    for (const record of this.blocked.values()) tables.put("blocked", record);
    tables.put("app", this.#app);
  }

  #pass(op: Op): void {
    const ops = this.roster.pass(op);
    if (this.#passed === undefined) this.#tell(ops);
    else this.#passed.push(...ops);
  }

  #tell(ops: readonly Op[]): void {
    if (ops.length > 0) this.#send(ops, ++this.#seq);
  }
}

function settingOf(key: SettingKey, state: FakeState): SettingRecord {
  return {
    id: key,
    value: settings[key].default,
    origin: "default",
    locked: !settings[key].user,
    ...state.settings?.find(({ id }) => id === key),
  };
}
