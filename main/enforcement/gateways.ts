import type { ErrorInfo } from "../../shared/errors.ts";
import { type Address, domainOf, isUri, localOf } from "../../shared/model/address.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { comparable } from "../addressing/domains.ts";
import { blocked } from "./rules.ts";

/**
 * An address inside an address: `bob*sip.example`, `bob%sip.example` or, as XEP-0106 escapes it, `bob\40sip.example`
 * before the @.
 */
const nested = /.(?:\*|%(?:40)?|\\40)[^*%\\]+\.[^*%\\.]+$/u;
/** More than any organization has; a server that names more is not believed. */
const maxKnown = 1000;

/**
 * GatewaysEnabled: whether one may talk with people of other networks through a gateway (XEP-0100), telephones among
 * them.
 */
export class Gateways {
  readonly #get: ReadSetting;
  readonly #known = new Set<string>();

  constructor(get: ReadSetting) {
    this.#get = get;
  }

  /** Why one may not talk with this address; undefined: it is behind no gateway that is known, or that is allowed. */
  refusal(address: Address): ErrorInfo | undefined {
    if (this.#get("GatewaysEnabled")) return undefined;
    const domain = domainOf(address);
    return isUri(address) || this.#known.has(comparable(domain)) || nested.test(localOf(address))
      ? blocked("GatewaysEnabled", { domain })
      : undefined;
  }

  /** A server has said that this domain is one. */
  learn(domain: string): void {
    if (this.#known.size < maxKnown) this.#known.add(comparable(domain));
  }
}
