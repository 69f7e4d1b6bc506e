import type { AuditEnd, AuditStoreOptions } from "./audit-store.ts";
import type { AuditEntry, AuditPosition, UnchainedEntry } from "./entry.ts";

/** The audit log in the thread with the databases. */
export interface AuditMethods {
  "audit.open": { readonly args: readonly [options: AuditStoreOptions]; readonly result: AuditEnd };
  "audit.append": {
    readonly args: readonly [after: number, events: readonly UnchainedEntry[]];
    readonly result: AuditEnd;
  };
  "audit.read": {
    readonly args: readonly [after: AuditPosition, limit: number];
    readonly result: readonly AuditEntry[];
  };
  "audit.close": { readonly args: readonly []; readonly result: undefined };
}
