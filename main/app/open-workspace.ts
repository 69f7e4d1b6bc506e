import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import { seenPresence } from "../../shared/model/seen-presence.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import type { Words } from "../../shared/words/words.ts";
import type { AccountPasswords } from "../accounts/account-passwords.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import type { GovernedDesktop } from "../enforcement/desktop.ts";
import { FirstMessages } from "../enforcement/first-messages.ts";
import type { TrafficRules } from "../enforcement/governor.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import { currentScope } from "../history/scope.ts";
import type { Host } from "../host/host.ts";
import type { AppLock } from "../lock/app-lock.ts";
import type { StageHook } from "../messaging/stage.ts";
import type { Log } from "../networks/log.ts";
import { openProfile } from "../profile/open-profile.ts";
import type { Profile } from "../profile/profile.ts";
import { createExports, type Exports } from "../record/export/exports.ts";
import { retentionPolicy } from "../record/retention/retention-policy.ts";
import type { Vault } from "../secrets/vault.ts";
import type { Policies } from "../settings/policies.ts";
import { createProfileUserSettings } from "../settings/profile-user-settings.ts";
import type { AppSettings } from "../settings/settings.ts";
import type { AppStatus } from "../store/app-status.ts";
import { createBlocklist } from "../store/blocklist.ts";
import { publishNetworks } from "../store/publish-networks.ts";
import type { AccessRules } from "./access-rules.ts";
import { createEnvironment, createNetworks, type EnvironmentParts, type NetworkParts } from "./networks.ts";
import { type OpenRecord, openRecord } from "./open-record.ts";
import type { UnlockedParts } from "./opening.ts";
import type { AppWindow } from "./window.ts";
import type { WorkerMethods } from "./worker-methods.ts";
import { createWorkspace, type Workspace, type WorkspaceChoices } from "./workspace.ts";

