import { randomBytes } from "node:crypto";
import { HallwayError } from "../../shared/errors.ts";
import {
  changeFiles,
  checkSpace,
  type KeyJournal,
  type KeyPair,
  type Rekeying,
  removeJournal,
  writeJournal,
} from "./key-change.ts";
import type { SecretStore } from "./secret-store.ts";
import { storeKey } from "./stored-key.ts";
import { keyName, passphraseFile, secretStoreFile, type VaultFile, writeVaultFile } from "./vault-file.ts";

/** Where the new key goes: under a passphrase, or into the secret store. */
export type KeyPlace = { readonly passphrase: string } | "secret-store";

/** Gives everything on disk another key. */
export interface KeyedFiles {
  /** One database (main/database/rekey.ts). */
  readonly rekey: Rekeying["rekey"];
  /** Changes the key of everything else that is encrypted with it, as often as it is asked to. */
  readonly rekeyRest: (keys: KeyPair) => Promise<void>;
}

export interface KeyChangerOptions {
  /** The profile's folder, where the databases are. */
  readonly folder: string;
  /** Of vault.json. */
  readonly path: string;
  readonly store: SecretStore;
  readonly files: KeyedFiles;
  /** `progress`: 0 to 1. */
  readonly onProgress: (progress: number) => void;
}

/**
 * The steps of a change of the key; the journal that the first one writes lets another start go on from anywhere among
 * them.
 */
export class KeyChanger {
  readonly #options: KeyChangerOptions;

  constructor(options: KeyChangerOptions) {
    this.#options = options;
  }

  /**
   * Makes the new key and puts it where it goes; nothing has it yet. Errors: `storage-full`, `storage-failed`,
   * `vault-unavailable` (no secret store), `not-allowed`.
   */
  async prepare(
    former: VaultFile,
    old: Uint8Array,
    to: KeyPlace,
  ): Promise<{ readonly journal: KeyJournal; readonly keys: KeyPair }> {
    const { folder, store } = this.#options;
    // What the secret store has under names that only others know would be left behind.
    if (former.kind === "secret-store" && to !== "secret-store") throw new HallwayError("not-allowed");
    await checkSpace(folder);
    const keys: KeyPair = { old, new: new Uint8Array(randomBytes(32)) };
    if (to === "secret-store" && (await store.probe()) !== "available")
      throw new HallwayError("vault-unavailable", { reason: "no-secret-store" });
    const reason = former.kind === "passphrase" ? former.reason : "no-secret-store";
    const next =
      to === "secret-store" ? secretStoreFile(keys.new, former) : await passphraseFile(keys.new, to.passphrase, reason);
    if (next.kind === "secret-store" && !(await storeKey(store, next, keys.new)))
      throw new HallwayError("vault-unavailable", { reason: "key-not-kept" });
    const retired = former.kind === "secret-store" ? keyName(former) : undefined;
    return { journal: await writeJournal(folder, keys, { next, retired }), keys };
  }

  /** Everything gets the new key, and then vault.json says so. Errors: `storage-full`, `storage-failed`. */
  async carryOut({ next }: KeyJournal, keys: KeyPair): Promise<void> {
    await this.#changeAll(keys);
    await writeVaultFile(this.#options.path, next);
  }

  /** Everything gets its old key back. */
  async undo({ next }: KeyJournal, keys: KeyPair): Promise<void> {
    await this.#changeAll({ old: keys.new, new: keys.old });
    await removeJournal(this.#options.folder);
    if (next.kind === "secret-store") await this.#options.store.delete(keyName(next)).catch(() => undefined);
  }

  /** Removes the rest of a change that is done. */
  async forget({ retired }: KeyJournal): Promise<void> {
    const { folder, store } = this.#options;
    try {
      if (retired !== undefined) await store.delete(retired);
      await removeJournal(folder);
    } catch {
      // The journal is still there: the next start finds it and removes the rest.
    }
  }

  async #changeAll(keys: KeyPair): Promise<void> {
    const { folder, files, onProgress } = this.#options;
    onProgress(0);
    await changeFiles(
      { folder, rekey: files.rekey, onProgress: (done, total) => onProgress(total === 0 ? 1 : done / total) },
      keys,
    );
    await files.rekeyRest(keys);
  }
}
