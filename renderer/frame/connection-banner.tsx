import type { AccountRecord } from "../../shared/model/account.ts";
import type { Words } from "../../shared/words/words.ts";
import { useApp } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";

/**
 * Says that no account is connected, and what is affected: the account that tries again by itself, or the person who is offline.
 * `accounts`: those that nothing else in the window speaks of; `all`: every account that is turned on.
 */
export function ConnectionBanner({ accounts, all }: { readonly accounts: readonly AccountRecord[]; readonly all: readonly AccountRecord[] }) {
  const { client, words, clock } = useApp();
  const { t, duration } = words.value;
  if (accounts.length === 0 || all.some(({ state }) => state === "online")) return null;
  const connecting = accounts.some(({ state }) => state === "connecting");
  const waiting = accounts.filter(({ state }) => state === "waiting");
  const retryAt = Math.min(...waiting.map((account) => account.retryAt ?? Number.POSITIVE_INFINITY));
  const wait = retryAt - clock.value;
  return (
    <div class="banner" role="status">
      {connecting ? <span class="spinner" aria-hidden="true" /> : <Icon name="offline" size={16} />}
      <span>{connecting ? t("app.banner.connecting") : sentence(waiting, words.value)}</span>
      {!connecting && waiting.length > 0 && (
        <span class="banner-next">
          {Number.isFinite(wait) && wait > 0 && <span>{t("account.retryIn", { duration: duration(wait) })}</span>}
          <button type="button" class="link-button" onClick={() => void client.request("accounts.retry", {}).catch(() => undefined)}>
            {t("button.tryAgain")}
          </button>
        </span>
      )}
    </div>
  );
}

/** "You are offline" is only for being offline: by choice, or without a network. */
function sentence(waiting: readonly AccountRecord[], { t }: Words): string {
  const [first] = waiting;
  if (first === undefined || waiting.every(({ error }) => error === undefined || error.code === "no-network")) return t("app.banner.offline");
  return waiting.length === 1 ? t("app.banner.waiting", { address: first.address }) : t("app.banner.waitingAll", { count: waiting.length });
}
