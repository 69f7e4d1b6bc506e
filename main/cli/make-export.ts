import { existsSync } from "node:fs";
import { join } from "node:path";
import { HallwayError } from "../../shared/errors.ts";
import { settings } from "../../shared/settings/declaration.ts";
import type { Words } from "../../shared/words/words.ts";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import { lockInstance } from "../instance/lock.ts";
import { isLocked } from "../lock/app-lock.ts";
import { openProfile } from "../profile/open-profile.ts";
import type { Profile } from "../profile/profile.ts";
import { openAudit } from "../record/audit/open-audit.ts";
import { sealNothing } from "../record/audit/seal.ts";
import { auditedExport } from "../record/export/audited-export.ts";
import { userName } from "../record/export/exports.ts";
import { removeLeftovers } from "../record/export/pending.ts";
import type { ExportCounts } from "../record/export/run-export.ts";
import { openDeviceKey } from "../secrets/device-key.ts";
import type { SecretStore } from "../secrets/secret-store.ts";
import { createVault } from "../secrets/vault.ts";
import { exportAuthority } from "../settings/export-authority.ts";
import { readReport } from "../settings/report.ts";
import type { ExportRequest } from "./export-arguments.ts";
import { openVault } from "./open-vault.ts";

/** Surroundings that an export on the command line works with. */
export interface ExportMachine {
  /** The person's folder. */
  readonly folder: string;
  readonly secrets: SecretStore;
  /** The machine's policy: it says what is written to the audit log. */
  readonly policy: Parameters<typeof readReport>[0];
  /** True when the user who runs it is the administrator of the system. */
  readonly administrator?: boolean;
  /** Whom files of the administrator belong to: root. Absent: nobody can say. */
  readonly root?: number;
  /** The history worker's file, and the export worker's. */
  readonly workerUrl: URL;
  readonly exportWorkerUrl: URL;
  readonly version: string;
  readonly askPassphrase: (prompt: string) => Promise<string | undefined>;
  /** Told how far it is. */
  readonly progress: (messages: number, total: number | undefined) => void;
  /** Aborted: it is stopped, and nothing of it is left. */
  readonly stop: AbortSignal;
}

/**
 * Exports what is kept of a person, by IT: also what the person deleted and a rule keeps, whatever HistoryExportEnabled
 * says, and on record as made by IT, by whose leave. The person alone cannot have it made: it takes the administrator
 * of the system or an authorization (export-authority.ts). A locked Hallway stays so, unless the passphrase is given or
 * the authorization says otherwise. Hallway must not run: the audit log has one writer. Undefined: it was stopped.
 * Errors: `export-not-authorized`, `app-locked`, `export-busy` (Hallway runs), `export-nothing`, those of the vault, of
 * the audit log and of `startExport`.
 */
export async function makeExport(
  request: ExportRequest,
  machine: ExportMachine,
  words: Words,
): Promise<ExportCounts | undefined> {
  const { folder } = machine;
  const path = join(folder, "history.db");
  const report = await readReport(machine.policy, settings);
  const authority = await exportAuthority({
    administrator: machine.administrator === true,
    user: process.env["SUDO_USER"] ?? userName(),
    owner: userName(),
    file: request.authorization,
    publicKey: report.complete ? report.resolved.get("PolicyPublicKey")?.value : undefined,
    root: machine.root,
    now: Date.now(),
  });
  if (!existsSync(path)) throw new HallwayError("export-nothing");
  const release = await lockInstance(folder, () => undefined);
  if (!release) throw new HallwayError("export-busy");
  const closers: (() => unknown)[] = [release];
  try {
    const worker = startDatabaseWorker(machine.workerUrl);
    closers.push(() => worker.stop());
    let profile: Profile | undefined;
    const vault = createVault({ folder, secrets: machine.secrets, profile: () => profile });
    closers.push(() => vault.close());
    const key = await openVault(vault, () => machine.askPassphrase(words.t("audit.cli.passphrase")));
    profile = await openProfile({ worker, folder, key, onTrouble: () => undefined });
    const opened = profile;
    closers.push(() => opened.close());
    const deviceKey = await openDeviceKey(vault.deviceSecrets, () => sealNothing(vault.deviceSecrets));
    const audit = await openAudit({
      worker,
      folder,
      key,
      deviceKey,
      secrets: vault.deviceSecrets,
      // Both were checked against these declarations.
      kinds: () =>
        (report.resolved.get("AuditEvents")?.value ??
          settings.AuditEvents.restricted) as typeof settings.AuditEvents.restricted,
      enabled: () => report.resolved.get("AuditHashChainEnabled")?.value !== false,
      onTrouble: () => undefined,
      onWell: () => undefined,
      now: Date.now,
    });
    closers.push(() => audit.close());
    // Where the passphrase was typed to get here, the person is there, or IT knows it: nothing is left to show.
    if ((await isLocked(opened)) && !vault.byPassphrase && !authority.evenIfLocked) {
      const details = { by: "it", user: userName(), authorizedBy: authority.who, error: "app-locked" };
      await audit.record({ kind: "export", action: "refused", details });
      throw new HallwayError("app-locked");
    }
    await removeLeftovers(folder);
    const running = await auditedExport({
      audit,
      workerUrl: machine.exportWorkerUrl,
      profileFolder: folder,
      target: request.out,
      query: request.query,
      format: request.format,
      locale: words.locale,
      maker: {
        madeBy: "it",
        user: userName(),
        authorizedBy: authority.who,
        version: machine.version,
        publicKey: deviceKey.publicKey,
      },
      deviceKey,
      source: { kind: "file", path, key },
      onProgress: machine.progress,
    });
    machine.stop.addEventListener("abort", () => running.cancel(), { once: true });
    if (machine.stop.aborted) running.cancel();
    return await running.result;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
