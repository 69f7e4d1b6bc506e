import type { ErrorCode } from "../../shared/errors.ts";
import type { AccountRecord } from "../../shared/model/account.ts";
import type { Words } from "../../shared/words/words.ts";
import { useApp } from "../state/app-context.ts";
import { NetworkTag } from "../widgets/network-tag.tsx";
import { Problem } from "../widgets/problem.tsx";
import { Countdown } from "./next-try.tsx";
import { needsPassword } from "./password-entry.ts";

/** Errors that ask for a password and may have another cause than the one that is there. */
const otherCauses: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["sign-in-refused", "account-refused"]);

/** An account's state in words. */
function accountStateWords(account: AccountRecord, { t }: Words): string {
  if (!account.enabled) return t("account.state.disabled");
  if (account.syncing === true && account.state === "online") return t("account.syncing");
  return t(`account.state.${account.state}`);
}

/** One account with its state, and what to do when it is in trouble. */
export function AccountStatus({ account }: { readonly account: AccountRecord }) {
  const { client, words, ui } = useApp();
  const { t } = words.value;
  const weaker = account.error?.code === "weaker-sign-in" ? account.error.params?.["now"] : undefined;
  return (
    <div class="account-status">
      <div class="account-line">
        <span class={`account-dot account-${account.enabled ? account.state : "signed-out"}`} aria-hidden="true" />
        <bdi class="account-address" title={account.address}>
          {account.label || account.address}
        </bdi>
        <NetworkTag protocol={account.protocol} />
        <span class="account-state">
          {account.enabled && account.state === "waiting" && account.retryAt !== undefined ? (
            <Countdown until={account.retryAt} />
          ) : (
            accountStateWords(account, words.value)
          )}
        </span>
      </div>
      {account.enabled && account.error !== undefined && account.state !== "online" && (
        <Problem error={account.error} quiet>
          {needsPassword(account) && (
            <button
              type="button"
              class="link-button"
              onClick={() => (ui.dialog.value = { kind: "password", accountId: account.id })}
            >
              {t("account.enterPassword")}
            </button>
          )}
          {/* The same password again would only count as one more wrong one, except where it may not have been the reason. */}
          {(!needsPassword(account) || otherCauses.has(account.error.code)) && (
            <button
              type="button"
              class="link-button"
              onClick={() => void client.request("accounts.retry", { accountId: account.id }).catch(() => undefined)}
            >
              {t("button.tryAgain")}
            </button>
          )}
          {typeof weaker === "string" && (
            <button
              type="button"
              class="link-button"
              onClick={() =>
                void client
                  .request("accounts.allowWeakerSignIn", { accountId: account.id, method: weaker })
                  .catch(() => undefined)
              }
            >
              {t("account.allowWeaker")}
            </button>
          )}
        </Problem>
      )}
    </div>
  );
}
