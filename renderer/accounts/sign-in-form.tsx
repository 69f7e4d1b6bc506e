import { useEffect, useRef, useState } from "preact/hooks";
import type { ErrorCode, ErrorInfo } from "../../shared/errors.ts";
import { useApp } from "../state/app-context.ts";
import { correct, useCorrection } from "../state/use-correction.ts";
import { useTask } from "../state/use-task.ts";
import { Field } from "../widgets/field.tsx";
import { Icon } from "../widgets/icons.tsx";
import { Problem } from "../widgets/problem.tsx";
import { isCredentialError } from "./password-entry.ts";
import { PasswordField } from "./password-field.tsx";
import { ServerFields } from "./server-fields.tsx";
import { emptyServerForm, isServerFormValid, serverSettingsOf } from "./server-form.ts";

/** Errors that another address puts right, and those that another server does where the person named one. */
const addressErrors: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "invalid-address",
  "already-exists",
  "unknown-host",
  "unsupported",
]);
const serverErrors: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "unknown-host",
  "connection-refused",
  "timed-out",
  "tls-failed",
  "tls-required",
]);

/**
 * The field to correct after an error. Undefined: none is wrong; a certificate that nobody trusts says nothing against
 * the password.
 */
function fieldOf({ code }: ErrorInfo, namesServer: boolean): string | undefined {
  if (namesServer && serverErrors.has(code)) return "host";
  if (addressErrors.has(code)) return "address";
  return isCredentialError(code) ? "password" : undefined;
}

/** Address and password; the rest is found. Whatever goes wrong, what was typed stays. */
export function SignInForm({ onDone, onCancel }: { readonly onDone: () => void; readonly onCancel?: () => void }) {
  const { replica, client, words } = useApp();
  const { t } = words.value;
  const [address, setAddress] = useState("");
  const [password, setPassword] = useState("");
  const [server, setServer] = useState(emptyServerForm);
  const [advanced, setAdvanced] = useState(false);
  const [tried, setTried] = useState(false);
  const task = useTask();
  const form = useCorrection(task.error, (error) => fieldOf(error, server.host !== ""));
  useCancelOnLeave(task.busy);

  const submit = async (): Promise<void> => {
    setTried(true);
    if (address.trim() === "" || password === "") correct(form.current, address.trim() === "" ? "address" : "password");
    else if (!isServerFormValid(server, replica.networks.all())) correct(form.current);
    if (address.trim() === "" || password === "" || !isServerFormValid(server, replica.networks.all())) return;
    const done = await task.run(() =>
      client.request("accounts.add", {
        address: address.trim(),
        password,
        ...(server.protocol === "auto" ? {} : { protocol: server.protocol }),
        server: serverSettingsOf(server, replica.networks.all()),
      }),
    );
    if (done) onDone();
  };

  return (
    <form
      class="form"
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field
        label={t("account.address")}
        value={address}
        onValue={setAddress}
        hint={t("account.addressHint")}
        error={tried && address.trim() === "" ? t("account.needAddress") : undefined}
        inputMode="email"
        autocomplete="username"
        maxLength={3071}
        name="address"
        busy={task.busy}
        first
      />
      <PasswordField
        label={t("account.password")}
        name="password"
        value={password}
        onValue={setPassword}
        error={tried && password === "" ? t("account.needPassword") : undefined}
        busy={task.busy}
      />
      {task.error !== undefined && <Problem error={task.error} />}
      <details class="advanced" open={advanced} onToggle={(event) => setAdvanced(event.currentTarget.open)}>
        <summary>
          <Icon name="chevronRight" size={14} class="mirrored" />
          {t("account.advanced")}
        </summary>
        <ServerFields
          form={server}
          onForm={(change) => setServer((before) => ({ ...before, ...change }))}
          disabled={task.busy}
        />
      </details>
      <SignInButtons busy={task.busy} {...(onCancel === undefined ? {} : { onCancel })} />
    </form>
  );
}

/** Left while signing in (the dialog was closed): nothing goes on behind the person's back. */
function useCancelOnLeave(isBusy: boolean): void {
  const { client } = useApp();
  const busy = useRef(false);
  busy.current = isBusy;
  useEffect(
    () => () => {
      if (busy.current) client.request("accounts.cancelAdd", {}).catch(() => undefined);
    },
    [client],
  );
}

interface SignInButtonsProps {
  readonly busy: boolean;
  readonly onCancel?: () => void;
}

function SignInButtons({ busy, onCancel }: SignInButtonsProps) {
  const { client, words } = useApp();
  const { t } = words.value;
  return (
    <div class="buttons">
      {busy ? (
        <>
          <p class="progress" role="status">
            <span class="spinner" aria-hidden="true" />
            {t("account.signingIn")}
          </p>
          <button
            type="button"
            class="button"
            onClick={() => void client.request("accounts.cancelAdd", {}).catch(() => undefined)}
          >
            {t("button.cancel")}
          </button>
        </>
      ) : (
        <>
          {onCancel !== undefined && (
            <button type="button" class="button" onClick={onCancel}>
              {t("button.cancel")}
            </button>
          )}
          <button type="submit" class="button primary">
            {t("account.signIn")}
          </button>
        </>
      )}
    </div>
  );
}
