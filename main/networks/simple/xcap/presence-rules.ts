import type { Address } from "../../../../shared/model/address.ts";
import { type PresRules, parsePresRules, presRulesType, writePresRules } from "../payloads/rfc-5025-pres-rules.ts";
import type { PresenceRules } from "../presence/watchers.ts";
import { addressOfUri, uriOfAddress } from "../wire/uri.ts";
import type { XcapClient, XcapDocument } from "./xcap-client.ts";

const document: XcapDocument = { auid: "pres-rules", name: "index", type: presRulesType };

/** Addresses that may see us, as a document on the XCAP server (RFC 5025). */
export class XcapPresenceRules implements PresenceRules {
  readonly #xcap: XcapClient;

  constructor(xcap: XcapClient) {
    this.#xcap = xcap;
  }

  async read(): Promise<{ readonly allow: readonly Address[]; readonly block: readonly Address[] }> {
    const text = await this.#xcap.read(document);
    const { allow, block } = text === undefined ? { allow: [], block: [] } : parsePresRules(text);
    const addresses = (uris: readonly string[]): readonly Address[] =>
      uris.map(addressOfUri).filter((address) => address !== undefined);
    return { allow: addresses(allow), block: addresses(block) };
  }

  allow(address: Address): Promise<void> {
    return this.#move(address, "allow");
  }

  block(address: Address): Promise<void> {
    return this.#move(address, "block");
  }

  forget(address: Address): Promise<void> {
    return this.#move(address, undefined);
  }

  #move(address: Address, to: keyof PresRules | undefined): Promise<void> {
    const uri = uriOfAddress(address);
    return this.#xcap.change(document, (text) => {
      const now = text === undefined ? { allow: [], block: [] } : parsePresRules(text);
      const place = now.allow.includes(uri) ? "allow" : now.block.includes(uri) ? "block" : undefined;
      if (place === to) return undefined;
      const without = (list: readonly string[]): readonly string[] => list.filter((u) => u !== uri);
      const next = { allow: without(now.allow), block: without(now.block) };
      return writePresRules(text, to === undefined ? next : { ...next, [to]: [...next[to], uri] });
    });
  }
}
