import { useEffect, useState } from "preact/hooks";
import type { AccountRecord } from "../../shared/model/account.ts";
import type { Words } from "../../shared/words/words.ts";
import { useApp } from "../state/app-context.ts";

/** Milliseconds until an instant, drawn anew at each whole second of the rest; nothing else is drawn with it. */
function useRest(until: number): number {
  const [now, setNow] = useState(Date.now);
  const rest = until - now;
  useEffect(() => {
    if (rest <= 0) return undefined;
    const timer = setTimeout(() => setNow(Date.now()), rest % second || second);
    return () => clearTimeout(timer);
  }, [rest]);
  return rest;
}

const second = 1_000;
const minute = 60 * second;

function nextTryWords(rest: number, { t, number, duration }: Words): string {
  if (rest <= 0) return t("account.retryNow");
  const seconds = Math.ceil(rest / second);
  return seconds < 100
    ? t("account.retrySeconds", { seconds: number(seconds) })
    : t("account.retryIn", { duration: duration(Math.max(rest, minute)) });
}

/**
 * Time until an account's next try. A timer is not live: a screen reader reads it when the person goes there, not every
 * second.
 */
export function Countdown({ until }: { readonly until: number }) {
  const { words } = useApp();
  return (
    <span class="countdown" role="timer">
      {nextTryWords(useRest(until), words.value)}
    </span>
  );
}

/**
 * When an account that waits tries again, and the way not to wait. `named`: it says whose try it is, where there are
 * several.
 */
export function NextTry({
  account: listed,
  named = false,
}: {
  readonly account: AccountRecord;
  readonly named?: boolean;
}) {
  const { client, replica, words } = useApp();
  const { t } = words.value;
  const account = replica.accounts.get(listed.id) ?? listed;
  const { id: accountId, address, retryAt } = account;
  return (
    <span class="next-try">
      {named && <bdi class="next-try-address">{address}</bdi>}
      {retryAt !== undefined && <Countdown until={retryAt} />}
      {(named || retryAt !== undefined) && <span aria-hidden="true">·</span>}
      <button
        type="button"
        class="link-button"
        aria-label={t("account.tryNowLabel", { address })}
        onClick={() => void client.request("accounts.retry", { accountId }).catch(() => undefined)}
      >
        {t("account.tryNow")}
      </button>
    </span>
  );
}
