import type { Address } from "../../../shared/model/address.ts";

/** Public keys for end-to-end encryption, where the network keeps them: PEP (XEP-0163), XCAP, a directory. */
export interface KeysFacet {
  /** Publishes own public key material. It replaces what has the same name. */
  publish(item: KeyItem): Promise<void>;
  /** Item that somebody has published under this name; undefined: none. */
  fetch(owner: Address, name: string): Promise<Uint8Array | undefined>;
}

export interface KeyItem {
  /** The place in its method's own terms, e.g. a PEP node. */
  readonly name: string;
  readonly bytes: Uint8Array;
}
