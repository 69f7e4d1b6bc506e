/** Registry as the Windows reader needs it; tests hand in recorded trees, so it runs on any system. */
export interface RegistryReader {
  /** A key's values and the names of its sub-keys. Undefined: there is no such key. Throws when it cannot be read. */
  readKey(hive: "HKLM" | "HKCU", path: string): RegistryKey | undefined;
}

export interface RegistryKey {
  /** By name as it is written; the default value's name is empty. */
  readonly values: ReadonlyMap<string, RegistryValue>;
  readonly subKeys: readonly string[];
}

/** A value as the registry keeps it. */
export interface RegistryValue {
  /** One of registryTypes, or another number. */
  readonly type: number;
  readonly data: Uint8Array;
}

/** Numbers of the types (winnt.h). */
export const registryTypes = {
  REG_SZ: 1,
  REG_EXPAND_SZ: 2,
  REG_BINARY: 3,
  REG_DWORD: 4,
  REG_MULTI_SZ: 7,
  REG_QWORD: 11,
} as const;

/**
 * The registry of this machine. `native-reg` is an optional package with a prebuilt file for each processor; it is
 * loaded only when asked, so that a machine without it (every one but Windows) never looks for it. Rejects when it
 * cannot be loaded.
 */
export async function openRegistry(): Promise<RegistryReader> {
  const registry = await import("native-reg");
  const hives = { HKLM: registry.HKLM, HKCU: registry.HKCU };
  return {
    readKey(hive, path) {
      const key = registry.openKey(hives[hive], path, registry.Access.READ);
      if (key === null) return undefined;
      try {
        const values = new Map<string, RegistryValue>();
        for (const name of registry.enumValueNames(key)) {
          const value = registry.queryValueRaw(key, name);
          if (value !== null) values.set(name, { type: value.type, data: value });
        }
        return { values, subKeys: registry.enumKeyNames(key) };
      } finally {
        registry.closeKey(key);
      }
    },
  };
}
