import { readFile, rename, writeFile } from "node:fs/promises";
import type { SecretStore } from "../../main/secrets/secret-store.ts";

/** A secret store that is a plain file: stands in for the desktop's in tests and the demo, and is no secret at all. */
export function createFileSecrets(path: string): SecretStore {
  const load = async (): Promise<Record<string, string>> =>
    JSON.parse(await readFile(path, "utf8").catch(() => "{}")) as Record<string, string>;
  let last = Promise.resolve();
  const change = (edit: (secrets: Record<string, string>) => void): Promise<void> => {
    last = last.then(async () => {
      const secrets = await load();
      edit(secrets);
      // Whole at every moment: it is read while it is written, here and by tests.
      await writeFile(`${path}.new`, JSON.stringify(secrets), { mode: 0o600 });
      await rename(`${path}.new`, path);
    });
    return last;
  };
  return {
    probe: async () => "available",
    get: async (name) => (await load())[name],
    set: (name, value) => change((secrets) => void (secrets[name] = value)),
    delete: (name) => change((secrets) => void delete secrets[name]),
  };
}

/** A machine without a secret store. */
export const noSecrets: SecretStore = {
  probe: async () => "absent",
  get: async () => undefined,
  set: async () => Promise.reject(new Error("there is no secret store")),
  delete: async () => Promise.reject(new Error("there is no secret store")),
};
