import { useRef } from "preact/hooks";
import type { AccountRecord } from "../../shared/model/account.ts";
import { useApp } from "../state/app-context.ts";
import type { Replica } from "../state/replica.ts";
import { settingValue } from "../state/setting.ts";
import { StartPage } from "./first-start.tsx";
import { Incomplete } from "./incomplete.tsx";
import { needsPassword } from "./password-entry.ts";
import { PasswordPrompt } from "./password-prompt.tsx";

/**
 * Whether this is the first start with accounts that the organization set up: all of them wait for a password, and
 * nobody is known yet.
 */
export function isManagedStart(replica: Replica): boolean {
  const accounts = enabledAccounts(replica);
  return (
    accounts.length > 0 &&
    accounts.every((account) => account.provisioned === true && needsPassword(account)) &&
    (replica.roster.get("roster")?.people ?? 0) === 0 &&
    replica.conversations.size === 0
  );
}

/** Whether the page of a managed first start has nothing left to ask. */
export function isManagedStartOver(replica: Replica): boolean {
  const accounts = enabledAccounts(replica);
  return (
    accounts.length === 0 ||
    !accounts.some(
      (account) => account.provisioned === true && (needsPassword(account) || account.state === "connecting"),
    )
  );
}

function enabledAccounts(replica: Replica): readonly AccountRecord[] {
  return replica.accounts.all().filter(({ enabled }) => enabled);
}

/** First start with accounts that the organization set up: only their passwords are missing. */
export function ManagedStart({ onLater }: { readonly onLater: () => void }) {
  const { replica, words } = useApp();
  const { t } = words.value;
  const contact = settingValue(replica, "SupportContact");
  // Those that are asked for stay in their places until all is done, whatever becomes of one of them.
  const asked = useRef<ReadonlySet<string>>(new Set());
  const accounts = enabledAccounts(replica).filter((account) => account.provisioned === true);
  asked.current = new Set([...asked.current, ...accounts.filter(needsPassword).map(({ id }) => id)]);
  const open = accounts.filter(({ id, state }) => asked.current.has(id) && state !== "online");
  return (
    <StartPage title={t("start.title")} text="">
      <Incomplete errors={replica.app.get("app")?.incomplete ?? []} />
      <div class="password-prompts">
        {open.map((account, index) => (
          <PasswordPrompt key={account.id} account={account} first={index === 0} />
        ))}
      </div>
      <p class="start-note">{t("account.privacy")}</p>
      {contact !== "" && <p class="start-note">{t("settings.managedAsk", { contact })}</p>}
      <p class="start-later">
        <button type="button" class="link-button" onClick={onLater}>
          {t("start.later")}
        </button>
      </p>
    </StartPage>
  );
}
