import { useState } from "preact/hooks";
import type { AccountId } from "../../shared/model/account.ts";
import { maxStatusLength, type OwnPresence, ownAvailabilities } from "../../shared/model/presence.ts";
import { useApp } from "../state/app-context.ts";
import { useChosen } from "../state/use-chosen.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { Field, Select } from "../widgets/field.tsx";
import { PresenceDot } from "../widgets/presence-dot.tsx";
import { Problem } from "../widgets/problem.tsx";
import { AccountStatus } from "./account-status.tsx";
import { SeenPresence } from "./seen-presence.tsx";

/** An availability, or for one account: the same as for all. */
type Choice = OwnPresence["availability"] | "follow";

/** Own presence and status text, for all accounts at once or for one; and how the accounts are. */
export function PresenceDialog({ onClose }: { readonly onClose: () => void }) {
  const { client, replica, words } = useApp();
  const { t } = words.value;
  const accounts = replica.accounts.all();
  const [scope, setScope] = useState<AccountId | "all">("all");
  const forAll: OwnPresence = replica.app.get("app")?.presence ?? { availability: "available" };
  const account = scope === "all" ? undefined : replica.accounts.get(scope);
  const current = account?.presence ?? forAll;
  const [status, setStatus] = useState(current.status ?? "");
  const task = useTask();
  const set = (presence: OwnPresence | null): Promise<boolean> =>
    task.runInTurn(() =>
      client.request("presence.set", { ...(scope === "all" ? {} : { accountId: scope }), presence }),
    );
  const withStatus = (availability: OwnPresence["availability"], text: string): OwnPresence => ({
    availability,
    ...(text.trim() === "" ? {} : { status: text.trim() }),
  });
  const choice = useChosen<Choice>(
    account !== undefined && account.presence === undefined ? "follow" : current.availability,
  );
  const choose = async (next: Choice): Promise<void> => {
    choice.choose(next);
    if (!(await set(next === "follow" ? null : withStatus(next, status)))) choice.takeBack();
  };

  return (
    <Dialog title={t("presenceMenu.label")} onClose={onClose} light class="presence-dialog">
      <div class="form">
        {accounts.length > 1 && (
          <Select
            label={t("presenceMenu.for")}
            value={scope}
            onValue={(next) => {
              setScope(next);
              setStatus((next === "all" ? forAll : (replica.accounts.peek(next)?.presence ?? forAll)).status ?? "");
            }}
            options={[
              { value: "all", label: t("presenceMenu.all") },
              ...accounts.map(({ id, label, address }) => ({ value: id, label: label || address })),
            ]}
          />
        )}
        <AvailabilityChoices
          shown={choice.shown}
          {...(account === undefined ? {} : { followed: forAll.availability })}
          onChoose={choose}
        />
        <form
          onSubmit={async (event) => {
            event.preventDefault();
            if (await set(withStatus(current.availability, status))) onClose();
          }}
        >
          <Field
            label={t("presenceMenu.status")}
            value={status}
            onValue={setStatus}
            placeholder={t("presenceMenu.statusHint")}
            autocomplete="off"
            maxLength={maxStatusLength}
            end={
              <button type="submit" class="link-button" disabled={task.busy}>
                {t("presenceMenu.set")}
              </button>
            }
          />
        </form>
        {task.error !== undefined && <Problem error={task.error} />}
        <section class="presence-accounts" aria-label={t("presenceMenu.accounts")}>
          {accounts.map((other) => (
            <div key={other.id}>
              <AccountStatus account={other} />
              <SeenPresence account={other} />
            </div>
          ))}
        </section>
      </div>
    </Dialog>
  );
}

interface AvailabilityChoicesProps {
  readonly shown: Choice;
  /** Availability for all accounts, which one account can follow; undefined: these choices are for all. */
  readonly followed?: OwnPresence["availability"];
  readonly onChoose: (choice: Choice) => Promise<void>;
}

function AvailabilityChoices({ shown, followed, onChoose }: AvailabilityChoicesProps) {
  const { t } = useApp().words.value;
  return (
    <fieldset class="choices">
      <legend class="visually-hidden">{t("details.presence")}</legend>
      {followed !== undefined && (
        <label class="choice">
          <input type="radio" name="presence" checked={shown === "follow"} onChange={() => void onChoose("follow")} />
          <PresenceDot availability={followed} />
          <span>{t("presenceMenu.follow")}</span>
        </label>
      )}
      {ownAvailabilities.map((availability) => (
        <label key={availability} class="choice">
          <input
            type="radio"
            name="presence"
            checked={shown === availability}
            data-autofocus={shown === availability}
            onChange={() => void onChoose(availability)}
          />
          <PresenceDot availability={availability} />
          <span>{t(`presence.${availability}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
