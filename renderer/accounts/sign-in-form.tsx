import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../state/app-context.ts";
import { useTask } from "../state/use-task.ts";
import { Field } from "../widgets/field.tsx";
import { Icon } from "../widgets/icons.tsx";
import { Problem } from "../widgets/problem.tsx";
import { ServerFields } from "./server-fields.tsx";
import { emptyServerForm, isServerFormValid, serverSettingsOf } from "./server-form.ts";

/** Address and password; the rest is found. Whatever goes wrong, what was typed stays. */
export function SignInForm({ onDone, onCancel }: { readonly onDone: () => void; readonly onCancel?: () => void }) {
  const { client, words } = useApp();
  const { t } = words.value;
  const [address, setAddress] = useState("");
  const [password, setPassword] = useState("");
  const [visible, setVisible] = useState(false);
  const [server, setServer] = useState(emptyServerForm);
  const [advanced, setAdvanced] = useState(false);
  const [tried, setTried] = useState(false);
  const task = useTask();
  // Left while signing in (the dialog was closed): nothing goes on behind the person's back.
  const busy = useRef(false);
  busy.current = task.busy;
  useEffect(
    () => () => {
      if (busy.current) client.request("accounts.cancelAdd", {}).catch(() => undefined);
    },
    [client],
  );

  const submit = async (): Promise<void> => {
    setTried(true);
    if (address.trim() === "" || password === "" || !isServerFormValid(server)) return;
    const done = await task.run(() =>
      client.request("accounts.add", {
        address: address.trim(),
        password,
        ...(server.protocol === "auto" ? {} : { protocol: server.protocol }),
        server: serverSettingsOf(server),
      }),
    );
    if (done) onDone();
  };

  return (
    <form
      class="form"
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
        disabled={task.busy}
        first
      />
      <Field
        label={t("account.password")}
        value={password}
        onValue={setPassword}
        error={tried && password === "" ? t("account.needPassword") : undefined}
        secret={!visible}
        autocomplete="current-password"
        maxLength={1023}
        disabled={task.busy}
        end={
          <button
            type="button"
            class="icon-button small"
            aria-pressed={visible}
            aria-label={t(visible ? "account.hidePassword" : "account.showPassword")}
            title={t(visible ? "account.hidePassword" : "account.showPassword")}
            onClick={() => setVisible(!visible)}
          >
            <Icon name={visible ? "eyeOff" : "eye"} size={16} />
          </button>
        }
      />
      {task.error !== undefined && <Problem error={task.error} />}
      <details class="advanced" open={advanced} onToggle={(event) => setAdvanced(event.currentTarget.open)}>
        <summary>
          <Icon name="chevronRight" size={14} class="mirrored" />
          {t("account.advanced")}
        </summary>
        <ServerFields form={server} onForm={setServer} disabled={task.busy} />
      </details>
      <div class="buttons">
        {task.busy ? (
          <>
            <p class="progress" role="status">
              <span class="spinner" aria-hidden="true" />
              {t("account.signingIn")}
            </p>
            <button type="button" class="button" onClick={() => void client.request("accounts.cancelAdd", {}).catch(() => undefined)}>
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
    </form>
  );
}
