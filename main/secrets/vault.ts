import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Profile } from "../profile/profile.ts";
import { encryptedFiles } from "./encrypted-files.ts";
import { bothKeys, type KeyJournal, type KeyPair, readJournal } from "./key-change.ts";
import { createKeyChanger, type KeyChanger, type KeyedFiles, type KeyPlace } from "./key-changer.ts";
import { requireStrength } from "./passphrase-rule.ts";
import type { SecretStore } from "./secret-store.ts";
import { createSecrets, type Secrets } from "./secrets.ts";
import { storedKey, storeKey } from "./stored-key.ts";
import {
  type PassphraseReason,
  passphraseFile,
  readVaultFile,
  type StoreFile,
  secretStoreFile,
  unwrapKey,
  type VaultFile,
  writeVaultFile,
} from "./vault-file.ts";

/** State for the app record (shared/model/app.ts): `error` becomes vaultError, `reason` vaultReason. */
export type VaultState =
  | { readonly state: "opening" }
  | { readonly state: "new"; readonly reason: PassphraseReason }
  | { readonly state: "locked"; readonly reason: PassphraseReason }
  /** Files get another key. `progress`: 0 to 1. */
  | { readonly state: "changing"; readonly progress: number }
  | { readonly state: "ready" }
  | { readonly state: "failed"; readonly error: ErrorInfo; readonly reason?: PassphraseReason };

/**
 * Holds the one key that everything on disk is encrypted with.
 *
 *              secret store works, first start
 *   opening ----------------------------------------> ready
 *      |  \--- secret store has the key ------------->  ^ ^
 *      |                                    create(p)   | |
 *      |--- first start, no secret store ---> new ------/ |
 *      |                                    unlock(p)     |
 *      |--- key is wrapped by a passphrase -> locked -----/
 *      |
 *      \--- the key should be there and is not ----> failed --open()--> opening
 *
 * From `ready` a change of the key leads over `changing` back to `ready`; from `opening` or `locked` a change that was
 * broken off (key-change.ts) is finished first.
 *
 * It never begins anew over a profile that is there: without the old key it fails and says so.
 */
export interface Vault {
  readonly state: VaultState;
  /** 32 bytes; undefined until `ready`. */
  readonly key: Uint8Array | undefined;
  /** Of accounts, by the account's id. */
  readonly passwords: Secrets;
  /** Secrets that belong to this device and not to an account: its key, the head of its audit chain. */
  readonly deviceSecrets: Secrets;
  /** The key is wrapped under a passphrase, which the person knows. */
  readonly byPassphrase: boolean;
  /** Whether this is the passphrase. Errors: `not-allowed` (there is none). */
  verify(passphrase: string): Promise<boolean>;
  /** Looks what there is; again, after it failed. Does not reject: see `state`. */
  open(): Promise<void>;
  /** In state `new`. Errors: `passphrase-weak`, `not-allowed` in another state, `storage-full`, `storage-failed`. */
  create(passphrase: string): Promise<void>;
  /** In state `locked`. Errors: `vault-wrong-passphrase`, `not-allowed` in another state. */
  unlock(passphrase: string): Promise<void>;
  /**
   * In state `ready`, while nothing has the databases open: gives them another key, under this passphrase or in the
   * secret store. What fails is undone. Errors: `storage-full`, `storage-failed`, `vault-unavailable` (no secret
   * store), `not-allowed`.
   */
  change(to: KeyPlace): Promise<void>;
  /** Returns a disposer. */
  onChange(listener: (state: VaultState) => void): () => void;
  /** Wipes the key from memory. */
  close(): void;
}

export interface VaultOptions {
  /** The profile's folder, where vault.json and the databases are. */
  readonly folder: string;
  readonly secrets: SecretStore;
  /** The open profile, once there is one; asked for at each use. Passwords go there where there is no secret store. */
  readonly profile: () => Profile | undefined;
  /** Words about the person that others know, which a new passphrase must not be made of. */
  readonly known?: () => readonly string[];
  /** Absent: this process only reads, and must leave a change of the key to the one that owns the folder. */
  readonly files?: KeyedFiles;
}

