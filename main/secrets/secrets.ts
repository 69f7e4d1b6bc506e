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

/**
 * `kind` is part of the name in the secret store, and the namespace in the profile. `file` and `profile` are asked at
 * each use. Errors of all of it: `vault-locked`.
 */
export function createSecrets(parts: {
  readonly kind: "password" | "device";
  readonly store: SecretStore;
  readonly file: () => VaultFile | undefined;
  readonly profile: () => Profile | undefined;
}): Secrets {
  const { kind, store, file, profile } = parts;

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
      const stored = await store.get(name);
      if (stored !== undefined) return stored;
      // What the profile kept while there was no secret store goes to it when it is first asked for.
      const before = await profile()?.get(kind, key);
      if (before === undefined) return undefined;
      await store.set(name, before);
      await open().put([{ namespace: kind, key, value: undefined }]);
      return before;
    },
    async set(key, value) {
      const name = nameOf(key);
      if (name === undefined) await open().put([{ namespace: kind, key, value }]);
      else await store.set(name, value);
    },
    async delete(key) {
      const name = nameOf(key);
      if (name !== undefined) await store.delete(name);
      // Also what is left there from before there was a secret store.
      await profile()?.put([{ namespace: kind, key, value: undefined }]);
    },
  };
}
