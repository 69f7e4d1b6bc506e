import { join } from "node:path";
import { type ErrorInfo, HallwayError } from "../../shared/errors.ts";
import { knownOf } from "../../shared/passphrase/known.ts";
import { settings as declarations, type SettingKey } from "../../shared/settings/declaration.ts";
import { createWords, languageFor } from "../../shared/words/words.ts";
import { createAccountPasswords } from "../accounts/account-passwords.ts";
import { watchIdle } from "../accounts/own-presence.ts";
import { collectGarbage } from "../diagnostics/collect-garbage.ts";
import { governDesktop } from "../enforcement/desktop.ts";
import type { Host } from "../host/host.ts";
import { createDispatcher } from "../ipc/dispatch.ts";
import { createHandlers, type Services } from "../ipc/handlers/handlers.ts";
import { createAppLock } from "../lock/app-lock.ts";
import { watchForLock } from "../lock/idle-lock.ts";
import { createProof } from "../lock/proof.ts";
import type { DnsResolver } from "../networks/dns.ts";
import type { Log } from "../networks/log.ts";
import { readSystemAnchors } from "../networks/system-anchors.ts";
import { createVault } from "../secrets/vault.ts";
import { createPolicies } from "../settings/policies.ts";
import type { SystemPerson } from "../settings/provisioning.ts";
import { createSettings } from "../settings/settings.ts";
import { rekeySnapshot } from "../settings/snapshot-file.ts";
import type { PolicySource } from "../settings/sources/source.ts";
import { createAppStatus } from "../store/app-status.ts";
import { createAccessRules } from "./access-rules.ts";
import { governContent } from "./content.ts";
import { createKeyChange } from "./key-change.ts";
import type { CreateNetworks } from "./networks.ts";
import { openWorkspace } from "./open-workspace.ts";
import { createOpening } from "./opening.ts";
import { createPolicyApplier } from "./policy-applier.ts";
import { startDatabaseWorker } from "./start-database-worker.ts";
import { createAppWindow } from "./window.ts";

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
  readonly networks?: CreateNetworks;
}

export interface App {
  /** Shows the window and opens the vault; resolves when the window stands. */
  start(): Promise<void>;
  /** Signs out, writes what is left, closes everything. */
  stop(): Promise<void>;
  /** Resolves when it has been stopped, whoever asked for that: the window, the desktop, a signal. */
  readonly stopped: Promise<void>;
  /** Resolves when the vault is open: what requests of the window are answered by. */
  services(): Promise<Services>;
}

