import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Protocol } from "../../shared/model/account.ts";
import type { GovernedNetwork } from "../enforcement/governed-network.ts";
import type { Services } from "../ipc/handlers/handlers.ts";
import type { Log } from "../networks/log.ts";
import type { Profile } from "../profile/profile.ts";
import type { Vault } from "../secrets/vault.ts";
import type { AppStatus } from "../store/app-status.ts";
import type { OpenRecord } from "./open-record.ts";
import type { Workspace } from "./workspace.ts";

/** Parts that exist only while the vault is open; each is there from when it has been opened. */
export interface UnlockedParts {
  profile: Profile | undefined;
  record: OpenRecord | undefined;
  networks: ReadonlyMap<Protocol, GovernedNetwork> | undefined;
  workspace: Workspace | undefined;
}

/** Nothing is open. */
export function nothingUnlocked(): UnlockedParts {
  return { profile: undefined, record: undefined, networks: undefined, workspace: undefined };
}

/** Error: `vault-locked` where there is none. */
export function workspaceOf({ workspace }: Readonly<UnlockedParts>): Workspace {
  if (!workspace) throw new HallwayError("vault-locked");
  return workspace;
}

/** Answers with what requests of the window need, as far as it is open at that moment. */
export function servicesOf(unlocked: Readonly<UnlockedParts>): () => Services {
  return () => workspaceOf(unlocked).services;
}

/**
 * Opens what stands behind the vault once the vault is open:
 *
 *   closed --follow(), and the vault is ready--> opening --> open
 *     ^ ^---------- it cannot be opened ------------/         |
 *     \----------------------- close() -----------------------/
 */
export interface Opening {
  /** Resolves when all of it is open; rejects when it could not be opened this time. */
  readonly opened: Promise<Workspace>;
  /** Shows how the vault stands, and opens what is behind it when it is ready and that has not begun. */
  follow(): void;
  close(): Promise<void>;
}

export interface OpeningParts {
  readonly vault: Pick<Vault, "state" | "key">;
  readonly unlocked: UnlockedParts;
  /** Puts every part into `unlocked` as soon as it is there, for the parts that come after it ask for it. */
  readonly open: (key: Uint8Array) => Promise<Workspace>;
  readonly appStatus: Pick<AppStatus, "vault">;
  readonly log: Log;
}

export function createOpening(parts: OpeningParts): Opening {
  return new OpeningOnce(parts);
}

class OpeningOnce implements Opening {
  readonly #parts: OpeningParts;
  #opened = deferredWorkspace();
  #begun = false;

  constructor(parts: OpeningParts) {
    this.#parts = parts;
  }

  get opened(): Promise<Workspace> {
    return this.#opened.promise;
  }

  follow(): void {
    const { vault, open, appStatus } = this.#parts;
    const { state, key } = vault;
    if (state.state !== "ready" || !key) {
      appStatus.vault(state);
      return;
    }
    if (this.#begun) return;
    this.#begun = true;
    const opening = this.#opened;
    open(key).then(opening.resolve, (error: unknown) => this.#failed(opening, error));
  }

  async close(): Promise<void> {
    const closing = this.#parts.unlocked.workspace;
    this.#clear();
    this.#opened = deferredWorkspace();
    await closing?.close();
    this.#begun = false;
  }

  #failed(opening: PromiseWithResolvers<Workspace>, error: unknown): void {
    const { appStatus, log } = this.#parts;
    log.warn("The profile could not be opened", { error });
    opening.reject(error);
    // It was closed meanwhile, and what stands now is another.
    if (this.#opened !== opening) return;
    this.#clear();
    this.#begun = false;
    appStatus.vault({ state: "failed", error: toErrorInfo(error) });
    this.#opened = deferredWorkspace();
  }

  #clear(): void {
    Object.assign(this.#parts.unlocked, nothingUnlocked());
  }
}

/** A promise whose rejection is no news to whoever does not wait for it. */
function deferredWorkspace(): PromiseWithResolvers<Workspace> {
  const made = Promise.withResolvers<Workspace>();
  made.promise.catch(() => undefined);
  return made;
}
