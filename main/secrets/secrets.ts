import { HallwayError } from "../../shared/errors.ts";
import type { Profile } from "../profile/profile.ts";
import type { SecretStore } from "./secret-store.ts";
import type { VaultFile } from "./vault-file.ts";

/** Small secrets by name: in the secret store where that holds the key, else in the encrypted profile. */
export interface Secrets {
  /** Undefined: none is known. */
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

export interface StoredSecretsOptions {
  /** Part of the name in the secret store, and the namespace in the profile. */
  readonly kind: "password" | "device";
  readonly store: SecretStore;
  /** Asked at each use. */
  readonly file: () => VaultFile | undefined;
  /** Asked at each use. */
  readonly profile: () => Profile | undefined;
}

/** Secrets of a vault. Errors of all of it: `vault-locked`. */
export class StoredSecrets implements Secrets {
  readonly #options: StoredSecretsOptions;

  constructor(options: StoredSecretsOptions) {
    this.#options = options;
  }

  async get(key: string): Promise<string | undefined> {
    const { kind, store, profile } = this.#options;
    const name = this.#nameOf(key);
    if (name === undefined) return this.#profile().get(kind, key);
    const stored = await store.get(name);
    if (stored !== undefined) return stored;
    // What the profile kept while there was no secret store goes to it when it is first asked for.
    const before = await profile()?.get(kind, key);
    if (before === undefined) return undefined;
    await store.set(name, before);
    await this.#profile().put([{ namespace: kind, key, value: undefined }]);
    return before;
  }

  async set(key: string, value: string): Promise<void> {
    const { kind, store } = this.#options;
    const name = this.#nameOf(key);
    if (name === undefined) await this.#profile().put([{ namespace: kind, key, value }]);
    else await store.set(name, value);
  }

  async delete(key: string): Promise<void> {
    const { kind, store, profile } = this.#options;
    const name = this.#nameOf(key);
    if (name !== undefined) await store.delete(name);
    // Also what is left there from before there was a secret store.
    await profile()?.put([{ namespace: kind, key, value: undefined }]);
  }

  #profile(): Profile {
    const opened = this.#options.profile();
    if (!opened) throw new HallwayError("vault-locked");
    return opened;
  }

  /** Name in the secret store; undefined: the profile keeps it. */
  #nameOf(key: string): string | undefined {
    const { kind, file } = this.#options;
    const found = file();
    if (!found) throw new HallwayError("vault-locked");
    return found.kind === "secret-store" ? `hallway/${found.id}/${kind}/${key}` : undefined;
  }
}
