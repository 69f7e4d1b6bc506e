import type { Accounts } from "../../accounts/accounts.ts";
import type { AddAccount } from "../../accounts/add-account.ts";
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

export interface AccountServices {
  readonly accounts: Accounts;
  readonly addAccount: AddAccount;
}

/** Requests about accounts and the person's own presence. */
export function accountHandlers(services: () => AccountServices): AccountHandlers {
  return {
    async "accounts.add"(account) {
      return { accountId: await services().addAccount.add(account) };
    },
    "accounts.cancelAdd"() {
      services().addAccount.cancel();
      return {};
    },
    async "accounts.update"({ accountId, label, server, enabled }) {
      await services().accounts.update(accountId, {
        ...(label === undefined ? {} : { label }),
        ...(server === undefined ? {} : { server }),
        ...(enabled === undefined ? {} : { enabled }),
      });
      return {};
    },
    async "accounts.setPassword"({ accountId, password }) {
      await services().accounts.setPassword(accountId, password);
      return {};
    },
    async "accounts.remove"({ accountId }) {
      await services().accounts.remove(accountId);
      return {};
    },
    "accounts.retry"({ accountId }) {
      services().accounts.retry(accountId);
      return {};
    },
    async "accounts.allowWeakerSignIn"({ accountId, method }) {
      await services().accounts.allowWeakerSignIn(accountId, method);
      return {};
    },
    async "presence.set"({ accountId, presence }) {
      await services().accounts.setPresence(accountId, presence);
      return {};
    },
  };
}
