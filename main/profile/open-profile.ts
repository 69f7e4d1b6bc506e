import { join } from "node:path";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import type { Profile } from "./profile.ts";
import type { ProfileMethods } from "./profile-methods.ts";

export interface ProfileOptions {
  readonly worker: DatabaseWorker<ProfileMethods>;
  /** Holds profile.db; made (mode 0700) if it is not there. */
  readonly folder: string;
  /** 32 bytes, from the vault. */
  readonly key: Uint8Array;
  /** `storage-corrupt`: the file was set aside (param `file`) and a new one begun with what could be read. */
  readonly onTrouble: (error: ErrorInfo) => void;
  /** Another process may have it open: a broken file is left as it is. Error then: `storage-corrupt`. */
  readonly onlyRead?: boolean;
}

/** Opens profile.db. Errors: `vault-unavailable` (it was made with another key), `storage-full`, `storage-failed`. */
export async function openProfile(options: ProfileOptions): Promise<Profile> {
  const { worker } = options;
  const stopListening = worker.onTrouble("profile", options.onTrouble);
  try {
    await worker.call("profile.open", {
      path: join(options.folder, "profile.db"),
      key: options.key,
      ...(options.onlyRead ? { onlyRead: true } : {}),
    });
  } catch (error) {
    stopListening();
    throw error;
  }
  return {
    get: (namespace, key) => worker.call("profile.get", namespace, key),
    all: (namespace) => worker.call("profile.all", namespace),
    put: (entries) => worker.call("profile.put", entries),
    async close() {
      await worker.call("profile.close");
      stopListening();
    },
  };
}
