import type { SettingKey, SettingValue } from "../../../shared/settings/declaration.ts";
import type { Profile } from "../../profile/profile.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import { AuditFeed } from "./audit-feed.ts";
import { headParcel } from "./audit-parcels.ts";
import type { ComplianceFeed } from "./compliance-feed.ts";
import type { FeedPolicy } from "./feed-policy.ts";
import { type ComplianceFeedOptions, openComplianceFeed } from "./open-compliance-feed.ts";

/** Where the effective settings are read and followed. */
interface ReadSettings {
  get<K extends SettingKey>(key: K): SettingValue<K>;
  onChange(keys: readonly SettingKey[], tell: () => void): () => void;
}

/** How servers are reached. */
const reachKeys = [
  "TlsMinVersion",
  "AdditionalTrustAnchors",
  "CertificatePins",
  "RevocationMode",
  "ProxySettings",
] as const;
const archiveKeys = [
  "ArchiveScope",
  "ArchiveDestination",
  "ArchiveFormat",
  "ArchiveRequired",
  "AllowedDomains",
  ...reachKeys,
] as const;

/** Feeds to the organization's servers. */
export interface Feeds {
  /** Feed of the messages. */
  readonly archive: ComplianceFeed;
  /** Ends both of them. */
  close(): Promise<void>;
}

/** Opens the feed to the archive, and the one of the audit log. */
export async function openFeeds(
  options: Omit<ComplianceFeedOptions, "policy" | "audit" | "auditHead" | "onAuditHead" | "progress"> & {
    readonly audit: AuditLog;
    readonly settings: ReadSettings;
    readonly profile: Pick<Profile, "get" | "put">;
    readonly now: () => number;
  },
): Promise<Feeds> {
  const { worker, settings, profile, audit, log, now } = options;
  const reaching = (): string => JSON.stringify(reachKeys.map((key) => settings.get(key)));
  const policy: FeedPolicy = {
    scope: () => settings.get("ArchiveScope"),
    destination: () => settings.get("ArchiveDestination"),
    format: () => settings.get("ArchiveFormat"),
    required: () => settings.get("ArchiveRequired"),
    allowedDomains: () => settings.get("AllowedDomains"),
    reaching,
    onChange: (listener) => settings.onChange(archiveKeys, listener),
  };
  const archive = await openComplianceFeed({
    ...options,
    policy,
    progress: {
      read: () => profile.get("app", "archive-progress"),
      write: (value) => profile.put([{ namespace: "app", key: "archive-progress", value }]),
    },
    // An entry about the archive may wait for the disk; nothing waits for it.
    audit: (event) => void audit.record(event).catch(() => undefined),
    auditHead() {
      const head = audit.head();
      return head && headParcel(head, now());
    },
    onAuditHead: (listener) => audit.onAppended(listener),
  });
  const auditFeed = new AuditFeed({
    audit,
    server: () => settings.get("AuditSyslogServer"),
    reaching,
    reach: options.reach,
    onChange: (listener) => settings.onChange(["AuditSyslogServer", ...reachKeys], listener),
    mark: (name) => worker.call("archive.mark", name),
    setMark: (name, value) => worker.call("archive.setMark", name, value),
    log,
  });
  return {
    archive,
    async close() {
      await auditFeed.close();
      await archive.close();
    },
  };
}
