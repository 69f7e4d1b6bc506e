import { useEffect, useState } from "preact/hooks";
import { useApp } from "../state/app-context.ts";
import { useCorrection } from "../state/use-correction.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Field } from "../widgets/field.tsx";
import { Problem } from "../widgets/problem.tsx";
import { NewPassphraseFields, useNewPassphrase } from "./new-passphrase.tsx";

/** Texts for each change: the key alone, the passphrase with it, or where the key is. */
const texts = {
  key: { title: "key.changeTitle", text: "key.changeText", submit: "key.changeDo" },
  passphrase: { title: "key.passphraseTitle", text: "key.changeText", submit: "key.passphraseDo" },
  "to-store": { title: "key.toStoreTitle", text: "key.toStoreText", submit: "key.changeDo" },
} as const;

/** Changes the key of everything on this computer. The window shows how far it is meanwhile (VaultPage). */
export function KeyDialog({ change, onClose }: { readonly change: keyof typeof texts; readonly onClose: () => void }) {
  const { client, replica, words } = useApp();
  const { t } = words.value;
  const byPassphrase = replica.app.get("app")?.vaultKind === "passphrase";
  const [current, setCurrent] = useState("");
  const task = useTask();
  const form = useCorrection(task.error, ({ code }) => (code === "passphrase-weak" ? "new-passphrase" : "current"));
  const entry = useNewPassphrase(form);
  // While it is changed the whole window shows that, and this dialog does not come back after it.
  useEffect(() => onClose, []);

  const submit = async (): Promise<void> => {
    if (change === "passphrase" && !entry.check()) return;
    const done = await task.run(() =>
      client.request("vault.change", {
        ...(byPassphrase ? { current } : {}),
        ...(change === "passphrase" ? { passphrase: entry.value } : {}),
        ...(change === "to-store" ? { secretStore: true } : {}),
      }),
    );
    if (done) onClose();
  };

  return (
    <Dialog title={t(texts[change].title)} onClose={onClose} consent={!byPassphrase}>
      <form
        class="form"
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p>{t(texts[change].text)}</p>
        {byPassphrase && (
          <Field
            label={t("key.current")}
            value={current}
            onValue={setCurrent}
            secret
            autocomplete="current-password"
            maxLength={1023}
            name="current"
            busy={task.busy}
            first
          />
        )}
        {change === "passphrase" && <NewPassphraseFields entry={entry} label={t("key.new")} busy={task.busy} />}
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons
          submit={t(texts[change].submit)}
          busy={task.busy}
          disabled={byPassphrase && current === ""}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}
