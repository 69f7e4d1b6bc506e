import { useState } from "preact/hooks";
import type { LockedBy } from "../../shared/model/app.ts";
import { useApp } from "../state/app-context.ts";
import { correct, useCorrection } from "../state/use-correction.ts";
import { useTask } from "../state/use-task.ts";
import { Field } from "../widgets/field.tsx";
import { Problem } from "../widgets/problem.tsx";
import { StartPage } from "./first-start.tsx";

const texts = { passphrase: "lock.byPassphrase", password: "lock.byPassword", "sign-in": "lock.bySignIn" } as const;

/** All that a locked Hallway shows: nothing of people or messages is in the window while it stands. */
export function LockPage({ by }: { readonly by: LockedBy }) {
  const { client, words } = useApp();
  const { t } = words.value;
  const [address, setAddress] = useState("");
  const [secret, setSecret] = useState("");
  const task = useTask();
  const form = useCorrection(task.error, () => "secret");
  const signsIn = by === "sign-in";
  const unlock = async (): Promise<void> => {
    if (secret === "" || (signsIn && address.trim() === "")) {
      correct(form.current, signsIn && address.trim() === "" ? "address" : "secret");
      return;
    }
    await task.run(() => client.request("lock.unlock", { secret, ...(signsIn ? { address: address.trim() } : {}) }));
  };
  return (
    <StartPage title={t("lock.title")} text={t(texts[by])}>
      <form
        class="form"
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void unlock();
        }}
      >
        {signsIn && (
          <Field
            label={t("account.address")}
            value={address}
            onValue={setAddress}
            inputMode="email"
            autocomplete="username"
            maxLength={3071}
            name="address"
            busy={task.busy}
            first
          />
        )}
        <Field
          label={t(by === "passphrase" ? "vault.passphrase" : "account.password")}
          value={secret}
          onValue={setSecret}
          secret
          autocomplete="current-password"
          maxLength={1023}
          name="secret"
          busy={task.busy}
          first={!signsIn}
        />
        {task.error !== undefined && <Problem error={task.error} />}
        <div class="buttons">
          <button type="submit" class="button primary" aria-disabled={task.busy}>
            {task.busy && <span class="spinner" aria-hidden="true" />}
            {t(task.busy ? "lock.checking" : "lock.unlock")}
          </button>
        </div>
      </form>
    </StartPage>
  );
}
