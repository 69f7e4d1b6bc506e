import { join } from "node:path";
import { type ErrorInfo, HallwayError, toErrorInfo } from "../shared/errors.ts";
import type { Protocol } from "../shared/model/account.ts";
import { domainOf } from "../shared/model/address.ts";
import type { OwnPresence } from "../shared/model/presence.ts";
import { settings as declarations } from "../shared/settings/declaration.ts";
import { createWords, languageFor } from "../shared/words/words.ts";
import type { Accounts } from "./accounts/accounts.ts";
import { watchIdle } from "./accounts/own-presence.ts";
import { createPasswordKeeper } from "./accounts/password-keeper.ts";
import { fillProvisioned, type ProvisionedAccount, type SystemPerson, systemPerson } from "./accounts/provisioning.ts";
import { governDesktop } from "./enforcement/desktop.ts";
import { createSilence } from "./enforcement/end-to-end.ts";
import { createFederation, type Federation } from "./enforcement/federation.ts";
import { createGateways } from "./enforcement/gateways.ts";
import { type GovernedNetwork, governNetwork } from "./enforcement/governed-network.ts";
import { createProxyChoice } from "./enforcement/proxy.ts";
import { blocked, createAccountRules } from "./enforcement/rules.ts";
import { createContentGuard } from "./guard/pipeline.ts";
import { startDatabaseWorker } from "./history/database-worker.ts";
import { createExports } from "./history/export/exports.ts";
import { openProfile } from "./history/open-profile.ts";
import type { Profile } from "./history/profile.ts";
import { keepingPolicy, keepingSettings } from "./history/retention/keeping-policy.ts";
import { createRemovals } from "./history/retention/open-removals.ts";
import type { KeepingPolicy } from "./history/retention/rules.ts";
import { createScope, type ScopeRules, scopeRules } from "./history/scope.ts";
import type { Host } from "./host/host.ts";
import { createDispatcher } from "./ipc/dispatch.ts";
import { createHandlers } from "./ipc/handlers/handlers.ts";
import { createPublisher } from "./ipc/publish.ts";
import { createKeyChange } from "./key-change.ts";
import { createAppLock } from "./lock/app-lock.ts";
import { watchForLock } from "./lock/idle-lock.ts";
import { lockedSnapshot, lockedUpdate } from "./lock/locked-view.ts";
import { createProof } from "./lock/proof.ts";
import type { DnsResolver, Log, Network, NetworkEnvironment } from "./networks/network.ts";
import { createProxyFinder } from "./networks/proxy/proxy.ts";
import { createRoutedDns, createTunnel } from "./networks/proxy/tunnel.ts";
import { createRevocationCheck } from "./networks/revocation/revocation.ts";
import { createSimpleNetwork } from "./networks/simple/network.ts";
import { createXmppNetwork } from "./networks/xmpp/network.ts";
import { type Attention, createNotifier } from "./notifications.ts";
import { type OpenRecord, openRecord } from "./open-record.ts";
import { createVault } from "./secrets/vault.ts";
import { createPolicies } from "./settings/policies.ts";
import { createProfileUserSettings } from "./settings/profile-user-settings.ts";
import { createSettings } from "./settings/settings.ts";
import { rekeySnapshot } from "./settings/snapshot-file.ts";
import type { PolicySource } from "./settings/sources/source.ts";
import { createAppFacts } from "./store/app-facts.ts";
import { createTables } from "./store/tables.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** Everything that differs between the product, the tests and the demo. */
export interface AppOptions {
  readonly host: Host;
  /** Where this person's files are. */
  readonly folder: string;
  readonly policy: PolicySource;
  /** How long a policy must be left alone before it is read again, in milliseconds; 5 s. */
  readonly policySettle?: number;
  /** How often it is looked whether the person is still there, in milliseconds; 5 s. */
  readonly lockPoll?: number;
  readonly dns: DnsResolver;
  /** The history worker's file. */
  readonly workerUrl: URL;
  /** The thread that makes an export. */
  readonly exportWorkerUrl: URL;
  readonly version: string;
  readonly log: Log;
  readonly now: () => number;
  /** Cleartext connections to these hosts; `() => false` in the product. */
  readonly allowCleartext: (host: string) => boolean;
  /** Whom policy ProvisionedAccounts takes the person for; as the system has them when absent. */
  readonly person?: SystemPerson;
  /** The networks that accounts sign in to; XMPP and SIMPLE when absent. */
  readonly networks?: (environment: NetworkEnvironment) => ReadonlyMap<Protocol, Network>;
}