/** Makes every part and hands each its collaborators. Nothing here decides anything else. */
export function createApp(options: AppOptions): App {
  const { host, folder, dns, version, allowCleartext, log, now } = options;
  const snapshotPath = join(folder, "policy.snapshot");
  const worker = startDatabaseWorker(options.workerUrl);
  const policies = createPolicies({
    source: options.policy,
    snapshotPath,
    ...(options.policySettle === undefined ? {} : { settle: options.policySettle }),
  });
  const settings = createSettings({ declarations, policies });
  const { get } = settings;
  const words = (): ReturnType<typeof createWords> => createWords(languageFor(get("Language"), host.locale));
  const collect = (): void => {
    collectGarbage();
    host.collectGarbage?.();
    worker.call("collectGarbage").catch(() => undefined);
  };
  const window = createAppWindow({ host, words, get, lockedBy: () => lock.lockedBy, collect });
  const { tables } = window;
  const appStatus = createAppStatus(tables, { version, host: host.name, locale: host.locale });
  const onTrouble = (error: ErrorInfo): void => {
    log.warn("Something is wrong on this computer", { code: error.code });
    appStatus.notice(error);
  };

  /** Words about the person that others know. */
  const known = (): readonly string[] =>
    knownOf(
      get("OrganizationName"),
      [...tables.all("accounts")].map(({ address }) => address),
    );
  const vault = createVault({
    folder,
    known,
    secrets: host.secrets,
    profile: () => unlocked.profile,
    files: {
      rekey: (...file) => worker.call("rekey", ...file),
      rekeyRest: ({ old, new: next }) => rekeySnapshot(snapshotPath, old, next),
    },
  });
  const lock = createAppLock({
    proof: createProof({ vault, accounts: () => opening.workspace().accounts.passwordCheck }),
    now,
    onChange() {
      window.covered();
      appStatus.lock(lock.lockedBy);
    },
  });
  // Those that are not stored live as long as the program, whatever is closed meanwhile.
  const passwords = createAccountPasswords(
    vault.passwords,
    () => get("PasswordSaveEnabled"),
    () => policies.snapshot.unread === undefined,
  );
  const isUsable = (key: SettingKey): boolean => settings.records([key])[0]?.error === undefined;
  const accessRules = createAccessRules({
    get,
    isUsable,
    policies,
    notice: () => unlocked.record?.notice,
    tables,
    person: options.person,
    onIncomplete: appStatus.incomplete,
    log,
  });
  const guard = governContent({ get, words, appStatus, audit: () => unlocked.record?.audit, log });
  const desktop = governDesktop(host, get, log);

  /** Parts that exist whether the vault is open or not. */
  const programParts = {
    host,
    folder,
    worker,
    policies,
    settings,
    words,
    window,
    appStatus,
    vault,
    lock,
    passwords,
    accessRules,
    guard,
    desktop,
    onTrouble,
    log,
    now,
  };
  const networks = { create: options.networks, dns, allowCleartext };
  const exports = { workerUrl: options.exportWorkerUrl, version };
  const opening = createOpening({
    vault,
    appStatus,
    log,
    open: (key, opened) => openWorkspace({ ...programParts, networks, exports }, key, opened),
  });
  const { unlocked } = opening;
  const policyApplier = createPolicyApplier({ ...programParts, unlocked });
  const changeKey = createKeyChange({
    vault,
    known,
    close: opening.close,
    onTrouble,
    onChanged: () =>
      void opening.opened
        .then(() =>
          unlocked.record?.audit.record({
            kind: "policy",
            action: "key-changed",
            details: { by: vault.byPassphrase ? "passphrase" : "secret-store" },
          }),
        )
        .catch(() => undefined),
    reopen() {
      // What the window has open is not open any more: it asks again.
      window.renew();
      opening.follow();
    },
  });
  const idleLock = watchForLock({
    host,
    minutes: () => get("IdleLockMinutes"),
    now,
    lock: () => void lock.lock().catch((error: unknown) => log.debug("There is nothing to lock", { error })),
    ...(options.lockPoll === undefined ? {} : { every: options.lockPoll }),
  });

  const dispatch = createDispatcher({
    handlers: createHandlers({
      ...programParts,
      changeKey,
      snapshot: window.snapshot,
      roster: window.roster,
      attention: window.attention,
      activity: idleLock.input,
      quit: () => void app.stop(),
      // The vault may be open and what is behind it not.
      retry: async () => (vault.state.state === "ready" ? opening.follow() : await vault.open()),
      async acceptNotice(version, language) {
        if (!unlocked.record) throw new HallwayError("vault-locked");
        await unlocked.record.notice.accept(version, language);
        policyApplier.applyPolicy();
      },
      async declineNotice(version, language) {
        if (!unlocked.record) throw new HallwayError("vault-locked");
        await unlocked.record.notice.decline(version, language);
      },
      services: () => opening.workspace().services,
    }),
    allowed: (setting) => get(setting) === true,
    locked: () => lock.lockedBy !== undefined,
    reply: (reply) => host.send(reply),
    log,
  });

  const stopped = Promise.withResolvers<void>();
  let stopping: Promise<void> | undefined;
  const disposers: (() => void)[] = [idleLock.dispose];
  const app: App = {
    async start() {
      disposers.push(
        host.onCall(dispatch),
        host.onQuit(() => void app.stop()),
        host.onWake(() => unlocked.workspace?.accounts.check()),
        watchIdle(host, now, (apply) => unlocked.workspace?.accounts.setAutomatic(apply)),
        vault.onChange(opening.follow),
        policyApplier.watch(),
      );
      void readSystemAnchors();
      await policies.start();
      appStatus.settings(settings.records());
      desktop.restrict();
      const [shown] = await Promise.allSettled([host.showWindow(), vault.open()]);
      if (shown.status === "fulfilled") return;
      // A program without a window would hold the folder, and send everybody who starts it again to a window that is
      // not there.
      await app.stop();
      throw shown.reason;
    },
    stopped: stopped.promise,
    services: async () => (await opening.opened).services,
    stop() {
      stopping ??= (async () => {
        for (const dispose of disposers) dispose();
        await unlocked.workspace?.close().catch((error: unknown) => log.warn("Closing was not clean", { error }));
        settings.close();
        policies.close();
        vault.close();
        window.close();
        await worker.stop();
        await host.quit();
        stopped.resolve();
      })();
      return stopping;
    },
  };
  return app;
}

/** File of the log inside a person's folder. */
export function logPath(folder: string): string {
  return join(folder, "logs", "hallway.log");
}
