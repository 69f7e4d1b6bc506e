import type { Address } from "../../../shared/model/address.ts";

/** Files to and from people: XEP-0363 upload, XEP-0234 Jingle, RFC 5547 over MSRP. */
export interface FilesFacet {
  /** Largest file that the network takes, in bytes; undefined: it names none. */
  readonly maxBytes: number | undefined;
  /** Resolves when the network has the whole file. Errors: `offline`, `too-large`, `cancelled`. */
  send(file: OutgoingFile, signal: AbortSignal): Promise<void>;
}

export interface OutgoingFile {
  /** UUID; sending the same id again is the same file. */
  readonly id: string;
  readonly to: Address;
  readonly name: string;
  /** Media type (RFC 6838). */
  readonly type: string;
  /** Size in bytes. */
  readonly size: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}
