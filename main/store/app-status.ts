import type { ErrorInfo } from "../../shared/errors.ts";
import type { AppRecord, LockedBy } from "../../shared/model/app.ts";
import type { ExportState } from "../../shared/model/export.ts";
import type { SettingRecord } from "../../shared/settings/declaration.ts";
import type { TablesWriter } from "./tables.ts";

/** Writes what is known of the program itself into the live state. */
export interface AppStatus {
  vault(change: {
    readonly state: AppRecord["vault"];
    readonly kind?: AppRecord["vaultKind"];
    readonly progress?: number;
    readonly reason?: AppRecord["vaultReason"];
    readonly error?: ErrorInfo;
  }): void;
  /** Undefined: Hallway is not locked. */
  lock(by: LockedBy | undefined): void;
  notice(error: ErrorInfo): void;
  /** Removes errors with these codes, which are over. */
  settled(codes: readonly ErrorInfo["code"][]): void;
  /** Why the organization's archive keeps messages from being sent; undefined: it does not. */
  archive(blocked: ErrorInfo | undefined): void;
  /** Whether the organization's notice waits to be accepted. */
  notices(state: { readonly pending: boolean }): void;
  /** How the export goes on. */
  exporting(state: ExportState): void;
  /** Why accounts that policy sets up cannot be made here. */
  incomplete(problems: readonly ErrorInfo[]): void;
  settings(records: readonly SettingRecord[]): void;
  /** The policy, or what is wrong with it, has changed. */
  policyChanged(): void;
}

const platforms: readonly AppRecord["platform"][] = ["linux", "darwin", "win32"];

export function createAppStatus(
  tables: TablesWriter,
  about: { readonly version: string; readonly host: AppRecord["host"]; readonly locale: string },
): AppStatus {
  tables.put("app", {
    id: "app",
    ...about,
    platform: platforms.find((name) => name === process.platform) ?? "linux",
    vault: "opening",
    presence: { availability: "available" },
  });
  return {
    vault: ({ state, kind, progress, reason, error }) =>
      void tables.patch("app", "app", {
        vault: state,
        vaultKind: kind ?? null,
        vaultProgress: progress ?? null,
        vaultReason: reason ?? null,
        vaultError: error ?? null,
      }),
    lock: (by) => void tables.patch("app", "app", { lockedBy: by ?? null }),
    notice: (error) => void tables.patch("app", "app", { notice: error }),
    settled(codes) {
      const notice = tables.get("app", "app")?.notice;
      // A worker that has ended does not come back by writing.
      if (notice && codes.includes(notice.code) && notice.params?.["reason"] !== "worker-ended")
        tables.patch("app", "app", { notice: null });
    },
    archive: (blocked) => void tables.patch("app", "app", { archiveBlocked: blocked ?? null }),
    policyChanged: () => void tables.patch("app", "app", { policy: (tables.get("app", "app")?.policy ?? 0) + 1 }),
    notices: ({ pending }) => void tables.patch("app", "app", { noticePending: pending ? true : null }),
    exporting: (state) => void tables.patch("app", "app", { export: state }),
    incomplete(problems) {
      const next = problems.length === 0 ? null : [...problems];
      if (JSON.stringify(tables.get("app", "app")?.incomplete ?? null) !== JSON.stringify(next))
        tables.patch("app", "app", { incomplete: next });
    },
    settings(records) {
      for (const record of records)
        if (JSON.stringify(tables.get("settings", record.id)) !== JSON.stringify(record))
          tables.put("settings", record);
    },
  };
}
