import { HallwayError } from "../../shared/errors.ts";
import type { Args } from "../../shared/ipc/contract.ts";
import type { AccountId, Protocol } from "../../shared/model/account.ts";
import { isPersonal } from "../../shared/model/address.ts";
import { parseAddress } from "../addressing/parse-address.ts";
import type { Accounts } from "./accounts.ts";

/** Longest time that finding a server and signing in to it may take, in milliseconds. */
const addWithin = 60_000;

/** The one account that the person is adding; adding another gives this one up. */
export class AddAccount {
  readonly #accounts: Pick<Accounts, "add">;
  readonly #protocols: readonly Protocol[];
  #adding: AbortController | undefined;

  /** `protocols`: those that are tried where the address names none, in this order. */
  constructor(accounts: Pick<Accounts, "add">, protocols: readonly Protocol[]) {
    this.#accounts = accounts;
    this.#protocols = protocols;
  }

  /** Resolves when it has signed in and is kept. Errors: `invalid-address`, `timed-out`, and those of signing in. */
  async add({ address, password, protocol, server }: Args<"accounts.add">): Promise<AccountId> {
    const parsed = parseAddress(address, protocol);
    if (!isPersonal(parsed.address)) throw new HallwayError("invalid-address");
    const only = parsed.protocol ?? protocol;
    this.cancel();
    const controller = new AbortController();
    this.#adding = controller;
    try {
      const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(addWithin)]);
      const account = { address: parsed.address, password, protocols: only ? [only] : this.#protocols, server };
      return await this.#accounts.add(account, signal);
    } catch (error) {
      if (controller.signal.aborted || !(error instanceof HallwayError) || error.code !== "cancelled") throw error;
      throw new HallwayError("timed-out");
    } finally {
      if (this.#adding === controller) this.#adding = undefined;
    }
  }

  cancel(): void {
    this.#adding?.abort();
  }
}
