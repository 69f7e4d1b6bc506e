import type { SecretStore } from "./secret-store.ts";

/** A secret store that is always there, and keeps its secrets in a map. */
export function memorySecrets(secrets: Map<string, string> = new Map()): SecretStore {
  return {
    probe: async () => "available",
    get: async (name) => secrets.get(name),
    set: async (name, value) => void secrets.set(name, value),
    delete: async (name) => void secrets.delete(name),
  };
}
