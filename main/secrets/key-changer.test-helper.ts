import { readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import { workerUrl } from "../history/workers.test-helper.ts";
import type { SecretStore } from "./secret-store.ts";
import { createVault, type Vault } from "./vault.ts";

/** A secret store in a file, so that it outlives whoever is killed. */
function fileStore(path: string): SecretStore {
  const read = (): Record<string, string> => {
    try {
      return JSON.parse(readFileSync(path, "utf8"));
    } catch {
      return {};
    }
  };
  const write = (values: Record<string, string>): void => {
    writeFileSync(`${path}.new`, JSON.stringify(values));
    renameSync(`${path}.new`, path);
  };
  return {
    probe: async () => "available",
    get: async (name) => read()[name],
    set: async (name, value) => write({ ...read(), [name]: value }),
    async delete(name) {
      const { [name]: _, ...rest } = read();
      write(rest);
    },
  };
}

/**
 * A vault over the real worker. `store` false: a machine without a secret store. `before` each file that gets another
 * key.
 */
export function vaultAt(
  folder: string,
  store: boolean,
  before: (path: string) => void = () => undefined,
): { readonly vault: Vault; readonly worker: ReturnType<typeof startDatabaseWorker> } {
  const worker = startDatabaseWorker(workerUrl);
  const absent: SecretStore = {
    probe: async () => "absent",
    get: async () => undefined,
    set: () => Promise.reject(new Error("no store")),
    delete: async () => undefined,
  };
  const vault = createVault({
    folder,
    secrets: store ? fileStore(join(folder, "store.json")) : absent,
    profile: () => undefined,
    files: {
      async rekey(...file) {
        before(file[0]);
        return worker.call("rekey", ...file);
      },
      rekeyRest: async () => undefined,
    },
  });
  return { vault, worker };
}

// As a process: changes the key again and again until it is killed, and says so before each time.
const [folder, passphrase] = process.argv.slice(2);
if (import.meta.main && folder !== undefined) {
  const { vault } = vaultAt(folder, passphrase === undefined);
  await vault.open();
  if (passphrase !== undefined) await vault.unlock(passphrase);
  for (;;) {
    writeSync(1, "changing\n");
    await vault.change(passphrase === undefined ? "secret-store" : { passphrase });
  }
}
