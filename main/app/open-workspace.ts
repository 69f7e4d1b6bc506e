import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import { seenPresence } from "../../shared/model/seen-presence.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import type { Words } from "../../shared/words/words.ts";
import type { PasswordKeeper } from "../accounts/password-keeper.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import type { GovernedDesktop } from "../enforcement/desktop.ts";
import { openFirstMessages } from "../enforcement/first-messages.ts";
import type { TrafficRules } from "../enforcement/governor.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { KeepingPolicy } from "../history/keeping-policy.ts";
import { type ScopeRules, scopeRules } from "../history/scope.ts";
import type { Host } from "../host/host.ts";
import type { AppLock } from "../lock/app-lock.ts";
import type { Log } from "../networks/log.ts";
import { openProfile } from "../profile/open-profile.ts";
import { createExports, type Exports } from "../record/export/exports.ts";
import { keepingPolicy } from "../record/retention/keeping-policy.ts";
import { createRemovals } from "../record/retention/open-removals.ts";
import type { Vault } from "../secrets/vault.ts";
import type { Policies } from "../settings/policies.ts";
import { createProfileUserSettings } from "../settings/profile-user-settings.ts";
import type { AppSettings } from "../settings/settings.ts";
import type { AppFacts } from "../store/app-facts.ts";
import { createBlocklist } from "../store/blocklist.ts";
import type { Gates } from "./gates.ts";
import { createEnvironment, createNetworks, type EnvironmentParts, type NetworkParts } from "./networks.ts";
import { type OpenRecord, openRecord } from "./open-record.ts";
import type { Behind } from "./opening.ts";
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
  readonly facts: AppFacts;
  readonly words: () => Words;
  readonly gates: Gates;
  readonly guard: ContentGuard;
  readonly passwords: PasswordKeeper;
  readonly networks: Pick<NetworkParts, "create"> & Pick<EnvironmentParts, "dns" | "allowCleartext">;
  readonly exports: { readonly workerUrl: URL; readonly version: string };
  readonly desktop: Pick<GovernedDesktop, "startAtLogin">;
  readonly onTrouble: (error: ErrorInfo) => void;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * The vault is open: opens the databases, puts what they hold on the screen, signs in. Errors: those of the profile and
 * the record.
 */
export async function openWorkspace(parts: WorkspaceParts, key: Uint8Array, behind: Behind): Promise<Workspace> {
  const { host, folder, worker, vault, lock, policies, settings, window, facts, words, gates, onTrouble, log, now } =
    parts;
  const { tables, notifier } = window;
  const { get } = settings;
  const scope = (): ScopeRules => scopeRules(get, tables.all("accounts"));
  const keeping = (): KeepingPolicy => keepingPolicy(get, (name) => settings.records([name])[0]?.origin);

  const profile = await openProfile({ worker, folder, key, onTrouble });
  behind.profile = profile;
  await lock.restore(profile, vault.byPassphrase);
  await policies.useKey(key);
  await settings.useStore(createProfileUserSettings(profile));
  parts.desktop.startAtLogin();
  const { create, ...ways } = parts.networks;
  const environment = createEnvironment({
    ...ways,
    get,
    rules: gates.rules.connecting,
    resolveProxy: host.resolveProxy,
    locale: host.locale,
    profile,
    log,
    now,
  });
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
    keeping: keeping(),
    // Until it is known what policy says, it does.
    demandsRecord: (conversationId) => behind.workspace?.keeper.demandsRecord(conversationId) ?? true,
    onTrouble,
    // It can be written again. What was set aside or is gone for good stays told.
    onWell: () => facts.settled(["storage-full", "storage-failed"]),
    log,
    now,
  });
  behind.record = record;
  const { audit, archive, history, notice } = record;
  facts.notices({ pending: notice.pending });
  facts.archive(archive.blocked);
  archive.onChange(() => facts.archive(archive.blocked));
  const blocklist = createBlocklist({
    tables,
    profile,
    now,
    onFailed: (error) => onTrouble(toErrorInfo(error)),
  });
  const traffic: TrafficRules = {
    ...gates.traffic,
    blocked: (accountId, address) => blocklist.covers(accountId, address),
  };
  const networks = createNetworks({ create, environment, traffic });
  // What was heard of them before is out of sight, or in sight again.
  blocklist.changes.add(() => networks.forEach((network) => void network.obey()));
  behind.networks = networks;
  const workspace = createWorkspace({
    tables,
    profile,
    history,
    audit,
    exports: createPersonsExports(parts, key, record),
    keeping: { removals: createRemovals(worker), policy: keeping },
    archive,
    passwords: parts.passwords,
    blocklist,
    networks,
    talk: gates.traffic.talk,
    silenced: gates.traffic.silenced,
    guard: parts.guard,
    choices: choices(get),
    rules: gates.rules,
    provisioned: gates.provisioned,
    notifications: notifier,
    firstMessages: await openFirstMessages({ profile, limit: () => get("OutboundBurstLimit"), now }),
    scope,
    seenAs: (presence, protocol) => seenPresence(presence, protocol, words()),
    retractionText: () => words().t("message.retractionText"),
    onTrouble,
    log,
    now,
  });
  behind.workspace = workspace;
  // A policy may have come while the file was opened.
  if (history.mode !== get("HistoryMode")) await workspace.setHistoryMode(get("HistoryMode"));
  await workspace.start();
  await lock.settle();
  facts.vault({ state: "ready", kind: vault.byPassphrase ? "passphrase" : "secret-store" });
  return workspace;
}

function createPersonsExports(
  parts: WorkspaceParts,
  key: Uint8Array,
  { history, audit, deviceKey }: OpenRecord,
): Exports {
  const { host, words, settings, facts, folder, log, now } = parts;
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
    onState: facts.exporting,
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
