import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import { openHistory } from "../history/open-history.ts";
import { exportWorkerUrl, workerUrl } from "../history/workers.test-helper.ts";
import { openProfile } from "../profile/open-profile.ts";
import { append } from "../record/export/history.test-helper.ts";
import type { SecretStore } from "../secrets/secret-store.ts";
import { createVault } from "../secrets/vault.ts";
import type { PolicySnapshot } from "../settings/sources/source.ts";
import { auditCommand } from "./audit.ts";
import type { CommandResult } from "./command.ts";
import { exportCommand } from "./export.ts";

const passphrase = "battery horse staple";

/** User who runs a command. */
export type Runner = { readonly administrator?: boolean; readonly root?: number };
/** The administrator, who runs it unless a test says otherwise. */
const administrator: Runner = { administrator: true };

/** How a command is run, where a test says otherwise. */
export interface RunOptions {
  readonly runner?: Runner;
  readonly locale?: string;
  readonly stop?: AbortSignal;
}

/** A person's folder and an empty one to export to; both are made anew for each test. */
export class ExportFixture {
  folder = "";
  out = "";
  /** Whether there is a secret store, which keeps the vault's key; without one the passphrase does. */
  withStore = true;
  mandatory: PolicySnapshot["mandatory"] = new Map();
  readonly #kept = new Map<string, string>();
  readonly #secrets: SecretStore = {
    probe: async () => (this.withStore ? "available" : "absent"),
    get: async (name) => (this.withStore ? this.#kept.get(name) : undefined),
    set: async (name, value) => void this.#kept.set(name, value),
    delete: async (name) => void this.#kept.delete(name),
  };

  constructor() {
    beforeEach(async () => {
      await this.begin();
      this.out = await mkdtemp(join(tmpdir(), "hallway-cli-out-"));
      this.withStore = true;
      this.mandatory = new Map();
    });
    afterEach(async () => {
      await rm(this.folder, { recursive: true });
      await rm(this.out, { recursive: true });
    });
  }

  /** Begins with a new folder, of which the secret store knows nothing. */
  async begin(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), "hallway-cli-"));
    this.#kept.clear();
  }

  /** Puts 200 messages into the person's folder. */
  async fill(): Promise<void> {
    const { folder } = this;
    const vault = createVault({ folder, secrets: this.#secrets, profile: () => undefined });
    await vault.open();
    if (vault.state.state === "new") await vault.create(passphrase);
    const worker = startDatabaseWorker(workerUrl);
    const key = vault.key ?? new Uint8Array();
    const onTrouble = (error: unknown): void => console.error(error);
    const history = await openHistory({ worker, folder, key, mode: "encrypted", onTrouble });
    await append(history, 200);
    await history.close();
    await worker.stop();
    vault.close();
  }

  /** Locks Hallway, as the person did before it was closed. */
  async lockHallway(): Promise<void> {
    const { folder } = this;
    const vault = createVault({ folder, secrets: this.#secrets, profile: () => undefined });
    await vault.open();
    if (vault.state.state === "locked") await vault.unlock(passphrase);
    const worker = startDatabaseWorker(workerUrl);
    const key = vault.key ?? new Uint8Array();
    const profile = await openProfile({ worker, folder, key, onTrouble: (error) => console.error(error) });
    await profile.put([{ namespace: "app", key: "lock", value: JSON.stringify({ by: "password", wrong: 0, at: 0 }) }]);
    await profile.close();
    await worker.stop();
    vault.close();
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    const { runner = administrator, locale = "en", stop = new AbortController().signal } = options;
    const { folder, mandatory } = this;
    return exportCommand(args, {
      ...runner,
      folder,
      secrets: this.#secrets,
      policy: {
        read: async () => ({ snapshot: { mandatory, recommended: new Map() }, problems: [], complete: true }),
        watch: () => () => undefined,
      },
      workerUrl,
      exportWorkerUrl,
      version: "0.2.0",
      locale,
      askPassphrase: async () => passphrase,
      progress: () => undefined,
      stop,
      now: Date.now,
    });
  }

  /** Verifies the record of what was done with this folder. */
  audit(): Promise<CommandResult> {
    return auditCommand(["verify", "--json"], {
      folder: this.folder,
      secrets: this.#secrets,
      workerUrl,
      locale: "en",
      askPassphrase: async () => passphrase,
    });
  }
}