interface WorkspaceParts {
  readonly host: Host;
  /** Where this person's files are. */
  readonly folder: string;
  readonly worker: DatabaseWorker<WorkerMethods>;
  readonly vault: Vault;
  readonly lock: AppLock;
  readonly policies: Policies;
  readonly settings: AppSettings;
  readonly window: AppWindow;
  readonly appStatus: AppStatus;
  readonly words: () => Words;
  readonly accessRules: AccessRules;
  readonly guard: ContentGuard;
  readonly passwords: AccountPasswords;
  readonly networks: Pick<NetworkParts, "create"> & Pick<EnvironmentParts, "dns" | "allowCleartext">;
  readonly exports: { readonly workerUrl: URL; readonly version: string };
  readonly hook: StageHook | undefined;
  readonly desktop: Pick<GovernedDesktop, "startAtLogin">;
  readonly onTrouble: (error: ErrorInfo) => void;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * The vault is open: opens the databases, puts what they hold on the screen, signs in. Errors: those of the profile and
 * the record.
 */
export async function openWorkspace(
  parts: WorkspaceParts,
  key: Uint8Array,
  unlocked: UnlockedParts,
): Promise<Workspace> {
  const { folder, worker, vault, lock, policies, settings, appStatus, accessRules, onTrouble, log, now } = parts;
  const { tables, notifier } = parts.window;
  const { get } = settings;
  const scope = currentScope(get, tables);

  const profile = await openProfile({ worker, folder, key, onTrouble });
  unlocked.profile = profile;
  await lock.restore(profile, vault.byPassphrase);
  await policies.useKey(key);
  await settings.useStore(createProfileUserSettings(profile));
  parts.desktop.startAtLogin();
  const environment = environmentOf(parts, profile);
  const record = await openRecord({
    worker,
    folder,
    key,
    secrets: vault.deviceSecrets,
    profile,
    settings,
    policies,
    tables,
    reach: environment,
    scope,
    retentionPolicy: () => retentionPolicy(get, (name) => settings.records([name])[0]?.origin),
    onTrouble,
    // It can be written again. What was set aside or is gone for good stays told.
    onWell: () => appStatus.settled(["storage-full", "storage-failed"]),
    log,
    now,
  });
  unlocked.record = record;
  const { audit, feeds, history, retention, notice } = record;
  const { archive } = feeds;
  appStatus.notices({ pending: notice.pending });
  appStatus.archive(archive.blocked);
  archive.onChange(() => appStatus.archive(archive.blocked));
  const blocklist = createBlocklist({
    tables,
    profile,
    now,
    onFailed: (error) => onTrouble(toErrorInfo(error)),
  });
  const traffic: TrafficRules = {
    ...accessRules.traffic,
    blocklist,
  };
  const networks = createNetworks({ create: parts.networks.create, environment, traffic });
  // What was heard of them before is out of sight, or in sight again.
  blocklist.changes.add(() => networks.forEach((network) => void network.applyPolicy()));
  unlocked.networks = networks;
  publishNetworks(tables, networks.values());
  const workspace = createWorkspace({
    tables,
    profile,
    history,
    audit,
    exports: createPersonsExports(parts, key, record),
    retention,
    feeds,
    passwords: parts.passwords,
    blocklist,
    networks,
    talk: accessRules.traffic.talk,
    silenced: accessRules.traffic.silenced,
    guard: parts.guard,
    choices: choices(get),
    rules: accessRules.rules,
    provisioned: accessRules.provisioned,
    notifications: notifier,
    firstMessages: await FirstMessages.open({ profile, limit: () => get("OutboundBurstLimit"), now }),
    scope,
    seenAs: (presence, protocol) => seenPresence(presence, networks.get(protocol)?.description, parts.words()),
    retractionText: () => parts.words().t("message.retractionText"),
    hook: parts.hook,
    onTrouble,
    log,
    now,
  });
  unlocked.workspace = workspace;
  // A policy may have come while the file was opened.
  if (history.mode !== get("HistoryMode")) await workspace.setHistoryMode(get("HistoryMode"));
  await workspace.start();
  await lock.settle();
  appStatus.vault({ state: "ready", kind: vault.byPassphrase ? "passphrase" : "secret-store" });
  return workspace;
}

/** Means by which connections are made. */
function environmentOf(parts: WorkspaceParts, profile: Profile): ReturnType<typeof createEnvironment> {
  const { host, settings, accessRules, log, now } = parts;
  const { create: _, ...ways } = parts.networks;
  return createEnvironment({
    ...ways,
    get: settings.get,
    rules: accessRules.rules.connecting,
    resolveProxy: host.resolveProxy,
    locale: host.locale,
    profile,
    log,
    now,
  });
}

function createPersonsExports(
  parts: WorkspaceParts,
  key: Uint8Array,
  { history, audit, deviceKey }: OpenRecord,
): Exports {
  const { host, words, settings, appStatus, folder, log, now } = parts;
  return createExports({
    ...parts.exports,
    history,
    audit,
    deviceKey,
    folder,
    key,
    words,
    allowed: () => settings.get("HistoryExportEnabled"),
    chooseFolder: () => host.chooseFolder(words().t("export.chooseFolder")),
    showFolder: host.showFolder && ((path) => host.showFolder?.(path) ?? Promise.resolve()),
    onState: appStatus.exporting,
    log,
    now,
  });
}

function choices(get: ReadSetting): WorkspaceChoices {
  return {
    sendReceipts: () => get("ReceiptsEnabled"),
    sendTyping: () => get("TypingNotificationsEnabled"),
    lookAlikes: () => get("LookAlikeWarningsEnabled"),
    domains: () => get("AllowedDomains").filter((domain) => !domain.startsWith("*")),
    harvestDefense: () => get("HarvestDefenseEnabled"),
    strangers: { mode: () => get("StrangerMode"), content: () => get("StrangerContentMode") },
  };
}
