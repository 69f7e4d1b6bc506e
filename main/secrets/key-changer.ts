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

/**
 * The steps of a change of the key; the journal that the first one writes lets another start go on from anywhere among
 * them.
 */
export interface KeyChanger {
  /**
   * Makes the new key and puts it where it goes; nothing has it yet. Errors: `storage-full`, `storage-failed`,
   * `vault-unavailable` (no secret store), `not-allowed`.
   */
  prepare(
    former: VaultFile,
    old: Uint8Array,
    to: KeyPlace,
  ): Promise<{ readonly journal: KeyJournal; readonly keys: KeyPair }>;
  /** Everything gets the new key, and then vault.json says so. Errors: `storage-full`, `storage-failed`. */
  carryOut(journal: KeyJournal, keys: KeyPair): Promise<void>;
  /** Everything gets its old key back. */
  undo(journal: KeyJournal, keys: KeyPair): Promise<void>;
  /** Removes the rest of a change that is done. When that fails, the next start does it. */
  forget(journal: KeyJournal): Promise<void>;
}

export function createKeyChanger(parts: {
  /** The profile's folder, where the databases are. */
  readonly folder: string;
  /** Of vault.json. */
  readonly path: string;
  readonly store: SecretStore;
  readonly files: KeyedFiles;
  /** `progress`: 0 to 1. */
  readonly onProgress: (progress: number) => void;
}): KeyChanger {
  const { folder, path, store, files, onProgress } = parts;

  async function changeAll(keys: KeyPair): Promise<void> {
    onProgress(0);
    await changeFiles(
      { folder, rekey: files.rekey, onProgress: (done, total) => onProgress(total === 0 ? 1 : done / total) },
      keys,
    );
    await files.rekeyRest(keys);
  }

  return {
    async prepare(former, old, to) {
      // What the secret store has under names that only others know would be left behind.
      if (former.kind === "secret-store" && to !== "secret-store") throw new HallwayError("not-allowed");
      await checkSpace(folder);
      const keys: KeyPair = { old, new: new Uint8Array(randomBytes(32)) };
      if (to === "secret-store" && (await store.probe()) !== "available")
        throw new HallwayError("vault-unavailable", { reason: "no-secret-store" });
      const reason = former.kind === "passphrase" ? former.reason : "no-secret-store";
      const next =
        to === "secret-store"
          ? secretStoreFile(keys.new, former)
          : await passphraseFile(keys.new, to.passphrase, reason);
      if (next.kind === "secret-store" && !(await storeKey(store, next, keys.new)))
        throw new HallwayError("vault-unavailable", { reason: "key-not-kept" });
      const retired = former.kind === "secret-store" ? keyName(former) : undefined;
      return { journal: await writeJournal(folder, keys, { next, retired }), keys };
    },
    async carryOut({ next }, keys) {
      await changeAll(keys);
      await writeVaultFile(path, next);
    },
    async undo({ next }, keys) {
      await changeAll({ old: keys.new, new: keys.old });
      await removeJournal(folder);
      if (next.kind === "secret-store") await store.delete(keyName(next)).catch(() => undefined);
    },
    async forget({ retired }) {
      try {
        if (retired !== undefined) await store.delete(retired);
        await removeJournal(folder);
      } catch {
        // As above.
      }
    },
  };
}
