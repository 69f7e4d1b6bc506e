import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Profile } from "../history/profile.ts";
import { encryptedFiles } from "./encrypted-files.ts";
import { bothKeys, changeFiles, checkSpace, type KeyJournal, type KeyPair, type Rekeying, readJournal, removeJournal, writeJournal } from "./key-change.ts";
import type { SecretStore } from "./secret-store.ts";
import {
  isKeyOf,
  keyName,
  type PassphraseFile,
  type PassphraseReason,
  passphraseFile,
  readVaultFile,
  secretStoreFile,
  unwrapKey,
  type VaultFile,
  writeVaultFile,
} from "./vault-file.ts";

/** What the app record shows (shared/model/app.ts): `error` becomes vaultError, `reason` vaultReason. */
export type VaultState =
  | { readonly state: "opening" }
  | { readonly state: "new"; readonly reason: PassphraseReason }
  | { readonly state: "locked"; readonly reason: PassphraseReason }
  /** Files get another key. `progress`: 0 to 1. */
  | { readonly state: "changing"; readonly progress: number }
  | { readonly state: "ready" }
  | { readonly state: "failed"; readonly error: ErrorInfo; readonly reason?: PassphraseReason };

/** Small secrets by name: in the secret store where that holds the key, else in the encrypted profile. */
export interface Secrets {
  /** Undefined: none is known. */
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

/** Passwords of accounts, by the account's id. */
export type Passwords = Secrets;

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
 * From `ready` a change of the key leads over `changing` back to `ready`; from `opening` or `locked` a change that was broken
 * off (key-change.ts) is finished first.
 *
 * It never begins anew over a profile that is there: without the old key it fails and says so.
 */
export interface Vault {
  readonly state: VaultState;
  /** 32 bytes; undefined until `ready`. */
  readonly key: Uint8Array | undefined;
  readonly passwords: Passwords;
  /** What belongs to this device and not to an account: its key, the head of its audit chain. */
  readonly deviceSecrets: Secrets;
  /** The key is wrapped under a passphrase, which the person knows. */
  readonly byPassphrase: boolean;
  /** Whether this is the passphrase. Errors: `not-allowed` (there is none). */
  verify(passphrase: string): Promise<boolean>;
  /** Looks what there is; again, after it failed. Does not reject: see `state`. */
  open(): Promise<void>;
  /** In state `new`. Errors: `not-allowed` in another state, `storage-full`, `storage-failed`. */
  create(passphrase: string): Promise<void>;
  /** In state `locked`. Errors: `vault-wrong-passphrase`, `not-allowed` in another state. */
  unlock(passphrase: string): Promise<void>;
  /**
   * In state `ready`, while nothing has the databases open: gives them another key, under this passphrase or in the secret store.
   * What fails is undone. Errors: `storage-full`, `storage-failed`, `vault-unavailable` (no secret store), `not-allowed`.
   */
  change(to: { readonly passphrase: string } | "secret-store"): Promise<void>;
  /** Returns a disposer. */
  onChange(listener: (state: VaultState) => void): () => void;
  /** Wipes the key from memory. */
  close(): void;
}

/** Gives everything on disk another key. */
export interface KeyedFiles {
  /** One database (main/history/store/rekey.ts). */
  readonly rekey: Rekeying["rekey"];
  /** What else is kept under the key, as often as it is asked to. */
  readonly rekeyRest: (keys: KeyPair) => Promise<void>;
}

export interface VaultOptions {
  /** The profile's folder, where vault.json and the databases are. */
  readonly folder: string;
  readonly secrets: SecretStore;
  /** The open profile, once there is one; asked for at each use. Passwords go there where there is no secret store. */
  readonly profile: () => Profile | undefined;
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

  function become(next: VaultState): void {
    state = next;
    for (const listener of [...listeners]) listener(next);
  }

  function fail(reason: string, why?: PassphraseReason): void {
    become({ state: "failed", error: { code: "vault-unavailable", params: { reason } }, ...(why ? { reason: why } : {}) });
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
    if (store !== "available") return become({ state: "new", reason: store === "locked" ? "secret-store-locked" : "no-secret-store" });
    const newKey = new Uint8Array(randomBytes(32));
    const newFile = secretStoreFile(newKey);
    if (!(await keepInStore(newFile, newKey))) return fail("key-not-kept");
    await writeVaultFile(path, newFile);
    ready(newFile, newKey);
  }