export interface App {
  /** Shows the window and opens the vault; resolves when the window stands. */
  start(): Promise<void>;
  /** Signs out, writes what is left, closes everything. */
  stop(): Promise<void>;
  /** Resolves when it has been stopped, whoever asked for that: the window, the desktop, a signal. */
  readonly stopped: Promise<void>;
  /** Resolves when the vault is open and accounts can be used. */
  accounts(): Promise<Accounts>;
}

/** Makes every part and hands each its collaborators. Nothing here decides anything else. */
export function createApp(options: AppOptions): App {
  const { host, folder, log, now } = options;
  const publisher = createPublisher((update) => {
    host.send({ kind: "update", update: lock.lockedBy ? lockedUpdate(update) : update });
    if (update.ops.some((op) => op.table === "conversations")) host.setBadge([...tables.all("conversations")].reduce((sum, { unread }) => sum + unread, 0));
  });
  const tables = createTables((op) => {
    publisher.add(op);
    if (op.op === "put" && op.table === "accounts") notifier.account(op.record);
  });
  const facts = createAppFacts(tables, { version: options.version, host: host.name, locale: host.locale });
  let opened = Promise.withResolvers<Workspace>();
  opened.promise.catch(() => undefined);
  const stopped = Promise.withResolvers<void>();
  let workspace: Workspace | undefined;
  let attention: Attention = { focused: false };
  let stopping: Promise<void> | undefined;

  let profile: Profile | undefined;
  let record: OpenRecord | undefined;
  let governed: readonly GovernedNetwork[] = [];
  const snapshotPath = join(folder, "policy.snapshot");
  const vault = createVault({
    folder,
    secrets: host.secrets,
    profile: () => profile,
    files: {
      rekey: (...file) => worker.call("rekey", ...file),
      rekeyRest: ({ old, new: next }) => rekeySnapshot(snapshotPath, old, next),
    },
  });
  const lock = createAppLock({
    proof: createProof({ vault, accounts: () => live().accounts.passwordCheck }),
    now,
    onChange() {
      if (lock.lockedBy) {
        attention = { focused: false };
        host.clearNotifications();
      }
      // The window asks for everything again, and is given what it may know now.
      publisher.skip();
      facts.lock(lock.lockedBy);
    },
  });
  const policies = createPolicies({
    source: options.policy,
    snapshotPath,
    ...(options.policySettle === undefined ? {} : { settle: options.policySettle }),
  });
  const settings = createSettings({ declarations, policies });
  // Those that are not stored live as long as the program, whatever is closed meanwhile.
  const passwords = createPasswordKeeper(vault.passwords, () => settings.get("PasswordSaveEnabled"));
  const worker = startDatabaseWorker(options.workerUrl);

  function trouble(error: ErrorInfo): void {
    log.warn("Something is wrong on this computer", { code: error.code });
    facts.notice(error);
  }

  /** It can be written again. What was set aside or is gone for good stays told. */
  function well(): void {
    facts.settled(["storage-full", "storage-failed"]);
  }

  function live(): Workspace {
    if (!workspace) throw new HallwayError("vault-locked");
    return workspace;
  }

  const words = (): ReturnType<typeof createWords> => createWords(languageFor(settings.get("Language"), host.locale));
  const guard = createContentGuard({
    policy: {
      rules: () => settings.get("ContentRules"),
      failureMode: () => settings.get("ContentFailureMode"),
      linkMode: () => settings.get("LinkMode"),
      allowedDomains: () => settings.get("AllowedDomains"),
    },
    notice: ({ finding, rule, message }) => words().t("content.withheld", { finding: message ?? words().t(`content.finding.${finding}`), rule }),
    onHit({ parties, rule, ...hit }) {
      log.info("A rule for messages found something", { ...hit, rule });
      void record?.audit.record({ kind: "content-rule", action: "hit", details: { rule: rule ?? null, ...hit, own: parties.own ?? null, peer: parties.peer } });
    },
    onBroken(broken) {
      for (const { path, rule, error } of broken) log.warn("A rule for messages cannot be applied", { path, rule: rule.name, error });
      const [first] = broken;
      if (first) facts.notice({ code: "policy-invalid", params: { setting: "ContentRules", path: first.path } });
      else facts.settled(["policy-invalid"]);
    },
  });
  const notifier = createNotifier({
    host,
    tables,
    words,
    attention: () => attention,
    enabled: () => settings.get("NotificationsEnabled"),
    preview: () => settings.get("NotificationPreviewEnabled"),
    open(conversationId, messageId) {
      void host.showWindow().then(() => lock.lockedBy ?? host.send({ kind: "command", command: { name: "open-conversation", conversationId, messageId } }));
    },
    locked: () => lock.lockedBy !== undefined,
    showWindow: () => void host.showWindow(),
    openSettings() {
      void host.showWindow().then(() => host.send({ kind: "command", command: { name: "open-settings" } }));
    },
  });

  const rules = createAccountRules(settings.get, () => {
    if (!policies.connectionsAllowed) return blocked("PolicyRequired");
    return record?.notice.pending === false ? undefined : blocked("ComplianceNotice");
  });

  const gateways = createGateways(settings.get);
  const federation = createFederation(settings.get, () => [...tables.all("accounts")].map(({ address }) => domainOf(address)));
  const talk: Federation = (address, own) => gateways.refusal(address) ?? federation(address, own);

  const proxyFor = createProxyChoice(settings.get);
  const silenced = createSilence(settings.get);

  /** Away is told in any case; for how long the person has been idle only where that is wanted. */
  function shown({ idleSince, ...presence }: OwnPresence): OwnPresence {
    return idleSince === undefined || !settings.get("IdleSharingEnabled") ? presence : { ...presence, idleSince };
  }

  function provisioned(): readonly ProvisionedAccount[] {
    const { accounts, problems } = fillProvisioned(settings.get("ProvisionedAccounts"), options.person ?? systemPerson());
    for (const problem of problems) log.warn("A provisioned account cannot be made", { ...problem });
    return accounts;
  }

  /** Policy has changed, or the notice was accepted: everything that stands has to obey. */
  function obey(): void {
    facts.notices({ pending: record?.notice.pending ?? false });
    for (const network of governed) network.obey();
    workspace?.exports.obey();
    const accounts = workspace?.accounts;
    void accounts?.obey().catch((error: unknown) => trouble(toErrorInfo(error)));
    void accounts?.provision(provisioned()).catch((error: unknown) => trouble(toErrorInfo(error)));
  }

  function environment(current: Profile): NetworkEnvironment {
    const dns = createRoutedDns(options.dns, proxyFor);
    const tunnel = createTunnel({
      choose: proxyFor,
      find: createProxyFinder(host.resolveProxy, process.env),
      trust: () => settings.get("AdditionalTrustAnchors"),
    });
    return {
      dns,
      tunnel,
      revocation: createRevocationCheck({ mode: () => settings.get("RevocationMode"), dns, tunnel, now }),
      log,
      now,
      get extraTrust() {
        return settings.get("AdditionalTrustAnchors");
      },
      get minTlsVersion() {
        return settings.get("TlsMinVersion") === "1.3" ? ("TLSv1.3" as const) : ("TLSv1.2" as const);
      },
      rules: rules.connecting,
      allowCleartext: options.allowCleartext,
      cache: { get: (key) => current.get("network-cache", key), set: (key, value) => current.put([{ namespace: "network-cache", key, value }]) },
    };
  }

  const scope = (): ScopeRules => scopeRules(settings.get, tables.all("accounts"));
  const keeping = (): KeepingPolicy => keepingPolicy(settings.get, (key) => settings.records([key])[0]?.origin);

  /** Until it is known what policy says, it does. */
  const demandsRecord = (conversationId: string): boolean => workspace?.parts.keeper.demandsRecord(conversationId) ?? true;

  /** The vault is open: open the databases, put what they hold on the screen, sign in. */
  async function openWorkspace(key: Uint8Array): Promise<void> {
    const kept = await openProfile({ worker, folder, key, onTrouble: trouble });
    profile = kept;
    await lock.restore(kept, vault.byPassphrase);
    await policies.useKey(key);
    await settings.useStore(createProfileUserSettings(kept));
    desktop.startAtLogin();
    record = await openRecord({
      worker,
      folder,
      key,
      secrets: vault.deviceSecrets,
      profile: kept,
      settings,
      policies,
      tables,
      scope,
      keeping: keeping(),
      demandsRecord,
      onTrouble: trouble,
      onWell: well,
      log,
      now,
    });
    const { deviceKey, audit, archive, history, notice } = record;
    facts.notices({ pending: notice.pending });
    facts.archive(archive.blocked);
    archive.onChange(() => facts.archive(archive.blocked));
    const networks = new Map(
      [...(options.networks ?? createNetworks)(environment(kept))].map(([protocol, network]) => [
        protocol,
        governNetwork(network, { talk, learnGateway: gateways.learn, silenced, shown }),
      ]),
    );
    governed = [...networks.values()];
    const made = createWorkspace({
      tables,
      profile: kept,
      history,
      audit,
      exports: createExports({
        history,
        audit,
        deviceKey,
        folder,
        key,
        workerUrl: options.exportWorkerUrl,
        version: options.version,
        words,
        allowed: () => settings.get("HistoryExportEnabled"),
        chooseFolder: () => host.chooseFolder(words().t("export.chooseFolder")),
        showFolder: host.showFolder && ((path) => host.showFolder?.(path) ?? Promise.resolve()),
        onState: facts.exporting,
        log,
        now,
      }),
      keeping: { removals: createRemovals(worker), policy: keeping },
      archive,
      passwords,
      networks,
      talk,
      silenced,
      guard,
      choices: {
        sendReceipts: () => settings.get("ReceiptsEnabled"),
        sendTyping: () => settings.get("TypingNotificationsEnabled"),
        lookAlikes: () => settings.get("LookAlikeWarningsEnabled"),
        domains: () => settings.get("AllowedDomains").filter((domain) => !domain.startsWith("*")),
        harvestDefense: () => settings.get("HarvestDefenseEnabled"),
        strangers: { mode: () => settings.get("StrangerMode"), content: () => settings.get("StrangerContentMode") },
        newPeople: () => settings.get("OutboundBurstLimit"),
      },
      rules,
      provisioned,
      onArrivals: notifier.arrived,
      onFailed: notifier.failed,
      onChanged: notifier.changed,
      inScope: (conversationId) => createScope(scope())(conversationId),
      retractionText: () => words().t("message.retractionText"),
      onTrouble: trouble,
      log,
      now,
    });
    workspace = made;
    // A policy may have come while the file was opened.
    if (history.mode !== settings.get("HistoryMode")) await made.setHistoryMode(settings.get("HistoryMode"));
    await made.start();
    await lock.settle();
    facts.vault({ state: "ready", kind: vault.byPassphrase ? "passphrase" : "secret-store" });
    opened.resolve(made);
  }

  const desktop = governDesktop(host, settings.get, log);
  let opening = false;
  function follow(): void {
    const { state, key } = vault;
    if (state.state !== "ready" || !key) {
      facts.vault(state);
      return;
    }
    if (opening) return;
    opening = true;
    openWorkspace(key).catch((error: unknown) => {
      log.warn("The profile could not be opened", { error });
      workspace = undefined;
      profile = undefined;
      record = undefined;
      opening = false;
      facts.vault({ state: "failed", error: toErrorInfo(error) });
      opened.reject(error);
      opened = Promise.withResolvers<Workspace>();
      opened.promise.catch(() => undefined);
    });
  }

  const changeKey = createKeyChange({
    vault,
    async close() {
      const closing = workspace;
      workspace = undefined;
      profile = undefined;
      record = undefined;
      opened = Promise.withResolvers<Workspace>();
      opened.promise.catch(() => undefined);
      await closing?.close();
      opening = false;
    },
    onTrouble: trouble,
    onChanged: () =>
      void opened.promise
        .then(() => record?.audit.record({ kind: "policy", action: "key-changed", details: { by: vault.byPassphrase ? "passphrase" : "secret-store" } }))
        .catch(() => undefined),
    reopen() {
      // What the window has open is not open any more: it asks again.
      publisher.skip();
      follow();
    },
  });

  const dispatch = createDispatcher({
    handlers: createHandlers({
      snapshot() {
        const snapshot = { seq: publisher.flush(), tables: tables.snapshot() };
        return lock.lockedBy ? lockedSnapshot(snapshot) : snapshot;
      },
      lock,
      changeKey,
      activity: () => idleLock.input(),
      attention(next) {
        attention = next;
      },
      quit: () => void app.stop(),
      // The vault may be open and what is behind it not.
      retry: async () => (vault.state.state === "ready" ? follow() : await vault.open()),
      host,
      vault,
      settings,
      policies,
      guard,
      async acceptNotice(version, language) {
        if (!record) throw new HallwayError("vault-locked");
        await record.notice.accept(version, language);
        obey();
      },
      workspace: live,
    }),
    allowed: (setting) => settings.get(setting) === true,
    locked: () => lock.lockedBy !== undefined,
    reply: (reply) => host.send(reply),
    log,
  });

  const idleLock = watchForLock({
    host,
    minutes: () => settings.get("IdleLockMinutes"),
    now,
    lock: () => void lock.lock().catch((error: unknown) => log.debug("There is nothing to lock", { error })),
    ...(options.lockPoll === undefined ? {} : { every: options.lockPoll }),
  });

  const disposers: (() => void)[] = [idleLock.dispose];
  const app: App = {
    async start() {
      disposers.push(
        host.onCall(dispatch),
        host.onQuit(() => void app.stop()),
        host.onWake(() => workspace?.accounts.check()),
        watchIdle(host, now, (apply) => workspace?.accounts.setAutomatic(apply)),
        vault.onChange(follow),
        settings.onChange(undefined, (keys) => facts.settings(settings.records(keys))),
        settings.onChange(["ContentRules", "AllowedDomains"], () => guard.changed()),
        settings.onChange(["PresenceSharing"], () => obey()),
        settings.onChange(["AuditHashChainEnabled", "AuditEvents"], () => {
          record?.audit.obey();
          void record?.lookAtPolicy().catch((error: unknown) => trouble(toErrorInfo(error)));
        }),
        settings.onChange(["IdleSharingEnabled"], () => workspace?.accounts.announce()),
        settings.onChange(["StrangerContentMode"], () => workspace?.showStrangers()),
        settings.onChange(keepingSettings, () => {
          void workspace?.parts.keeper.obey().catch((error: unknown) => trouble(toErrorInfo(error)));
        }),
        settings.onChange(["ClipboardEnabled", "ScreenCaptureEnabled"], desktop.restrict),
        settings.onChange(["StartAtLogin"], desktop.startAtLogin),
        settings.onChange(["HistoryMode", "HistoryScope", "AllowedDomains"], () => {
          void workspace?.setHistoryMode(settings.get("HistoryMode")).catch((error: unknown) => trouble(toErrorInfo(error)));
        }),
        policies.onChange(() => {
          for (const problem of policies.problems) log.warn("Policy problem", { ...problem });
          void record?.lookAtPolicy().catch((error: unknown) => trouble(toErrorInfo(error)));
          facts.policyChanged();
          obey();
        }),
      );
      await policies.start();
      facts.settings(settings.records());
      desktop.restrict();
      const [shown] = await Promise.allSettled([host.showWindow(), vault.open()]);
      if (shown.status === "rejected") throw shown.reason;
    },
    stopped: stopped.promise,
    accounts: async () => (await opened.promise).accounts,
    stop() {
      stopping ??= (async () => {
        for (const dispose of disposers) dispose();
        await workspace?.close().catch((error: unknown) => log.warn("Closing was not clean", { error }));
        settings.close();
        policies.close();
        vault.close();
        publisher.close();
        await worker.stop();
        await host.quit();
        stopped.resolve();
      })();
      return stopping;
    },
  };
  return app;
}

function createNetworks(environment: NetworkEnvironment): ReadonlyMap<Protocol, Network> {
  return new Map<Protocol, Network>([
    ["xmpp", createXmppNetwork(environment)],
    ["simple", createSimpleNetwork(environment)],
  ]);
}

/** File of the log inside a person's folder. */
export function logPath(folder: string): string {
  return join(folder, "logs", "hallway.log");
}