export function createVault(options: VaultOptions): Vault {
  const { folder, secrets, files } = options;
  const path = join(folder, "vault.json");
  const listeners = new Set<(state: VaultState) => void>();
  let state: VaultState = { state: "opening" };
  let file: VaultFile | undefined;
  let key: Uint8Array | undefined;
  /** A change of the key that was broken off. */
  let journal: KeyJournal | undefined;
  let busy: Promise<void> = Promise.resolve();
  const changer: KeyChanger | undefined =
    files &&
    createKeyChanger({
      folder,
      path,
      store: secrets,
      files,
      onProgress: (progress) => become({ state: "changing", progress }),
    });

  function become(next: VaultState): void {
    state = next;
    for (const listener of [...listeners]) listener(next);
  }

  function fail(reason: string, why?: PassphraseReason): void {
    become({
      state: "failed",
      error: { code: "vault-unavailable", params: { reason } },
      ...(why ? { reason: why } : {}),
    });
  }

  function ready(found: VaultFile, foundKey: Uint8Array): void {
    file = found;
    key = foundKey;
    become({ state: "ready" });
  }

  async function openNew(): Promise<void> {
    // Where there is something encrypted, a key must be too.
    if (encryptedFiles(folder).length > 0) return fail("vault-file-missing");
    const store = await secrets.probe();
    if (store !== "available")
      return become({ state: "new", reason: store === "locked" ? "secret-store-locked" : "no-secret-store" });
    const newKey = new Uint8Array(randomBytes(32));
    const newFile = secretStoreFile(newKey);
    if (!(await storeKey(secrets, newFile, newKey))) return fail("key-not-kept");
    await writeVaultFile(path, newFile);
    ready(newFile, newKey);
  }

  async function openFromStore(found: StoreFile): Promise<void> {
    const store = await secrets.probe();
    if (store === "absent") return fail("no-secret-store", "no-secret-store");
    if (store === "locked") return fail("secret-store-locked", "secret-store-locked");
    const stored = await storedKey(secrets, found);
    if (stored === undefined) return fail("key-missing");
    if (journal) await finish(journal, bothKeys(journal, found === journal.next ? { new: stored } : { old: stored }));
    else ready(found, stored);
  }

  async function open(): Promise<void> {
    if (state.state === "ready") return;
    if (state.state !== "opening") become({ state: "opening" });
    try {
      const found = await readVaultFile(path);
      file = found;
      journal = found && (await readJournal(folder));
      if (found && journal?.next.check === found.check) {
        // All was done but to forget the old key.
        await changer?.forget(journal);
        journal = undefined;
      }
      if (journal && !changer) return fail("key-change-pending");
      const inStore = [journal?.next, found].find((one): one is StoreFile => one?.kind === "secret-store");
      if (!found) await openNew();
      else if (inStore) await openFromStore(inStore);
      else if (found.kind === "passphrase") become({ state: "locked", reason: found.reason });
    } catch (error) {
      const info = toErrorInfo(error);
      become({
        state: "failed",
        error:
          info.code === "internal" ? { code: "vault-unavailable", params: { reason: "secret-store-failed" } } : info,
      });
    }
  }

  async function create(passphrase: string): Promise<void> {
    if (state.state !== "new") throw new HallwayError("not-allowed");
    requireStrength(passphrase, options.known?.() ?? []);
    const newKey = new Uint8Array(randomBytes(32));
    const newFile = await passphraseFile(newKey, passphrase, state.reason);
    await writeVaultFile(path, newFile);
    ready(newFile, newKey);
  }

  async function unlock(passphrase: string): Promise<void> {
    if (state.state !== "locked" || file?.kind !== "passphrase") throw new HallwayError("not-allowed");
    const found = file;
    if (!journal) {
      ready(found, await unwrapKey(found, passphrase));
      return;
    }
    // While a change is under way, the old passphrase and the new one both open.
    const { next } = journal;
    const newKey = next.kind === "passphrase" ? await unwrapKey(next, passphrase).catch(() => undefined) : undefined;
    const keys = bothKeys(journal, newKey ? { new: newKey } : { old: await unwrapKey(found, passphrase) });
    try {
      await finish(journal, keys);
    } catch (error) {
      become({ state: "failed", error: toErrorInfo(error) });
    }
  }

  /** Goes on with a change that was broken off. */
  async function finish(of: KeyJournal, keys: KeyPair): Promise<void> {
    if (!changer) throw new HallwayError("not-allowed");
    await changer.carryOut(of, keys);
    journal = undefined;
    await changer.forget(of);
    ready(of.next, keys.new);
  }

  async function change(to: KeyPlace): Promise<void> {
    if (state.state !== "ready" || !file || !key || !changer) throw new HallwayError("not-allowed");
    const former = file;
    const { journal: made, keys } = await changer.prepare(former, key, to);
    try {
      await changer.carryOut(made, keys);
    } catch (error) {
      try {
        await changer.undo(made, keys);
        ready(former, keys.old);
      } catch {
        // The next try to open finishes the change.
        key = undefined;
        become({ state: "failed", error: toErrorInfo(error) });
      }
      throw error;
    }
    await changer.forget(made);
    ready(made.next, keys.new);
    keys.old.fill(0);
  }

  async function verify(passphrase: string): Promise<boolean> {
    if (file?.kind !== "passphrase") throw new HallwayError("not-allowed");
    try {
      (await unwrapKey(file, passphrase)).fill(0);
      return true;
    } catch (error) {
      if (error instanceof HallwayError && error.code === "vault-wrong-passphrase") return false;
      throw error;
    }
  }

  /** One after the other: two at a time could make two keys. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = busy.then(work);
    busy = done.catch(() => undefined);
    return done;
  }

  return {
    get state() {
      return state;
    },
    get key() {
      return key;
    },
    passwords: createSecrets({ kind: "password", store: secrets, file: () => file, profile: options.profile }),
    deviceSecrets: createSecrets({ kind: "device", store: secrets, file: () => file, profile: options.profile }),
    get byPassphrase() {
      return file?.kind === "passphrase";
    },
    verify,
    open: () => inTurn(open),
    create: (passphrase) => inTurn(() => create(passphrase)),
    unlock: (passphrase) => inTurn(() => unlock(passphrase)),
    change: (to) => inTurn(() => change(to)),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      key?.fill(0);
      key = undefined;
      listeners.clear();
    },
  };
}