  /** False: it cannot be read back, and only what can be may be relied on. */
  async function keepInStore(made: VaultFile, newKey: Uint8Array): Promise<boolean> {
    if (made.kind !== "secret-store") return true;
    await secrets.set(keyName(made), Buffer.from(newKey).toString("base64"));
    return (await readKey(made)) !== undefined;
  }

  async function openFromStore(found: VaultFile): Promise<void> {
    const store = await secrets.probe();
    if (store === "absent") return fail("no-secret-store", "no-secret-store");
    if (store === "locked") return fail("secret-store-locked", "secret-store-locked");
    const stored = await readKey(found);
    if (stored === undefined) return fail("key-missing");
    if (journal) await finish(journal, bothKeys(journal, found === journal.next ? { new: stored } : { old: stored }));
    else ready(found, stored);
  }

  /** Undefined: not there, or not the key that the file was made for. */
  async function readKey(of: VaultFile): Promise<Uint8Array | undefined> {
    if (of.kind !== "secret-store") return undefined;
    const text = await secrets.get(keyName(of));
    const bytes = text === undefined ? undefined : new Uint8Array(Buffer.from(text, "base64"));
    return bytes?.length === 32 && isKeyOf(of, bytes) ? bytes : undefined;
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
        if (files) await forget(journal);
        journal = undefined;
      }
      if (journal && !files) return fail("key-change-pending");
      const inStore = [journal?.next, found].find((one) => one?.kind === "secret-store");
      if (!found) await openNew();
      else if (inStore) await openFromStore(inStore);
      else if (found.kind === "passphrase") become({ state: "locked", reason: found.reason });
    } catch (error) {
      const info = toErrorInfo(error);
      become({ state: "failed", error: info.code === "internal" ? { code: "vault-unavailable", params: { reason: "secret-store-failed" } } : info });
    }
  }

  async function create(passphrase: string): Promise<void> {
    if (state.state !== "new") throw new HallwayError("not-allowed");
    const newKey = new Uint8Array(randomBytes(32));
    const newFile = await passphraseFile(newKey, passphrase, state.reason);
    await writeVaultFile(path, newFile);
    ready(newFile, newKey);
  }

  async function unlock(passphrase: string): Promise<void> {
    if (state.state !== "locked" || file?.kind !== "passphrase") throw new HallwayError("not-allowed");
    const found = file;
    if (!journal) {
      ready(found, await keyUnder(found, passphrase));
      return;
    }
    // While a change is under way, the old passphrase and the new one both open.
    const { next } = journal;
    const newKey = next.kind === "passphrase" ? await keyUnder(next, passphrase).catch(() => undefined) : undefined;
    const keys = bothKeys(journal, newKey ? { new: newKey } : { old: await keyUnder(found, passphrase) });
    try {
      await finish(journal, keys);
    } catch (error) {
      become({ state: "failed", error: toErrorInfo(error) });
    }
  }

  /** Errors: `vault-wrong-passphrase`. */
  async function keyUnder(of: PassphraseFile, passphrase: string): Promise<Uint8Array> {
    const unwrapped = await unwrapKey(of, passphrase);
    if (!isKeyOf(of, unwrapped)) throw new HallwayError("vault-wrong-passphrase");
    return unwrapped;
  }

  /** Everything gets the new key, and then vault.json says so. */
  async function finish(of: KeyJournal, keys: KeyPair): Promise<void> {
    await changeAll(keys);
    await writeVaultFile(path, of.next);
    await forget(of);
    ready(of.next, keys.new);
  }

  async function changeAll(keys: KeyPair): Promise<void> {
    become({ state: "changing", progress: 0 });
    const onProgress = (done: number, total: number): void => become({ state: "changing", progress: total === 0 ? 1 : done / total });
    if (!files) throw new HallwayError("not-allowed");
    await changeFiles({ folder, rekey: files.rekey, onProgress }, keys);
    await files.rekeyRest(keys);
  }

  /** What is left of a change that is done. When that fails, the next start does it. */
  async function forget(of: KeyJournal): Promise<void> {
    journal = undefined;
    try {
      if (of.retired !== undefined) await secrets.delete(of.retired);
      await removeJournal(folder);
    } catch {
      // As above.
    }
  }

  async function change(to: { readonly passphrase: string } | "secret-store"): Promise<void> {
    if (state.state !== "ready" || !file || !key || !files) throw new HallwayError("not-allowed");
    const former = file;
    // What the secret store has under names that only others know would be left behind.
    if (former.kind === "secret-store" && to !== "secret-store") throw new HallwayError("not-allowed");
    await checkSpace(folder);
    const keys: KeyPair = { old: key, new: new Uint8Array(randomBytes(32)) };
    if (to === "secret-store" && (await secrets.probe()) !== "available") throw new HallwayError("vault-unavailable", { reason: "no-secret-store" });
    const reason = former.kind === "passphrase" ? former.reason : "no-secret-store";
    const next = to === "secret-store" ? secretStoreFile(keys.new, former) : await passphraseFile(keys.new, to.passphrase, reason);
    if (!(await keepInStore(next, keys.new))) throw new HallwayError("vault-unavailable", { reason: "key-not-kept" });
    const made = await writeJournal(folder, keys, next, former.kind === "secret-store" ? keyName(former) : undefined);
    try {
      await changeAll(keys);
      await writeVaultFile(path, next);
    } catch (error) {
      await undo(made, former, keys, error);
      throw error;
    }
    await forget(made);
    ready(next, keys.new);
    keys.old.fill(0);
  }

  /** Everything gets its old key back; where that fails too, the next try to open finishes the change. */
  async function undo(made: KeyJournal, former: VaultFile, keys: KeyPair, error: unknown): Promise<void> {
    try {
      await changeAll({ old: keys.new, new: keys.old });
      await removeJournal(folder);
      if (made.next.kind === "secret-store") await secrets.delete(keyName(made.next)).catch(() => undefined);
      ready(former, keys.old);
    } catch {
      key = undefined;
      become({ state: "failed", error: toErrorInfo(error) });
    }
  }

  async function verify(passphrase: string): Promise<boolean> {
    if (file?.kind !== "passphrase") throw new HallwayError("not-allowed");
    try {
      const unwrapped = await unwrapKey(file, passphrase);
      const right = isKeyOf(file, unwrapped);
      unwrapped.fill(0);
      return right;
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
    passwords: createSecrets("password", secrets, () => file, options.profile),
    deviceSecrets: createSecrets("device", secrets, () => file, options.profile),
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

/** `kind` is part of the name in the secret store, and the namespace in the profile. */
function createSecrets(kind: "password" | "device", secrets: SecretStore, file: () => VaultFile | undefined, profile: () => Profile | undefined): Secrets {
  function open(): Profile {
    const opened = profile();
    if (!opened) throw new HallwayError("vault-locked");
    return opened;
  }
  /** The name in the secret store; undefined: the profile keeps it. */
  function nameOf(key: string): string | undefined {
    const found = file();
    if (!found) throw new HallwayError("vault-locked");
    return found.kind === "secret-store" ? `hallway/${found.id}/${kind}/${key}` : undefined;
  }
  return {
    async get(key) {
      const name = nameOf(key);
      if (name === undefined) return open().get(kind, key);
      const stored = await secrets.get(name);
      if (stored !== undefined) return stored;
      // What the profile kept while there was no secret store goes to it when it is first asked for.
      const before = await profile()?.get(kind, key);
      if (before === undefined) return undefined;
      await secrets.set(name, before);
      await open().put([{ namespace: kind, key, value: undefined }]);
      return before;
    },
    async set(key, value) {
      const name = nameOf(key);
      if (name === undefined) await open().put([{ namespace: kind, key, value }]);
      else await secrets.set(name, value);
    },
    async delete(key) {
      const name = nameOf(key);
      if (name !== undefined) await secrets.delete(name);
      // Also what is left there from before there was a secret store.
      await profile()?.put([{ namespace: kind, key, value: undefined }]);
    },
  };
}
