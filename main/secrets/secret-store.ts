/** The operating system's secret store (keytar). Values are strings of at most 64 KiB. */
export interface SecretStore {
  /** Writes, reads back and deletes a probe: the only honest way to know. */
  probe(): Promise<"available" | "absent" | "locked">;
  /** undefined: not there, or the store is locked - treat as unknown, never as "make a new one" without a probe. */
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}
