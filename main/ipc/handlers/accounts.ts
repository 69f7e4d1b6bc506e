import { HallwayError } from "../../../shared/errors.ts";
import { protocols } from "../../../shared/model/account.ts";
import { isPersonal } from "../../../shared/model/address.ts";
import type { Accounts } from "../../accounts/accounts.ts";
import { parseAddress } from "../../addressing/parse-address.ts";
import type { Handlers } from "../dispatch.ts";

type AccountHandlers = Pick<
  Handlers,
  | "accounts.add"
  | "accounts.cancelAdd"
  | "accounts.update"
  | "accounts.setPassword"
  | "accounts.remove"
  | "accounts.retry"
  | "accounts.allowWeakerSignIn"
  | "presence.set"
>;

/** Longest time that finding a server and signing in to it may take, in milliseconds. */
const addWithin = 60_000;

/**
 * Requests about accounts and the person's own presence. `accounts` throws `vault-locked` while the vault is closed.
 */
export function accountHandlers(accounts: () => Accounts): AccountHandlers {
  let adding: AbortController | undefined;
  return {
    async "accounts.add"({ address, password, protocol, server }) {
      const parsed = parseAddress(address, protocol);
      if (!isPersonal(parsed.address)) throw new HallwayError("invalid-address");
      const only = parsed.protocol ?? protocol;
      adding?.abort();
      const controller = new AbortController();
      adding = controller;
      try {
        const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(addWithin)]);
        return {
          accountId: await accounts().add(
            { address: parsed.address, password, protocols: only ? [only] : protocols, server },
            signal,
          ),
        };
      } catch (error) {
        if (controller.signal.aborted || !(error instanceof HallwayError) || error.code !== "cancelled") throw error;
        throw new HallwayError("timed-out");
      } finally {
        if (adding === controller) adding = undefined;
      }
    },
    "accounts.cancelAdd"() {
      adding?.abort();
      return {};
    },
    async "accounts.update"({ accountId, label, server, enabled }) {
      await accounts().update(accountId, {
        ...(label === undefined ? {} : { label }),
        ...(server === undefined ? {} : { server }),
        ...(enabled === undefined ? {} : { enabled }),
      });
      return {};
    },
    async "accounts.setPassword"({ accountId, password }) {
      await accounts().setPassword(accountId, password);
      return {};
    },
    async "accounts.remove"({ accountId }) {
      await accounts().remove(accountId);
      return {};
    },
    "accounts.retry"({ accountId }) {
      accounts().retry(accountId);
      return {};
    },
    async "accounts.allowWeakerSignIn"({ accountId, method }) {
      await accounts().allowWeakerSignIn(accountId, method);
      return {};
    },
    async "presence.set"({ accountId, presence }) {
      await accounts().setPresence(accountId, presence);
      return {};
    },
  };
}
