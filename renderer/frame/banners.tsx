import { useEffect, useState } from "preact/hooks";
import type { ErrorCode } from "../../shared/errors.ts";
import { AccountStatus } from "../accounts/account-status.tsx";
import { useApp } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";
import { Problem } from "../widgets/problem.tsx";

/** What only the person, or IT, can put right. */
const personActs: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "password-needed",
  "password-expired",
  "sign-in-refused",
  "weaker-sign-in",
  "blocked-by-policy",
]);

/** What concerns the whole window: no connection at all, an account that only the person or IT can bring back, an archive without which nothing is sent, or trouble with the disk. */
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
  const connecting = accounts.some(({ state }) => state === "connecting");
  const offline = accounts.length > 0 && !accounts.some(({ state }) => state === "online");
  return (
    <>
      {offline && (
        <div class="banner" role="status">
          {connecting ? <span class="spinner" aria-hidden="true" /> : <Icon name="offline" size={16} />}
          <span>{t(connecting ? "app.banner.connecting" : "app.banner.offline")}</span>
        </div>
      )}
      {/* The settings show every account as it is, and what to do. */}
      {ui.view.value !== "settings" &&
        accounts
          .filter(({ state, error }) => state === "failed" && error !== undefined && personActs.has(error.code))
          .map((account) => (
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
