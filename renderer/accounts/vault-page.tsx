import { useState } from "preact/hooks";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { AppRecord } from "../../shared/model/app.ts";
import { useApp } from "../state/app-context.ts";
import { correct, useCorrection } from "../state/use-correction.ts";
import { useTask } from "../state/use-task.ts";
import { Field } from "../widgets/field.tsx";
import { Problem } from "../widgets/problem.tsx";
import { StartPage } from "./first-start.tsx";
import { NewPassphraseFields, useNewPassphrase } from "./new-passphrase.tsx";

/** Where there is no secret store: a passphrase is made once and typed at each start. */
export function VaultPage({ app }: { readonly app: AppRecord }) {
  if (app.vault === "failed") return <VaultFailed error={app.vaultError ?? { code: "vault-unavailable" }} />;
  if (app.vault === "changing") return <Changing progress={app.vaultProgress ?? 0} />;
  return app.vault === "new" ? <MakePassphrase reason={app.vaultReason} /> : <Unlock />;
}

/** Page for a vault that failed. The cause may be gone meanwhile: the secret store unlocked, the disk back. */
function VaultFailed({ error }: { readonly error: ErrorInfo }) {
  const { client, words } = useApp();
  const { t } = words.value;
  const task = useTask();
  return (
    <StartPage title={t("vault.failed")} text="">
      <div class="form">
        <Problem error={task.error ?? error} />
        <div class="buttons">
          <button
            type="button"
            class="button"
            disabled={task.busy}
            onClick={() => void client.request("app.quit", {}).catch(() => undefined)}
          >
            {t("action.quit")}
          </button>
          <button
            type="button"
            class="button primary"
            aria-disabled={task.busy}
            onClick={() => void task.run(() => client.request("vault.retry", {}))}
          >
            {task.busy && <span class="spinner" aria-hidden="true" />}
            {task.busy ? t("vault.working") : t("button.tryAgain")}
          </button>
        </div>
      </div>
    </StartPage>
  );
}

/** Everything gets another key; there is nothing to do but wait. */
function Changing({ progress }: { readonly progress: number }) {
  const { t } = useApp().words.value;
  const text = t("vault.progress", { percent: Math.floor(progress * 100) });
  return (
    <StartPage title={t("vault.changing")} text={t("vault.changingText")}>
      <progress class="key-progress" value={progress} max={1} aria-label={t("vault.changing")} aria-valuetext={text} />
      <p class="field-hint">{text}</p>
    </StartPage>
  );
}

function MakePassphrase({ reason }: { readonly reason: AppRecord["vaultReason"] }) {
  const { client, words } = useApp();
  const { t } = words.value;
  const task = useTask();
  const form = useCorrection(task.error, () => "new-passphrase");
  const entry = useNewPassphrase(form);
  return (
    <StartPage title={t("vault.new")} text={t("vault.newText")}>
      <p class="start-why">{t(reason === "secret-store-locked" ? "vault.storeLocked" : "vault.noStore")}</p>
      <form
        class="form"
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (entry.check()) void task.run(() => client.request("vault.create", { passphrase: entry.value }));
        }}
      >
        <NewPassphraseFields entry={entry} label={t("vault.passphrase")} busy={task.busy} first />
        {task.error !== undefined && <Problem error={task.error} />}
        <VaultButton busy={task.busy} label={t("vault.create")} />
      </form>
    </StartPage>
  );
}

function Unlock() {
  const { client, words } = useApp();
  const { t } = words.value;
  const [passphrase, setPassphrase] = useState("");
  const task = useTask();
  const form = useCorrection(task.error, () => "passphrase");
  return (
    <StartPage title={t("vault.locked")} text={t("vault.lockedText")}>
      <form
        class="form"
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase === "") correct(form.current, "passphrase");
          else void task.run(() => client.request("vault.unlock", { passphrase }));
        }}
      >
        <Field
          label={t("vault.passphrase")}
          value={passphrase}
          onValue={setPassphrase}
          secret
          autocomplete="current-password"
          maxLength={1023}
          name="passphrase"
          busy={task.busy}
          first
        />
        {task.error !== undefined && <Problem error={task.error} />}
        <VaultButton busy={task.busy} label={t("vault.unlock")} />
      </form>
    </StartPage>
  );
}

function VaultButton({ busy, label }: { readonly busy: boolean; readonly label: string }) {
  const { t } = useApp().words.value;
  return (
    <div class="buttons">
      <button type="submit" class="button primary" aria-disabled={busy}>
        {busy && <span class="spinner" aria-hidden="true" />}
        {busy ? t("vault.working") : label}
      </button>
    </div>
  );
}
