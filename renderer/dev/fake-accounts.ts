import { HallwayError } from "../../shared/errors.ts";
import type { AccountRecord } from "../../shared/model/account.ts";
import type { HandlersOf } from "./fake-handlers.ts";

/** Accounts of the stand-in for main: whatever is added is online at once. */
export const accountHandlers: HandlersOf = (store) => ({
  "accounts.add": ({ address, protocol, server }) => {
    const record: AccountRecord = {
      id: `account-${store.accounts.size}new`,
      protocol: protocol ?? "xmpp",
      address,
      enabled: true,
      server,
      state: "online",
      security: "TLSv1.3",
      facets: { messages: { correct: false, retract: false, sendTyping: false, sendReceipt: false } },
    };
    store.accounts.set(record.id, record);
    store.publish([{ op: "put", table: "accounts", id: record.id, record }]);
    return { accountId: record.id };
  },
  "accounts.update": ({ accountId, ...change }) => {
    const before = store.accounts.get(accountId);
    if (before === undefined) throw new HallwayError("not-found");
    const record: AccountRecord = {
      ...before,
      ...(change.label === undefined ? {} : { label: change.label }),
      ...(change.server === undefined ? {} : { server: change.server }),
      ...(change.enabled === undefined
        ? {}
        : { enabled: change.enabled, state: change.enabled ? "online" : "signed-out" }),
    };
    store.accounts.set(accountId, record);
    store.publish([{ op: "put", table: "accounts", id: accountId, record }]);
    return {};
  },
  "accounts.remove": ({ accountId }) => {
    store.accounts.delete(accountId);
    store.publish([{ op: "remove", table: "accounts", id: accountId }]);
    return {};
  },
  "presence.set": ({ presence }) => {
    store.putApp({ ...store.app, presence: presence ?? { availability: "available" } });
    return {};
  },
});
