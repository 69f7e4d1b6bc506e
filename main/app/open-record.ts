import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import { Notice } from "../enforcement/notice.ts";
import type { History } from "../history/history.ts";
import type { RetentionPolicy } from "../history/keeping-policy.ts";
import { openHistory } from "../history/open-history.ts";
import type { ScopeRules } from "../history/scope.ts";
import type { ServerReach } from "../networks/dial-host.ts";
import type { Log } from "../networks/log.ts";
import type { Profile } from "../profile/profile.ts";
import type { AuditLog } from "../record/audit/audit-log.ts";
import { openAudit } from "../record/audit/open-audit.ts";
import { PolicyAudit } from "../record/audit/policy-audit.ts";
import { sealNothing } from "../record/audit/seal.ts";
import { type Feeds, openFeeds } from "../record/feed/open-feeds.ts";
import { historyFeed } from "../record/feed/recorded.ts";
import { createRemovals } from "../record/retention/open-removals.ts";
import { createRetention, type Retention } from "../record/retention/retention.ts";
import { type DeviceKey, openDeviceKey } from "../secrets/device-key.ts";
import type { Secrets } from "../secrets/secrets.ts";
import type { Policies } from "../settings/policies.ts";
import type { AppSettings } from "../settings/settings.ts";
import type { Tables } from "../store/tables.ts";
import type { WorkerMethods } from "./worker-methods.ts";

/** The record of this device: what was said, what happened, and what leaves for the organization. */
export interface OpenRecord {
  readonly deviceKey: DeviceKey;
  readonly audit: AuditLog;
  /** Writes down what policy says now, where that is not what it said before. */
  readonly lookAtPolicy: () => Promise<void>;
  readonly notice: Notice;
  readonly feeds: Feeds;
  readonly history: History;
  readonly retention: Retention;
}

/**
 * Opens the audit log, the feeds and the history, each with what it needs of those before it; what is open is closed
 * again when another cannot be opened. Errors: `storage-full`, `storage-failed`, `vault-unavailable`.
 */
export async function openRecord(parts: {
  readonly worker: DatabaseWorker<WorkerMethods>;
  readonly folder: string;
  /** 32 bytes, from the vault. */
  readonly key: Uint8Array;
  readonly secrets: Secrets;
  readonly profile: Profile;
  readonly settings: AppSettings;
  readonly policies: Policies;
  readonly tables: Tables;
  /** How the organization's own servers are reached. */
  readonly reach: ServerReach;
  readonly scope: () => ScopeRules;
  /** Policy about keeping and deleting, as of now. */
  readonly retentionPolicy: () => RetentionPolicy;
  readonly onTrouble: (error: ErrorInfo) => void;
  readonly onWell: () => void;
  readonly log: Log;
  readonly now: () => number;
}): Promise<OpenRecord> {
  const { settings, profile, secrets, policies, tables, now } = parts;
  const open: { close(): Promise<void> }[] = [];
  const account = (id: string) => {
    const record = tables.get("accounts", id);
    return { network: record?.protocol, own: record?.address };
  };
  try {
    const deviceKey = await openDeviceKey(secrets, () => sealNothing(secrets));
    const audit = await openAudit({
      ...parts,
      deviceKey,
      kinds: () => settings.get("AuditEvents"),
      enabled: () => settings.get("AuditHashChainEnabled"),
    });
    open.unshift(audit);
    const policyAudit = new PolicyAudit({ policies, profile, audit });
    await policyAudit.look();
    const notice = await Notice.open({ profile, notice: () => settings.get("ComplianceNotice"), audit, now });
    const record = Promise.withResolvers<History>();
    const feeds = await openFeeds({ ...parts, account, audit, record: record.promise });
    const { archive } = feeds;
    open.unshift(feeds);
    const retention = createRetention({
      removals: createRemovals(parts.worker),
      profile,
      audit,
      policy: parts.retentionPolicy,
      own: () => new Map([...tables.all("accounts")].map(({ id, address }) => [id, address])),
      onFailed: (error) => parts.onTrouble(toErrorInfo(error)),
      now,
    });
    const history = await openHistory({
      ...parts,
      retention: parts.retentionPolicy(),
      mode: settings.get("HistoryMode"),
      // Retention or a hold demands a record; what goes to the archive is one, too.
      rules: retention,
      feed: historyFeed(archive, account),
    });
    record.resolve(history);
    return { deviceKey, audit, lookAtPolicy: () => policyAudit.look(), notice, feeds, history, retention };
  } catch (error) {
    for (const one of open) await one.close().catch(() => undefined);
    throw error;
  }
}
