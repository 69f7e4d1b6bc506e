import type { Op, RecordOf, Snapshot, TableName } from "../../shared/ipc/updates.ts";
import { contactOf } from "../../shared/model/conversation-contact.ts";
import type { ConversationId, ConversationPlace } from "../../shared/model/conversation-id.ts";

/** The tables that are held in memory; `messages` lives in the history and only passes through. */
export type LiveTable = Exclude<TableName, "messages">;

/** Reads the live state. Records are never changed in place. */
export interface Tables {
  get<T extends LiveTable>(table: T, id: RecordOf<T>["id"]): RecordOf<T> | undefined;
  all<T extends LiveTable>(table: T): IterableIterator<RecordOf<T>>;
  size(table: LiveTable): number;
  /** Everything but the people, of whom the window has those that it shows (main/store/roster). */
  snapshot(): Omit<Snapshot["tables"], "contacts">;
}

/** Writes the live state; handed only to the files of main/store. Every write reaches the publisher. */
export interface TablesWriter extends Tables {
  put<T extends LiveTable>(table: T, record: RecordOf<T>): void;
  /**
   * Replaces the named fields (null removes one); no effect and no update where nothing changes. Returns the record.
   */
  patch<T extends LiveTable>(
    table: T,
    id: RecordOf<T>["id"],
    fields: { [K in keyof RecordOf<T>]?: RecordOf<T>[K] | null },
  ): RecordOf<T> | undefined;
  remove(table: LiveTable, id: string): void;
  /** A message of an open conversation, for the renderer only. */
  publishMessage(record: RecordOf<"messages">): void;
  /** It is out of sight. */
  unpublishMessage(id: string): void;
  /** Some of a conversation, or of all, is out of sight, or in sight again. */
  forgetMessages(of: ConversationId | "all"): void;
}

const liveTables: readonly LiveTable[] = [
  "app",
  "networks",
  "accounts",
  "contacts",
  "groups",
  "roster",
  "conversations",
  "requests",
  "blocked",
  "settings",
];

/** Makes empty tables; `onOp` hears of every change, in order. */
export function createTables(onOp: (op: Op) => void): TablesWriter {
  const maps = new Map<LiveTable, Map<string, unknown>>(liveTables.map((name) => [name, new Map<string, unknown>()]));

  // The one place where a table's name is joined to its record type: the map of a table only ever holds its records.
  function map<T extends LiveTable>(table: T): Map<string, RecordOf<T>> {
    return maps.get(table) as Map<string, RecordOf<T>>;
  }

  const tables: TablesWriter = {
    get: (table, id) => map(table).get(id),
    all: (table) => map(table).values(),
    size: (table) => map(table).size,
    snapshot: () => ({
      app: [...map("app").values()],
      networks: [...map("networks").values()],
      accounts: [...map("accounts").values()],
      groups: [...map("groups").values()],
      roster: [...map("roster").values()],
      conversations: [...map("conversations").values()],
      requests: [...map("requests").values()],
      blocked: [...map("blocked").values()],
      settings: [...map("settings").values()],
    }),
    put(table, record) {
      map(table).set(record.id, record);
      onOp({ op: "put", table, id: record.id, record } as Op);
    },
    patch(table, id, fields) {
      const old = map(table).get(id);
      if (!old) return undefined;
      const changed = Object.entries(fields).filter(
        ([name, value]) => !same((old as Record<string, unknown>)[name], value ?? undefined),
      );
      if (changed.length === 0) return old;
      const next: Record<string, unknown> = { ...old };
      for (const [name, value] of changed) {
        if (value === null || value === undefined) delete next[name];
        else next[name] = value;
      }
      map(table).set(id, next as RecordOf<typeof table>);
      onOp({
        op: "patch",
        table,
        id,
        fields: Object.fromEntries(changed.map(([name, value]) => [name, value ?? null])),
      } as Op);
      return map(table).get(id);
    },
    remove(table, id) {
      if (map(table).delete(id)) onOp({ op: "remove", table, id });
    },
    publishMessage(record) {
      onOp({ op: "put", table: "messages", id: record.id, record });
    },
    unpublishMessage(id) {
      onOp({ op: "remove", table: "messages", id });
    },
    forgetMessages(of) {
      onOp({ op: "forget", table: "messages", id: of });
    },
  };
  return tables;
}

/**
 * Place of a conversation: out of its record, else out of that of the contact that it is with; undefined: there is
 * neither.
 */
export function placeIn(tables: Pick<Tables, "get">, id: ConversationId): ConversationPlace | undefined {
  const record = tables.get("conversations", id);
  if (record) return { accountId: record.accountId, kind: record.kind, address: record.address };
  const contact = contactOf(id, (contactId) => tables.get("contacts", contactId));
  return contact && { accountId: contact.accountId, kind: "direct", address: contact.address };
}

/** Equality of JSON values: records hold nothing else. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (
    typeof a !== "object" ||
    typeof b !== "object" ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  )
    return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
