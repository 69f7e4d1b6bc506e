import type { Address } from "../../../shared/model/address.ts";

/** A directory of people on the server: XEP-0055, LDAP. */
export interface DirectoryFacet {
  /** People whose name or address matches the text, best first. */
  search(text: string, signal: AbortSignal): Promise<readonly DirectoryEntry[]>;
}

export interface DirectoryEntry {
  readonly address: Address;
  readonly name: string | undefined;
}
