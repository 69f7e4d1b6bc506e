import { randomUUID } from "node:crypto";
import { HallwayError } from "../../../../shared/errors.ts";
import type { AccountConfig } from "../../../../shared/model/account.ts";
import { domainOf, localOf } from "../../../../shared/model/address.ts";
import type { NetworkEnvironment } from "../../environment.ts";
import type { Credentials, Endpoint } from "../../network.ts";
import type { SignInMemory } from "../../sign-in-memory.ts";
import { strengthOf } from "../sasl/strength.ts";
import type { PreviousSession } from "./negotiate.ts";
import { orAborted, type Reached, type SignInOptions, signIn } from "./sign-in.ts";

export interface AccountSignInOptions extends Pick<SignInOptions, "endpoints" | "reach"> {
  readonly account: AccountConfig;
  readonly credentials: Credentials;
  readonly environment: NetworkEnvironment;
  /** The domain as it stands in DNS and certificates. */
  readonly domain: string;
  readonly memory: SignInMemory;
}

/** Signing in of one account, again and again: with its password, at the endpoints of its domain. */
export class AccountSignIn {
  readonly #options: AccountSignInOptions;
  /**
   * Nobody who was told it in an earlier run can address this one (RFC 6120 section 7.6.2.1); the same in every session
   * of a run, so that a new one takes the place of its predecessor.
   */
  readonly #resource = `Hallway.${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  #first: Endpoint | undefined;

  constructor(options: AccountSignInOptions) {
    this.#options = options;
  }

  /** The endpoint that the server sent us to when it ended the last stream comes first, once. */
  goFirst(endpoint: Endpoint | undefined): void {
    this.#first = endpoint;
  }

  /** `previous`: the session to go on with. Errors: `password-needed`, those of `signIn`. */
  async run(previous: PreviousSession | undefined, signal: AbortSignal): Promise<Reached> {
    const { account, credentials, environment, domain, reach, memory } = this.#options;
    const { address } = account;
    const password = await orAborted(credentials.password(), signal);
    if (password === undefined) throw new HallwayError("password-needed");
    const strongest = await orAborted(memory.get(), signal);
    return signIn(
      { endpoints: (during) => this.#endpoints(during), reach, domain, log: environment.log },
      {
        bare: address,
        domain: domainOf(address),
        username: account.server.authUser ?? localOf(address),
        password,
        resource: this.#resource,
        previous,
        floor: strongest === undefined ? undefined : strengthOf(strongest),
        unbound: false,
        may: (mechanism) => environment.rules.method(mechanism),
      },
      signal,
    );
  }

  async *#endpoints(signal: AbortSignal): AsyncGenerator<Endpoint, void, undefined> {
    const first = this.#first;
    this.#first = undefined;
    if (first) yield first;
    yield* this.#options.endpoints(signal);
  }
}
