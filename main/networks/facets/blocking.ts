import type { Address } from "../../../shared/model/address.ts";

/** RetentionRules people away on the server. Who is blocked learns nothing of it. */
export interface BlockingFacet {
  /**
   * True: the server has a list for all devices of the account and keeps back what blocked people say. False: they only
   * see nothing of the person any more.
   */
  readonly everyDevice: boolean;
  /** Error: `unsupported` where this server cannot. */
  block(address: Address): Promise<void>;
  /**
   * Takes back `block`, and whatever else the server's list holds (a domain, one device). Nothing happens where it does
   * not hold it.
   */
  unblock(address: string): Promise<void>;
}
