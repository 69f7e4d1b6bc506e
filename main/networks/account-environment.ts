import type { AccountId } from "../../shared/model/account.ts";
import type { NetworkEnvironment } from "./environment.ts";
import type { Log } from "./log.ts";

/** The environment of one account: every line that it logs names the account. */
export function accountEnvironment(environment: NetworkEnvironment, account: AccountId): NetworkEnvironment {
  const { log } = environment;
  const named: Log = {
    debug: (what, about) => log.debug(what, { account, ...about }),
    info: (what, about) => log.info(what, { account, ...about }),
    warn: (what, about) => log.warn(what, { account, ...about }),
  };
  // Not a copy: what policy says is read anew whenever it is asked for.
  return Object.create(environment, { log: { value: named, enumerable: true } }) as NetworkEnvironment;
}
