import type { Audit, AuditKind } from "./audit.ts";
import type { AuditEntry, AuditPosition } from "./entry.ts";

/**
 * The end of the chain as this device vouches for it: whoever has it knows how long the chain was, and what it said.
 */
export interface SignedHead extends AuditPosition {
  /** Base64 of the 32 bytes of the device's Ed25519 key. */
  readonly publicKey: string;
  /** Of the purpose `hallway audit head 1`, over the text `<n> <hash>` (main/secrets/signing.ts). */
  readonly signature: string;
}

/** The log as those read it who pass it on. */
export interface AuditLog extends Audit {
  /** Whether events of this kind are written (AuditEvents, AuditHashChainEnabled). */
  writes(kind: AuditKind): boolean;
  /** Undefined: nothing was written yet, or the file could not be opened. */
  head(): SignedHead | undefined;
  /**
   * Entries after this position, in order, at most `limit` (1 to 1000); undefined: from the first. Where the chain was
   * begun anew since, or the position is of another one, from the first. Errors: `storage-failed`, `storage-corrupt`.
   */
  entries(after: AuditPosition | undefined, limit: number): Promise<readonly AuditEntry[]>;
  /** Told after entries were written. Returns a disposer. */
  onAppended(listener: () => void): () => void;
  /** AuditHashChainEnabled may be another now. */
  applyPolicy(): void;
  /** Writes what waits, seals the head and ends. */
  close(): Promise<void>;
}
