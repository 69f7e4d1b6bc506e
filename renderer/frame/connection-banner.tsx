import type { AccountRecord } from "../../shared/model/account.ts";
import type { Words } from "../../shared/words/words.ts";
import { NextTry } from "../accounts/next-try.tsx";
import { useApp } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";

/**
 * Says that no account is connected, and what is affected: the account that tries again by itself, or the person who is
 * offline. `accounts`: those that nothing else in the window speaks of; `all`: every account that is turned on.
 */
export function ConnectionBanner({
  accounts,
  all,
}: {
  readonly accounts: readonly AccountRecord[];
  readonly all: readonly AccountRecord[];
}) {
  const { words } = useApp();
  const { t } = words.value;
  if (accounts.length === 0 || all.some(({ state }) => state === "online")) return null;
  const connecting = accounts.some(({ state }) => state === "connecting");
  const waiting = accounts.filter(({ state }) => state === "waiting");
  return (
    <div class="banner">
      {connecting ? <span class="spinner" aria-hidden="true" /> : <Icon name="offline" size={16} />}
      <p class="banner-text" role="status">
        {connecting ? t("app.banner.connecting") : sentence(waiting, words.value)}
      </p>
      {waiting.length > 0 && (
        <div class="banner-next">
          {waiting.map((account) => (
            <NextTry key={account.id} account={account} named={accounts.length > 1} />
          ))}
        </div>
      )}
    </div>
  );
}

/** "You are offline" is only for being offline: by choice, or without a network. */
function sentence(waiting: readonly AccountRecord[], { t }: Words): string {
  const [first] = waiting;
  if (first === undefined || waiting.every(({ error }) => error === undefined || error.code === "no-network"))
    return t("app.banner.offline");
  return waiting.length === 1
    ? t("app.banner.waiting", { address: first.address })
    : t("app.banner.waitingAll", { count: waiting.length });
}
