import { useState } from "preact/hooks";
import type { AccountRecord } from "../../shared/model/account.ts";
import { useApp } from "../state/app-context.ts";
import { correct, useCorrection } from "../state/use-correction.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Field } from "../widgets/field.tsx";
import { Problem } from "../widgets/problem.tsx";
import { passwordField, usePasswordEntry } from "./password-entry.ts";
import { PasswordField } from "./password-field.tsx";
import { ServerFields } from "./server-fields.tsx";
import { isServerFormValid, serverFormOf, serverSettingsOf } from "./server-form.ts";
import { SignInForm } from "./sign-in-form.tsx";

export function AddAccountDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={useApp().words.value.t("start.another")} onClose={onClose}>
      <SignInForm onDone={onClose} onCancel={onClose} />
    </Dialog>
  );
}

interface AccountDialogProps {
  readonly account: AccountRecord;
  readonly onClose: () => void;
}

/** Changes how an account is named and reached. */
export function EditAccountDialog({ account, onClose }: AccountDialogProps) {
  const { client, replica, words } = useApp();
  const { t } = words.value;
  const [label, setLabel] = useState(account.label ?? "");
  const [server, setServer] = useState(() => serverFormOf(account.server, account.protocol, replica.networks.all()));
  const task = useTask();
  const form = useCorrection(task.error, () => "host");
  return (
    <Dialog title={t("account.editTitle", { address: account.address })} onClose={onClose}>
      <form
        class="form"
        ref={form}
        noValidate
        onSubmit={async (event) => {
          event.preventDefault();
          if (!isServerFormValid(server, replica.networks.all())) {
            correct(form.current);
            return;
          }
          const changes = {
            accountId: account.id,
            label: label.trim(),
            server: serverSettingsOf(server, replica.networks.all(), account.server),
          };
          if (await task.run(() => client.request("accounts.update", changes))) onClose();
        }}
      >
        <Field label={t("account.label")} value={label} onValue={setLabel} autocomplete="off" maxLength={200} first />
        <ServerFields
          form={server}
          onForm={(change) => setServer((before) => ({ ...before, ...change }))}
          fixedProtocol
          disabled={task.busy}
        />
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons submit={t("button.save")} busy={task.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

/** Takes the password that Hallway signs in with, and stays open while the server refuses it. */
export function PasswordDialog({ account, onClose }: AccountDialogProps) {
  const { t } = useApp().words.value;
  const entry = usePasswordEntry(account, onClose);
  return (
    <Dialog title={t("account.passwordTitle", { address: account.address })} onClose={onClose}>
      <form
        class="form"
        ref={entry.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!entry.busy) entry.submit();
        }}
      >
        <p class="field-hint">{t("account.passwordText")}</p>
        <PasswordField
          label={t("account.newPassword")}
          name={passwordField}
          value={entry.password}
          onValue={entry.setPassword}
          busy={entry.busy}
          first
        />
        {entry.refused && account.error !== undefined && <Problem error={account.error} />}
        {entry.error !== undefined && <Problem error={entry.error} />}
        <DialogButtons
          submit={t("button.save")}
          busy={entry.busy}
          disabled={entry.password === ""}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

/** Asks before an account is taken off this computer. */
export function RemoveAccountDialog({ account, onClose }: AccountDialogProps) {
  const { client, words } = useApp();
  const { t } = words.value;
  const task = useTask();
  return (
    <Dialog title={t("account.removeTitle", { address: account.address })} onClose={onClose} consent>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          if (await task.run(() => client.request("accounts.remove", { accountId: account.id }))) onClose();
        }}
      >
        <p>{t("account.removeText")}</p>
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons submit={t("account.removeConfirm")} danger busy={task.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
