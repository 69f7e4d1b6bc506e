import type { ThreadMethods } from "../database/protocol.ts";
import type { HistoryMethods } from "../history/history-methods.ts";
import type { ProfileMethods } from "../profile/profile-methods.ts";
import type { AuditMethods } from "../record/audit/audit-methods.ts";
import type { ArchiveMethods } from "../record/feed/archive-methods.ts";
import type { RemovalMethods } from "../record/retention/removal-methods.ts";

/** Everything that the thread with the databases can be asked (database-thread.ts). */
export interface WorkerMethods
  extends ThreadMethods,
    ProfileMethods,
    HistoryMethods,
    RemovalMethods,
    AuditMethods,
    ArchiveMethods {}
