import type { SettingKey, SettingValue } from "../../../shared/settings/declaration.ts";

/** The settings that policy puts in force. */
export interface PolicyInForce {
  get<K extends SettingKey>(key: K): SettingValue<K>;
  /** Whether a policy names the key. */
  names(key: SettingKey): boolean;
}

/** Consequences of values that are each of the right form; `policy.lint.<id>` says it, with what would be valid. */
export const consequenceIds = [
  "no-method",
  "method-missing",
  "nothing-allowed",
  "no-accounts",
  "account-domain",
  "account-protocol",
  "account-server",
  "account-gap",
  "account-twice",
  "account-address",
  "account-transport",
  "archive-simple",
  "archive-nowhere",
  "archive-nothing",
  "audit-off",
  "kept-nowhere",
  "kept-by-choice",
  "kept-in-scope",
  "minimum-over-retention",
  "end-to-end",
  "allowed-and-blocked",
  "own-domain-blocked",
  "list-empty",
  "list-everyone",
  "allowed-open",
  "bypass-all",
  "unknown-setting",
  "no-scanner",
  "certificate-expired",
  "certificate-early",
  "certificate-issued",
  "pin-unused",
  "rule-unusable",
  "pattern-everything",
  "pattern-nothing",
  "keyword-nothing",
] as const;

/** Something that policy does and does not say, or says and does not do. */
export interface Consequence {
  readonly key: SettingKey;
  readonly id: (typeof consequenceIds)[number];
  /** An error: what IT wants cannot happen. A warning: it may be meant. */
  readonly severity: "error" | "warning";
  /** Parameters that fill the gaps of the sentence. */
  readonly params: Readonly<Record<string, string | number>>;
}

export type ConsequenceRule = (inForce: PolicyInForce, now: number) => readonly Consequence[];

export function error(key: SettingKey, id: Consequence["id"], params: Consequence["params"] = {}): Consequence {
  return { key, id, severity: "error", params };
}

export function warning(key: SettingKey, id: Consequence["id"], params: Consequence["params"] = {}): Consequence {
  return { key, id, severity: "warning", params };
}
