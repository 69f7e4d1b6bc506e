import type { SettingValue } from "../../../shared/settings/declaration.ts";

/** The kinds of events (setting AuditEvents). */
export type AuditKind = SettingValue<"AuditEvents">[number];

/**
 * Something that happened and that IT must be able to see later. `action` is a word of the kind: policy `changed`
 * `problem` `notice-accepted` `notice-declined` `key-changed`; sign-in `signed-in` `refused` `signed-out`
 * `account-added` `account-removed` `weaker-allowed`; export `started` `finished` `cancelled` `failed`; deletion
 * `retention` `person` `account`; hold `set` `lifted`; content-rule `hit`; certificate-exception `added` `removed`
 * `used`; archive `stopped` `resumed` `destination`. Details hold no message text and no secret.
 */
export interface AuditEvent {
  readonly kind: AuditKind;
  readonly action: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** The append-only log of this device, each entry chained to the one before and signed with the device key. */
export interface Audit {
  /**
   * Appends it, in the order of calls; resolves when it is on disk. Kinds that AuditEvents leaves out are not written.
   * What must not happen unseen (an export's start, deletions, holds) waits for it and does not happen when it rejects;
   * anything else need not wait: while it cannot be written it is kept in memory and tried again, and the promise
   * resolves. Errors, for what must not happen unseen only: `storage-full`, `storage-failed`, `storage-corrupt`,
   * `vault-unavailable`.
   */
  record(event: AuditEvent): Promise<void>;
}
