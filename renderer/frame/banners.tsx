import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { AccountId, AccountRecord } from "../../shared/model/account.ts";
import { AccountStatus } from "../accounts/account-status.tsx";
import { needsPassword } from "../accounts/password-entry.ts";
import { PasswordPrompt } from "../accounts/password-prompt.tsx";
import { useApp } from "../state/app-context.ts";
import { Problem } from "../widgets/problem.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";

/**
 * Banners about the whole window: no connection at all, an account that only the person or IT can bring back, an
 * archive without which nothing is sent, or trouble with the disk.
 */
export function Banners() {
  const { replica, ui, words } = useApp();
  const { t } = words.value;
  const accounts = replica.accounts.all().filter(({ enabled }) => enabled);
  const notice = replica.app.get("app")?.notice;
  const archiveBlocked = replica.app.get("app")?.archiveBlocked;
  const [dismissed, setDismissed] = useState<string | undefined>(undefined);
  // What was dismissed stays away until it is over; when it comes again, it is news again.
  useEffect(() => {
    if (notice === undefined) setDismissed(undefined);
  }, [notice]);
  const asking = useAsking(accounts);
  const stuck = accounts.filter(
    (account) => account.state === "failed" && account.error !== undefined && !asking.includes(account),
  );
  return (
    <>
      <ConnectionBanner
        accounts={accounts.filter((account) => !asking.includes(account) && !stuck.includes(account))}
        all={accounts}
      />
      {asking.length > 0 && <PasswordPrompts accounts={asking} />}
      {/* The settings show every account as it is, and what to do. */}
      {ui.view.value !== "settings" &&
        stuck.map((account) => (
          <div class="notice" key={account.id}>
            <AccountStatus account={account} />
          </div>
        ))}
      {/* It lasts as long as it lasts: nobody can dismiss why messages are not sent. */}
      {archiveBlocked !== undefined && (
        <div class="notice">
          <Problem error={archiveBlocked} />
        </div>
      )}
      {notice !== undefined && notice.code !== dismissed && (
        <div class="notice">
          <Problem error={notice}>
            <button type="button" class="link-button" onClick={() => setDismissed(notice.code)}>
              {t("app.dismiss")}
            </button>
          </Problem>
        </div>
      )}
    </>
  );
}

/**
 * Accounts that wait for their password, and those that try the one that was entered: a field must not go away under
 * somebody's hands.
 */
function useAsking(accounts: readonly AccountRecord[]): readonly AccountRecord[] {
  const before = useRef<ReadonlySet<AccountId>>(new Set());
  const asking = accounts.filter(
    (account) => needsPassword(account) || (account.state === "connecting" && before.current.has(account.id)),
  );
  before.current = new Set(asking.map(({ id }) => id));
  return asking;
}

/**
 * The password fields, which take the focus from nobody; the one that has it hands it on when its account has signed
 * in.
 */
function PasswordPrompts({ accounts }: { readonly accounts: readonly AccountRecord[] }) {
  const { ui } = useApp();
  const ref = useRef<HTMLDivElement>(null);
  const focused = useRef(false);
  const handOn = (): void => {
    if (!focused.current || (document.activeElement !== null && document.activeElement !== document.body)) return;
    focused.current = false;
    const next = ref.current?.isConnected === true ? ref.current.querySelector<HTMLElement>("input") : null;
    if (next !== null && next !== undefined) next.focus();
    else ui.focusHome.value++;
  };
  useLayoutEffect(handOn, [accounts.length]);
  useLayoutEffect(() => () => queueMicrotask(handOn), []);
  return (
    <div
      ref={ref}
      class="password-banner"
      onFocusIn={() => (focused.current = true)}
      onFocusOut={(event) => {
        // Gone with its field: nobody has moved it.
        if (event.relatedTarget instanceof Node && ref.current?.contains(event.relatedTarget) !== true)
          focused.current = false;
      }}
    >
      {accounts.map((account) => (
        <PasswordPrompt key={account.id} account={account} />
      ))}
    </div>
  );
}
