import { type ErrorInfo, HallwayError } from "../../shared/errors.ts";
import type { AccountConfig, AccountId } from "../../shared/model/account.ts";
import { type Address, domainOf } from "../../shared/model/address.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { IncomingMessage } from "../networks/facets/messages.ts";
import type { Federation } from "./federation.ts";

/** Rules for everything that goes through a connection. */
export interface TrafficRules {
  readonly talk: Federation;
  /** Whom the person has blocked. */
  readonly blocklist: { covers(accountId: AccountId, address: Address): boolean };
  /** A server has said that this domain is a gateway; `talk` knows it from then on. */
  readonly learnGateway: (domain: string) => void;
  /** Why nothing may be said to anybody now. */
  readonly silenced: () => ErrorInfo | undefined;
  /** The part of the person's presence that others may see. */
  readonly shown: (presence: OwnPresence) => OwnPresence;
}

/** The rules as they apply to one account. Its governed facets ask here before anything goes out or comes in. */
export class Governor {
  readonly #rules: TrafficRules;
  readonly #accountId: AccountId;
  readonly #ownDomain: string;

  constructor(rules: TrafficRules, account: Pick<AccountConfig, "id" | "address">) {
    this.#rules = rules;
    this.#accountId = account.id;
    this.#ownDomain = domainOf(account.address);
  }

  /** Why there is no contact with an address at all, in either direction. */
  refusalOf(address: Address): ErrorInfo | undefined {
    return (
      this.#rules.talk(address, this.#ownDomain) ??
      (this.#rules.blocklist.covers(this.#accountId, address)
        ? { code: "contact-blocked", params: { address } }
        : undefined)
    );
  }

  /** Why nothing may be said to an address now. */
  silenceFor(address: Address): ErrorInfo | undefined {
    return this.#rules.silenced() ?? this.refusalOf(address);
  }

  mayMeet(address: Address): boolean {
    return this.refusalOf(address) === undefined;
  }

  /** Neither a room nor anybody who speaks for another brings more than the other two could. */
  mayHear({ peer, through }: Pick<IncomingMessage, "peer" | "through">): boolean {
    return this.mayMeet(peer) && (through === undefined || this.mayMeet(through));
  }

  /** Throws `refusalOf` the address. */
  meet(address: Address): void {
    throwIf(this.refusalOf(address));
  }

  /** Throws where nothing may be said to the address: `refusalOf` first, then the silence of all. */
  speakTo(address: Address): void {
    this.meet(address);
    throwIf(this.#rules.silenced());
  }

  shown(presence: OwnPresence): OwnPresence {
    return this.#rules.shown(presence);
  }

  learnGateway(domain: string): void {
    this.#rules.learnGateway(domain);
  }
}

function throwIf(refusal: ErrorInfo | undefined): void {
  if (refusal) throw new HallwayError(refusal.code, refusal.params);
}
