import type { Op, Snapshot, Update } from "../../shared/ipc/updates.ts";
import type { AppRecord } from "../../shared/model/app.ts";

/** Settings that the lock page is drawn from: its looks, and whom to ask. */
const shownSettings: ReadonlySet<string> = new Set([
  "Theme",
  "Language",
  "OrganizationName",
  "SupportContact",
  "ScreenCaptureEnabled",
  "ClipboardEnabled",
]);
/** The rest of the record tells what the person is doing, or names a file or an address. */
const shownFields = [
  "id",
  "version",
  "platform",
  "host",
  "locale",
  "vault",
  "vaultProgress",
  "vaultReason",
  "lockedBy",
] as const satisfies readonly (keyof AppRecord)[];
const shown: ReadonlySet<string> = new Set(shownFields);

/** The state as a locked window may know it: nothing of people, messages and accounts. */
export function lockedSnapshot({ seq, tables }: Snapshot): Snapshot {
  return {
    seq,
    tables: {
      app: tables.app.map(bare),
      networks: [],
      accounts: [],
      contacts: [],
      groups: [],
      roster: [],
      conversations: [],
      requests: [],
      blocked: [],
      settings: tables.settings.filter(({ id }) => shownSettings.has(id)),
    },
  };
}

/** An update with what a locked window may know of it; it keeps its number, so that none is missed. */
export function lockedUpdate({ seq, ops }: Update): Update {
  return { seq, ops: ops.flatMap((op) => lockedOp(op)) };
}

function lockedOp(op: Op): Op[] {
  if (op.table === "settings") return shownSettings.has(op.id) ? [op] : [];
  if (op.table !== "app" || op.op === "remove") return [];
  if (op.op === "put") return [{ ...op, record: bare(op.record) }];
  return [{ ...op, fields: Object.fromEntries(Object.entries(op.fields).filter(([name]) => shown.has(name))) }];
}

function bare(record: AppRecord): AppRecord {
  const { id, version, platform, host, locale, vault, vaultReason, lockedBy } = record;
  return {
    id,
    version,
    platform,
    host,
    locale,
    vault,
    presence: { availability: "available" },
    ...(vaultReason === undefined ? {} : { vaultReason }),
    ...(lockedBy === undefined ? {} : { lockedBy }),
  };
}
