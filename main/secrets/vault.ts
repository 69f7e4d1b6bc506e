import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Profile } from "../profile/profile.ts";
import { encryptedFiles } from "./encrypted-files.ts";
import { bothKeys, type KeyJournal, type KeyPair, readJournal } from "./key-change.ts";
import { KeyChanger, type KeyedFiles, type KeyPlace } from "./key-changer.ts";
import { requireStrength } from "./passphrase-rule.ts";
import type { SecretStore } from "./secret-store.ts";
import { type Secrets, StoredSecrets } from "./secrets.ts";
import { makeStoredKey, storedKey } from "./stored-key.ts";
import {
  isPassphraseOf,
  type PassphraseReason,
  passphraseFile,
  readVaultFile,
  type StoreFile,
  unwrapKey,
  type VaultFile,
  writeVaultFile,
} from "./vault-file.ts";
import type { VaultState } from "./vault-state.ts";

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
  return new ProfileVault(options);
}

class ProfileVault implements Vault {
  readonly passwords: Secrets;
  readonly deviceSecrets: Secrets;
  readonly #options: VaultOptions;
  /** Of vault.json. */
  readonly #path: string;
  readonly #changer: KeyChanger | undefined;
  readonly #listeners = new Set<(state: VaultState) => void>();
  #state: VaultState = { state: "opening" };
  #file: VaultFile | undefined;
  #key: Uint8Array | undefined;
  /** A change of the key that was broken off. */
  #journal: KeyJournal | undefined;
  #busy: Promise<void> = Promise.resolve();

