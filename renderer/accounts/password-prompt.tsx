import { useRef } from "preact/hooks";
import type { ErrorCode, ErrorInfo } from "../../shared/errors.ts";
import type { AccountRecord } from "../../shared/model/account.ts";
import type { WordKey, Words } from "../../shared/words/words.ts";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { Icon } from "../widgets/icons.tsx";
import { Problem } from "../widgets/problem.tsx";
import { needsPassword, type PasswordEntry, passwordField, usePasswordEntry } from "./password-entry.ts";
import { PasswordField } from "./password-field.tsx";

/** Errors after which the server has refused something, with the sentence that names the account. */
const refusals = {
  "wrong-password": "account.passwordRefused",
  "password-expired": "account.passwordExpired",
  "sign-in-refused": "account.signInRefused",
  "account-refused": "account.refused",
} as const satisfies Partial<Record<ErrorCode, WordKey>>;

/**
 * Why an account asks for its password: who set it up, or that the server refused the last one. Always names the
 * account.
 */
function passwordReason(account: AccountRecord, organization: string, { t }: Words): string {
  const { address } = account;
  const refusal = refusalOf(account);
  if (refusal !== undefined) return t(refusals[refusal], { address });
  if (account.provisioned !== true) return t("account.passwordWanted", { address });
  return organization === "" ? t("account.setUp", { address }) : t("account.setUpBy", { address, organization });
}

function refusalOf({ error }: AccountRecord): keyof typeof refusals | undefined {
  return error !== undefined && error.code in refusals ? (error.code as keyof typeof refusals) : undefined;
}

/** An account that cannot sign in without its password: says which one and why, and takes the password in place. */
export function PasswordPrompt({
  account,
  first = false,
}: {
  readonly account: AccountRecord;
  readonly first?: boolean;
}) {
  const { replica, words } = useApp();
  const { t } = words.value;
  const entry = usePasswordEntry(account);
  // The sentence stays while the server is asked: the account says nothing of it then.
  const shown = useRef(account);
  if (!entry.busy) shown.current = account;
  const refusal = refusalOf(shown.current);
  const reason = passwordReason(shown.current, settingValue(replica, "OrganizationName"), words.value);
  return (
    <form
      class="password-prompt"
      ref={entry.form}
      noValidate
      aria-label={t("account.passwordTitle", { address: account.address })}
      onSubmit={(event) => {
        event.preventDefault();
        if (!entry.busy) entry.submit();
      }}
    >
      <p class="password-reason" role={refusal === undefined ? "status" : "alert"}>
        <Icon name={refusal !== undefined ? "alert" : account.provisioned === true ? "building" : "info"} size={18} />
        <span>
          <WithAddress text={reason} address={account.address} />
          {refusal !== undefined && refusal !== "wrong-password" && (
            <span class="password-next"> {t(`error.${refusal}.next`)}</span>
          )}
        </span>
      </p>
      <PasswordRow account={account} entry={entry} first={first} />
      {entry.error !== undefined && <Problem error={entry.error} />}
      {account.error !== undefined && account.state !== "online" && !entry.busy && !needsPassword(account) && (
        <Trouble account={account} error={account.error} />
      )}
    </form>
  );
}

/** A sentence whose address stays on one line where it has room, and keeps its direction. */
function WithAddress({ text, address }: { readonly text: string; readonly address: string }) {
  const at = text.indexOf(address);
  if (at < 0) return <>{text}</>;
  return (
    <>
      {text.slice(0, at)}
      <bdi class="password-address">{address}</bdi>
      {text.slice(at + address.length)}
    </>
  );
}

/** Obstacle to signing in that no password removes: the server away, a certificate that nobody vouches for. */
function Trouble({ account, error }: { readonly account: AccountRecord; readonly error: ErrorInfo }) {
  const { client, words } = useApp();
  return (
    <Problem error={error}>
      <button
        type="button"
        class="link-button"
        onClick={() => void client.request("accounts.retry", { accountId: account.id }).catch(() => undefined)}
      >
        {words.value.t("button.tryAgain")}
      </button>
    </Problem>
  );
}

function PasswordRow({
  account,
  entry,
  first,
}: {
  readonly account: AccountRecord;
  readonly entry: PasswordEntry;
  readonly first: boolean;
}) {
  const { t } = useApp().words.value;
  return (
    <div class="password-row">
      <PasswordField
        label={t("account.passwordOf", { address: account.address })}
        bare
        placeholder={t("account.password")}
        name={passwordField}
        value={entry.password}
        onValue={entry.setPassword}
        busy={entry.busy}
        first={first}
      />
      <button type="submit" class="button primary" aria-disabled={entry.busy}>
        {entry.busy && <span class="spinner" aria-hidden="true" />}
        {t(entry.busy ? "account.state.connecting" : "account.signIn")}
      </button>
    </div>
  );
}
