import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Protocol } from "../../shared/model/account.ts";
import type { GovernedNetwork } from "../enforcement/governed-network.ts";
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

/**
 * Opens what stands behind the vault once the vault is open:
 *
 *   closed --follow(), and the vault is ready--> opening --> open
 *     ^ ^---------- it cannot be opened ------------/         |
 *     \----------------------- close() -----------------------/
 */
export interface Opening {
  /** As far as it is open now. */
  readonly unlocked: Readonly<UnlockedParts>;
  /** Resolves when all of it is open; rejects when it could not be opened this time. */
  readonly opened: Promise<Workspace>;
  /** Throws `vault-locked` where there is none. */
  workspace(): Workspace;
  /** Shows how the vault stands, and opens what is behind it when it is ready and that has not begun. */
  follow(): void;
  close(): Promise<void>;
}

/** `open` puts every part into `behind` as soon as it is there, for the parts that come after it ask for it. */
export function createOpening(parts: {
  readonly vault: Pick<Vault, "state" | "key">;
  readonly open: (key: Uint8Array, unlocked: UnlockedParts) => Promise<Workspace>;
  readonly appStatus: Pick<AppStatus, "vault">;
  readonly log: Log;
}): Opening {
  const { vault, open, appStatus, log } = parts;
  const unlocked: UnlockedParts = { profile: undefined, record: undefined, networks: undefined, workspace: undefined };
  let opened = withQuietRejection();
  let begun = false;

  function clear(): void {
    Object.assign(unlocked, {
      profile: undefined,
      record: undefined,
      networks: undefined,
      workspace: undefined,
    } satisfies UnlockedParts);
  }

  return {
    unlocked,
    get opened() {
      return opened.promise;
    },
    workspace() {
      if (!unlocked.workspace) throw new HallwayError("vault-locked");
      return unlocked.workspace;
    },
    follow() {
      const { state, key } = vault;
      if (state.state !== "ready" || !key) {
        appStatus.vault(state);
        return;
      }
      if (begun) return;
      begun = true;
      open(key, unlocked).then(
        (workspace) => opened.resolve(workspace),
        (error: unknown) => {
          log.warn("The profile could not be opened", { error });
          clear();
          begun = false;
          appStatus.vault({ state: "failed", error: toErrorInfo(error) });
          opened.reject(error);
          opened = withQuietRejection();
        },
      );
    },
    async close() {
      const closing = unlocked.workspace;
      clear();
      opened = withQuietRejection();
      await closing?.close();
      begun = false;
    },
  };
}

/** A promise whose rejection is no news to whoever does not wait for it. */
function withQuietRejection(): PromiseWithResolvers<Workspace> {
  const made = Promise.withResolvers<Workspace>();
  made.promise.catch(() => undefined);
  return made;
}
