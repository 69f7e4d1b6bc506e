import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Profile } from "../history/profile.ts";
import type { SecretStore } from "./secret-store.ts";
import { isKeyOf, type PassphraseReason, passphraseFile, readVaultFile, secretStoreFile, unwrapKey, type VaultFile, writeVaultFile } from "./vault-file.ts";

/** What the app record shows (shared/model/app.ts): `error` becomes vaultError, `reason` vaultReason. */
export type VaultState =
  | { readonly state: "opening" }
  | { readonly state: "new"; readonly reason: PassphraseReason }
  | { readonly state: "locked"; readonly reason: PassphraseReason }
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
}

/** Files that the key opens: where one of them is, a key must be too. */
const encryptedFiles = ["profile.db", "history.db", "audit.db"];

export function createVault(options: VaultOptions): Vault {
  const { folder, secrets } = options;
  const path = join(folder, "vault.json");
  const listeners = new Set<(state: VaultState) => void>();
  let state: VaultState = { state: "opening" };
  let file: VaultFile | undefined;
  let key: Uint8Array | undefined;
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
    if (encryptedFiles.some((name) => existsSync(join(folder, name)))) return fail("vault-file-missing");
    const store = await secrets.probe();
    if (store !== "available") return become({ state: "new", reason: store === "locked" ? "secret-store-locked" : "no-secret-store" });
    const newKey = new Uint8Array(randomBytes(32));
    const newFile = secretStoreFile(newKey);
    await secrets.set(keyName(newFile), Buffer.from(newKey).toString("base64"));
    // Only what can be read back may be relied on.
    if ((await readKey(newFile)) === undefined) return fail("key-not-kept");
    await writeVaultFile(path, newFile);
    ready(newFile, newKey);
  }

  async function openFromStore(found: VaultFile): Promise<void> {
    const store = await secrets.probe();
    if (store === "absent") return fail("no-secret-store", "no-secret-store");
    if (store === "locked") return fail("secret-store-locked", "secret-store-locked");
    const stored = await readKey(found);
    if (stored === undefined) return fail("key-missing");
    ready(found, stored);
  }

  /** Undefined: not there, or not the key that the file was made for. */
  async function readKey(of: VaultFile): Promise<Uint8Array | undefined> {
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
      if (!found) await openNew();
      else if (found.kind === "secret-store") await openFromStore(found);
      else become({ state: "locked", reason: found.reason });
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
    const foundKey = await unwrapKey(found, passphrase);
    if (!isKeyOf(found, foundKey)) throw new HallwayError("vault-wrong-passphrase");
    ready(found, foundKey);
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

function keyName(file: VaultFile): string {
  return `hallway/${file.id}/profile-key`;
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
      return name === undefined ? open().get(kind, key) : secrets.get(name);
    },
    async set(key, value) {
      const name = nameOf(key);
      if (name === undefined) await open().put([{ namespace: kind, key, value }]);
      else await secrets.set(name, value);
    },
    async delete(key) {
      const name = nameOf(key);
      if (name === undefined) await open().put([{ namespace: kind, key, value: undefined }]);
      else await secrets.delete(name);
    },
  };
}
