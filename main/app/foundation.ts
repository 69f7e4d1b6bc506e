import { join } from "node:path";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { Op } from "../../shared/ipc/updates.ts";
import { Listeners } from "../../shared/listeners.ts";
import { knownOf } from "../../shared/passphrase/known.ts";
import { settings as declarations } from "../../shared/settings/declaration.ts";
import { createWords, languageFor, type Words } from "../../shared/words/words.ts";
import { AccountPasswords } from "../accounts/account-passwords.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import { collectGarbage } from "../diagnostics/collect-garbage.ts";
import { type GovernedDesktop, governDesktop } from "../enforcement/desktop.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { Host } from "../host/host.ts";
import { type AppLock, createAppLock } from "../lock/app-lock.ts";
import { createProof } from "../lock/proof.ts";
import type { Log } from "../networks/log.ts";
import { createVault, type Vault } from "../secrets/vault.ts";
import { createPolicies, type Policies } from "../settings/policies.ts";
import { type AppSettings, createSettings } from "../settings/settings.ts";
import { rekeySnapshot } from "../settings/snapshot-file.ts";
import { type AppStatus, createAppStatus } from "../store/app-status.ts";
import { createTables } from "../store/tables.ts";
import { type AccessRules, createAccessRules } from "./access-rules.ts";
import type { AppOptions } from "./app-options.ts";
import { governContent } from "./content.ts";
import { DesktopLinks } from "./desktop-links.ts";
import { type UnlockedParts, workspaceOf } from "./opening.ts";
import { startDatabaseWorker } from "./start-database-worker.ts";
import { type AppWindow, createAppWindow } from "./window.ts";
import type { WorkerMethods } from "./worker-methods.ts";

/** The parts that are there whether the vault is open or not. */
export interface Foundation {
  readonly host: Host;
  readonly folder: string;
  readonly worker: DatabaseWorker<WorkerMethods>;
  readonly policies: Policies;
  readonly settings: AppSettings;
  readonly words: () => Words;
  readonly window: AppWindow;
  readonly appStatus: AppStatus;
  readonly vault: Vault;
  readonly lock: AppLock;
  readonly links: DesktopLinks;
  readonly passwords: AccountPasswords;
  readonly accessRules: AccessRules;
  readonly guard: ContentGuard;
  readonly desktop: GovernedDesktop;
  /** Words about the person that others know. */
  readonly known: () => readonly string[];
  readonly onTrouble: (error: ErrorInfo) => void;
  readonly log: Log;
  readonly now: () => number;
}

/** `unlocked`: what stands behind the vault, as far as it is open at each moment. */
export function createFoundation(options: AppOptions, unlocked: Readonly<UnlockedParts>): Foundation {
  const { host, folder, version, log, now } = options;
  const snapshotPath = join(folder, "policy.snapshot");
  const worker = startDatabaseWorker(options.workerUrl);
  const policies = createPolicies({
    source: options.policy,
    snapshotPath,
    ...(options.policySettle === undefined ? {} : { settle: options.policySettle }),
  });
  const settings = createSettings({ declarations, policies });
  const { get } = settings;
  const words = (): Words => createWords(languageFor(get("Language"), host.locale));
  const ops = new Listeners<Op>();
  const tables = createTables((op) => ops.emit(op));
  const appStatus = createAppStatus(tables, { version, host: host.name, locale: host.locale });
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
    proof: createProof({ vault, accounts: () => workspaceOf(unlocked).accounts.passwordCheck }),
    now,
  });
  const window = createAppWindow({ host, tables, ops, words, get, lock, collect: () => giveBackMemory(host, worker) });
  lock.changes.add((by) => {
    window.covered();
    appStatus.lock(by);
  });
  const links = new DesktopLinks({
    ...{ host, log, now },
    // A chat can be shown: unlocked, with an account, and no notice of the organization before it.
    isReady: () =>
      lock.lockedBy === undefined &&
      unlocked.workspace !== undefined &&
      unlocked.record?.notice.pending !== true &&
      !tables.all("accounts")[Symbol.iterator]().next().done,
  });
  ops.add((op) => {
    if (op.table === "accounts") links.handLater();
  });
  return {
    ...{ host, folder, worker, policies, settings, words, window, appStatus, vault, lock, links, known, log, now },
    // Those that are not stored live as long as the program, whatever is closed meanwhile.
    passwords: new AccountPasswords({
      store: vault.passwords,
      mayStore: () => get("PasswordSaveEnabled"),
      isKnown: () => policies.snapshot.unread === undefined,
    }),
    accessRules: createAccessRules({
      ...{ get, policies, tables, log },
      isUsable: (key) => settings.records([key])[0]?.error === undefined,
      notice: () => unlocked.record?.notice,
      person: options.person,
      onIncomplete: appStatus.incomplete,
    }),
    guard: governContent({ get, words, appStatus, audit: () => unlocked.record?.audit, log }),
    desktop: governDesktop(host, get, log),
    onTrouble(error) {
      log.warn("Something is wrong on this computer", { code: error.code });
      appStatus.notice(error);
    },
  };
}

function giveBackMemory(host: Host, worker: DatabaseWorker<WorkerMethods>): void {
  collectGarbage();
  host.collectGarbage?.();
  worker.call("collectGarbage").catch(() => undefined);
}
