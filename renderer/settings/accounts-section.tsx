import type { AccountRecord } from "../../shared/model/account.ts";
import { AccountStatus } from "../accounts/account-status.tsx";
import { Incomplete } from "../accounts/incomplete.tsx";
import { managementOf } from "../policy/managed.ts";
import { ManagedNote } from "../policy/managed-note.tsx";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { useChosen } from "../state/use-chosen.ts";
import { useTask } from "../state/use-task.ts";
import { Icon } from "../widgets/icons.tsx";
import { Problem } from "../widgets/problem.tsx";

/** The accounts, with everything that can be done to them. */
export function AccountsSection() {
  const { replica, ui, words } = useApp();
  const { t } = words.value;
  return (
    <>
      {replica.accounts.all().map((account) => (
        <AccountCard key={account.id} account={account} />
      ))}
      <Incomplete errors={replica.app.get("app")?.incomplete ?? []} />
      {settingValue(replica, "AccountManagementEnabled") && (
        <button type="button" class="button" onClick={() => (ui.dialog.value = { kind: "add-account" })}>
          <Icon name="plus" size={16} /> {t("action.addAccount")}
        </button>
      )}
    </>
  );
}

function AccountCard({ account: listed }: { readonly account: AccountRecord }) {
  const { client, replica, ui, words } = useApp();
  const { t } = words.value;
  const task = useTask();
  const account = replica.accounts.get(listed.id) ?? listed;
  const accountId = account.id;
  const enabled = useChosen(account.enabled);
  // IT set it up, or lets nobody change accounts: only the password is the person's then.
  const fixed =
    account.provisioned === true
      ? "ProvisionedAccounts"
      : settingValue(replica, "AccountManagementEnabled")
        ? undefined
        : "AccountManagementEnabled";
  const management = fixed && managementOf(replica, replica.settings.get(fixed));
  return (
    <section class="account-card" aria-label={account.address}>
      <AccountStatus account={account} />
      {account.state === "online" && (
        <p class="setting-hint">{t(account.security === undefined ? "details.unprotected" : "details.protected")}</p>
      )}
      <label class="setting-switch">
        <span>{t("account.enabled")}</span>
        <input
          type="checkbox"
          role="switch"
          class="switch"
          checked={enabled.shown}
          disabled={task.busy || fixed !== undefined}
          onChange={async (event) => {
            const next = event.currentTarget.checked;
            enabled.choose(next);
            if (!(await task.run(() => client.request("accounts.update", { accountId, enabled: next }))))
              enabled.takeBack();
          }}
        />
      </label>
      {task.error !== undefined && <Problem error={task.error} />}
      <div class="account-buttons" role="group" aria-label={t("account.actions", { address: account.address })}>
        {fixed === undefined && (
          <button type="button" class="button" onClick={() => (ui.dialog.value = { kind: "edit-account", accountId })}>
            {t("account.edit")}
          </button>
        )}
        <button type="button" class="button" onClick={() => (ui.dialog.value = { kind: "password", accountId })}>
          {t("account.changePassword")}
        </button>
        {fixed === undefined && (
          <button
            type="button"
            class="button danger-quiet"
            onClick={() => (ui.dialog.value = { kind: "remove-account", accountId })}
          >
            {t("account.remove")}
          </button>
        )}
      </div>
      {management !== undefined && <ManagedNote management={management} />}
    </section>
  );
}
