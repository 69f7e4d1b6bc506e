import type { SettingValue } from "../../shared/settings/declaration.ts";

export type LegalHold = SettingValue<"LegalHoldSubjects">[number];

/** Policy and choices of the person about keeping: plain data, so that it can be handed to the worker that deletes. */
export interface RetentionPolicy {
  /** HistoryRetentionDays; 0: never. */
  readonly retentionDays: number;
  /** HistoryRetentionExternalDays; 0: as the others. */
  readonly externalDays: number;
  /** HistoryMinimumDays. */
  readonly minimumDays: number;
  /** HistoryDeleteEnabled. */
  readonly deleteEnabled: boolean;
  readonly holds: readonly LegalHold[];
  /** AllowedDomains, which count as inside (main/guard/audience.ts). */
  readonly allowedDomains: readonly string[];
}

/** As long as nobody has said what policy is, nothing may go. */
export const keepEverything: RetentionPolicy = {
  retentionDays: 0,
  externalDays: 0,
  minimumDays: 36_500,
  deleteEnabled: false,
  holds: [{ type: "everything", matter: "LegalHoldSubjects" }],
  allowedDomains: [],
};
