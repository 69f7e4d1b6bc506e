import { type Address, isPersonal } from "../../../shared/model/address.ts";
import type { ContactStore } from "./contact-store.ts";
import { parseNameAddress, type SipRequest } from "./wire/message.ts";
import { parseSipUri } from "./wire/uri.ts";

/** Options of disclosing. */
export interface DisclosureOptions {
  readonly own: Address;
  /** Own SIP URI. */
  readonly aor: string;
  readonly store: ContactStore;
  /** False: nobody learns from us that we are here. */
  readonly isSeen: () => boolean;
  /** Strangers learn nothing from us. */
  readonly isHiding: () => boolean;
}

/** People who may learn from an answer of ours that somebody is here. */
export class Disclosure {
  readonly #options: DisclosureOptions;

  constructor(options: DisclosureOptions) {
    this.#options = options;
  }

  /**
   * Our server and people of ours may know what we take; a stranger, or who does not say who they are, does not learn
   * from us that somebody is here.
   */
  hidesFrom(request: SipRequest, from: Address | undefined): boolean {
    const { own, store, isSeen, isHiding } = this.#options;
    if (from === own) return false;
    if (from !== undefined && store.isBlocked(from)) return true;
    if (!isSeen()) return true;
    if (!isHiding() || (from !== undefined && store.knows(from))) return false;
    return (from !== undefined && isPersonal(from)) || !this.#isOwnServer(request);
  }

  /** A host of the own domain asks, without a user, as servers do that look whether a connection lives. */
  #isOwnServer(request: SipRequest): boolean {
    const from = parseSipUri(parseNameAddress(request.headers.get("from") ?? "").uri);
    const own = parseSipUri(this.#options.aor)?.host;
    return own !== undefined && from?.userinfo === undefined && `.${from?.host.toLowerCase()}`.endsWith(`.${own}`);
  }
}