  constructor(options: VaultOptions) {
    const { folder, secrets: store, files, profile } = options;
    const onProgress = (progress: number): void => this.#become({ state: "changing", progress });
    this.#options = options;
    this.#path = join(folder, "vault.json");
    this.#changer = files && new KeyChanger({ folder, path: this.#path, store, files, onProgress });
    this.passwords = new StoredSecrets({ kind: "password", store, file: () => this.#file, profile });
    this.deviceSecrets = new StoredSecrets({ kind: "device", store, file: () => this.#file, profile });
  }

  get state(): VaultState {
    return this.#state;
  }

  get key(): Uint8Array | undefined {
    return this.#key;
  }

  get byPassphrase(): boolean {
    return this.#file?.kind === "passphrase";
  }

  async verify(passphrase: string): Promise<boolean> {
    if (this.#file?.kind !== "passphrase") throw new HallwayError("not-allowed");
    return await isPassphraseOf(this.#file, passphrase);
  }

  open(): Promise<void> {
    return this.#inTurn(() => this.#open());
  }

  create(passphrase: string): Promise<void> {
    return this.#inTurn(() => this.#create(passphrase));
  }

  unlock(passphrase: string): Promise<void> {
    return this.#inTurn(() => this.#unlock(passphrase));
  }

  change(to: KeyPlace): Promise<void> {
    return this.#inTurn(() => this.#change(to));
  }

  onChange(listener: (state: VaultState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#key?.fill(0);
    this.#key = undefined;
    this.#listeners.clear();
  }

  async #open(): Promise<void> {
    if (this.#state.state === "ready") return;
    if (this.#state.state !== "opening") this.#become({ state: "opening" });
    try {
      await this.#openFound(await readVaultFile(this.#path));
    } catch (error) {
      const info = toErrorInfo(error);
      if (info.code === "internal") this.#fail("secret-store-failed");
      else this.#become({ state: "failed", error: info });
    }
  }

  async #openFound(found: VaultFile | undefined): Promise<void> {
    this.#file = found;
    this.#journal = found && (await readJournal(this.#options.folder));
    if (found && this.#journal?.next.check === found.check) {
      // All was done but to forget the old key.
      await this.#changer?.forget(this.#journal);
      this.#journal = undefined;
    }
    if (this.#journal && !this.#changer) return this.#fail("key-change-pending");
    const inStore = [this.#journal?.next, found].find((one): one is StoreFile => one?.kind === "secret-store");
    if (!found) await this.#openNew();
    else if (inStore) await this.#openFromStore(inStore);
    else if (found.kind === "passphrase") this.#become({ state: "locked", reason: found.reason });
  }

  async #openNew(): Promise<void> {
    const { folder, secrets } = this.#options;
    // Where there is something encrypted, a key must be too.
    if (encryptedFiles(folder).length > 0) return this.#fail("vault-file-missing");
    const store = await secrets.probe();
    if (store !== "available")
      return this.#become({ state: "new", reason: store === "locked" ? "secret-store-locked" : "no-secret-store" });
    const made = await makeStoredKey(secrets, this.#path);
    if (made) this.#ready(made.file, made.key);
    else this.#fail("key-not-kept");
  }

  async #openFromStore(found: StoreFile): Promise<void> {
    const { secrets } = this.#options;
    const store = await secrets.probe();
    if (store === "absent") return this.#fail("no-secret-store", "no-secret-store");
    if (store === "locked") return this.#fail("secret-store-locked", "secret-store-locked");
    const stored = await storedKey(secrets, found);
    if (stored === undefined) return this.#fail("key-missing");
    const journal = this.#journal;
    if (journal)
      await this.#finish(journal, bothKeys(journal, found === journal.next ? { new: stored } : { old: stored }));
    else this.#ready(found, stored);
  }

  async #create(passphrase: string): Promise<void> {
    if (this.#state.state !== "new") throw new HallwayError("not-allowed");
    requireStrength(passphrase, this.#options.known?.() ?? []);
    const key = new Uint8Array(randomBytes(32));
    const file = await passphraseFile(key, passphrase, this.#state.reason);
    await writeVaultFile(this.#path, file);
    this.#ready(file, key);
  }

  async #unlock(passphrase: string): Promise<void> {
    if (this.#state.state !== "locked" || this.#file?.kind !== "passphrase") throw new HallwayError("not-allowed");
    const found = this.#file;
    const journal = this.#journal;
    if (!journal) {
      this.#ready(found, await unwrapKey(found, passphrase));
      return;
    }
    // While a change is under way, the old passphrase and the new one both open.
    const { next } = journal;
    const newKey = next.kind === "passphrase" ? await unwrapKey(next, passphrase).catch(() => undefined) : undefined;
    const keys = bothKeys(journal, newKey ? { new: newKey } : { old: await unwrapKey(found, passphrase) });
    try {
      await this.#finish(journal, keys);
    } catch (error) {
      this.#become({ state: "failed", error: toErrorInfo(error) });
    }
  }

  /** Goes on with a change that was broken off. */
  async #finish(of: KeyJournal, keys: KeyPair): Promise<void> {
    if (!this.#changer) throw new HallwayError("not-allowed");
    await this.#changer.carryOut(of, keys);
    this.#journal = undefined;
    await this.#changer.forget(of);
    this.#ready(of.next, keys.new);
  }

  async #change(to: KeyPlace): Promise<void> {
    const former = this.#file;
    const changer = this.#changer;
    if (this.#state.state !== "ready" || !former || !this.#key || !changer) throw new HallwayError("not-allowed");
    const { journal, keys } = await changer.prepare(former, this.#key, to);
    try {
      await changer.carryOut(journal, keys);
    } catch (error) {
      try {
        await changer.undo(journal, keys);
        this.#ready(former, keys.old);
      } catch {
        // The next try to open finishes the change.
        this.#key = undefined;
        this.#become({ state: "failed", error: toErrorInfo(error) });
      }
      throw error;
    }
    await changer.forget(journal);
    this.#ready(journal.next, keys.new);
    keys.old.fill(0);
  }

  #ready(file: VaultFile, key: Uint8Array): void {
    this.#file = file;
    this.#key = key;
    this.#become({ state: "ready" });
  }

  #fail(reason: string, why?: PassphraseReason): void {
    this.#become({
      state: "failed",
      error: { code: "vault-unavailable", params: { reason } },
      ...(why ? { reason: why } : {}),
    });
  }

  #become(next: VaultState): void {
    this.#state = next;
    for (const listener of [...this.#listeners]) listener(next);
  }

  /** One after the other: two at a time could make two keys. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#busy.then(work);
    this.#busy = done.catch(() => undefined);
    return done;
  }
}
