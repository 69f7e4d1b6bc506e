import type { AccountId } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import type { ConversationPlace } from "../../shared/model/conversation-id.ts";
import type { SettingValue } from "../../shared/settings/declaration.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";

import { createAudience } from "../guard/audience.ts";

/** Part of a conversation's place that decides whether it is kept. */
export type ScopedPlace = Pick<ConversationPlace, "accountId" | "address">;

/** Rules of HistoryScope as plain data, for the worker. */
export interface ScopeRules {
  readonly scope: SettingValue<"HistoryScope">;
  /** Own addresses of the accounts there are. */
  readonly own: ReadonlyMap<AccountId, Address>;
  /** AllowedDomains, which count as inside (main/guard/audience.ts). The list is not changed, only replaced. */
  readonly allowedDomains: readonly string[];
}

/** Rules as the settings and the accounts are whenever it is asked. */
export function currentScope(
  get: ReadSetting,
  tables: { all(table: "accounts"): Iterable<{ readonly id: AccountId; readonly address: Address }> },
): () => ScopeRules {
  return () => {
    const scope = get("HistoryScope");
    if (scope === "all") return everything;
    return {
      scope,
      own: new Map([...tables.all("accounts")].map(({ id, address }) => [id, address])),
      allowedDomains: get("AllowedDomains"),
    };
  };
}

/** Everything is kept. */
export const everything: ScopeRules = { scope: "all", own: new Map(), allowedDomains: [] };

/**
 * Whether a conversation is kept as HistoryMode says. One of which nobody can tell is kept, as where HistoryScope
 * cannot be read.
 */
export function createScope({ scope, own, allowedDomains }: ScopeRules): (place: ScopedPlace) => boolean {
  if (scope === "all") return () => true;
  const isExternal = createAudience(allowedDomains);
  return ({ accountId, address }) => {
    const external = isExternal({ own: own.get(accountId), peer: address });
    return external === undefined || external === (scope === "external");
  };
}

export function sameRules(a: ScopeRules, b: ScopeRules): boolean {
  if (a === b) return true;
  if (a.scope !== b.scope || a.allowedDomains !== b.allowedDomains || a.own.size !== b.own.size) return false;
  for (const [account, address] of a.own) if (b.own.get(account) !== address) return false;
  return true;
}
