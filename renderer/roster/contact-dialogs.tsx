import { useState } from "preact/hooks";
import type { AccountId } from "../../shared/model/account.ts";
import type { ContactId } from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { isolate } from "../../shared/text/isolate.ts";
import { isInvisible } from "../../shared/text/visible-name.ts";
import { useApp } from "../state/app-context.ts";
import { networkName } from "../state/networks.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Field, Select } from "../widgets/field.tsx";
import { LookAlikeNote } from "../widgets/look-alike-note.tsx";
import { Problem } from "../widgets/problem.tsx";
import { usableAccounts } from "./usable-accounts.ts";

/** Adds somebody to the list of one account. */
export function AddContactDialog({
  address: given = "",
  accountId: givenAccount,
  onClose,
}: {
  readonly address?: string;
  readonly accountId?: AccountId;
  readonly onClose: () => void;
}) {
  const { client, replica, roster, words, actions } = useApp();
  const { t } = words.value;
  const usable = usableAccounts(replica.accounts.all());
  const [accountId, setAccountId] = useState<AccountId>(givenAccount ?? usable[0]?.id ?? "");
  const [address, setAddress] = useState(given);
  const [name, setName] = useState("");
  const [group, setGroup] = useState("");
  const task = useTask();
  const submit = async (): Promise<void> => {
    const groups = group.trim() === "" ? [] : [group.trim()];
    await task.run(async () => {
      const { contactId } = await client.request("contacts.add", {
        accountId,
        address: address.trim(),
        groups,
        ...(name.trim() === "" ? {} : { name: name.trim() }),
      });
      actions.openConversation(conversationWith(contactId));
    });
  };
  return (
    <Dialog title={t("addContact.title")} onClose={onClose}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {usable.length === 0 ? (
          <p>{t("addContact.noAccount")}</p>
        ) : (
          <>
            {usable.length > 1 && (
              <Select
                label={t("addContact.account")}
                value={accountId}
                onValue={setAccountId}
                options={usable.map((account) => ({
                  value: account.id,
                  label: `${isolate(account.label ?? account.address)} (${networkName(replica, account.protocol)})`,
                }))}
              />
            )}
            <Field
              label={t("addContact.address")}
              value={address}
              onValue={setAddress}
              hint={t("addContact.addressHint")}
              inputMode="email"
              autocomplete="off"
              maxLength={3071}
              first
            />
            <LookAlikeNote accountId={accountId} address={address} name={name.trim() === "" ? undefined : name} />
            <Field label={t("addContact.name")} value={name} onValue={setName} autocomplete="off" maxLength={1023} />
            <Field
              label={t("addContact.group")}
              value={group}
              onValue={setGroup}
              autocomplete="off"
              maxLength={200}
              suggestions={roster.groups.value}
            />
            <p class="field-hint">{t("addContact.explain")}</p>
          </>
        )}
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons
          submit={t("addContact.submit")}
          busy={task.busy}
          disabled={address.trim() === "" || accountId === ""}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

/** Gives somebody another name in the list. */
export function RenameDialog({ contactId, onClose }: { readonly contactId: ContactId; readonly onClose: () => void }) {
  const { client, actions, words } = useApp();
  const { t } = words.value;
  const before = actions.nameOfContact(contactId);
  const [name, setName] = useState(before);
  const task = useTask();
  return (
    <Dialog title={t("rename.title", { name: before })} onClose={onClose}>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          if (await task.run(() => client.request("contacts.update", { contactId, name: name.trim() }))) onClose();
        }}
      >
        <Field label={t("rename.name")} value={name} onValue={setName} autocomplete="off" maxLength={1023} first />
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons submit={t("button.save")} busy={task.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

/** Puts somebody into groups, and takes them out. */
export function GroupsDialog({ contactId, onClose }: { readonly contactId: ContactId; readonly onClose: () => void }) {
  const { client, replica, roster, actions, words } = useApp();
  const { t } = words.value;
  const [chosen, setChosen] = useState<readonly string[]>(() => replica.contacts.peek(contactId)?.groups ?? []);
  const [fresh, setFresh] = useState("");
  const task = useTask();
  const all = [...new Set([...roster.groups.value, ...chosen])].filter((group) => !isInvisible(group));
  const add = (): void => {
    const name = fresh.trim();
    if (name !== "" && !chosen.includes(name)) setChosen([...chosen, name]);
    setFresh("");
  };
  return (
    <Dialog title={t("groups.title", { name: actions.nameOfContact(contactId) })} onClose={onClose}>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          const groups = fresh.trim() === "" || chosen.includes(fresh.trim()) ? [...chosen] : [...chosen, fresh.trim()];
          if (await task.run(() => client.request("contacts.update", { contactId, groups }))) onClose();
        }}
      >
        {all.length === 0 && <p class="field-hint">{t("groups.none")}</p>}
        <div class="checks">
          {all.map((group) => (
            <label key={group} class="check">
              <input
                type="checkbox"
                checked={chosen.includes(group)}
                onChange={(event) =>
                  setChosen(
                    event.currentTarget.checked ? [...chosen, group] : chosen.filter((other) => other !== group),
                  )
                }
              />
              <span dir="auto">{group}</span>
            </label>
          ))}
        </div>
        <Field
          label={t("groups.new")}
          value={fresh}
          onValue={setFresh}
          autocomplete="off"
          maxLength={200}
          end={
            <button type="button" class="link-button" disabled={fresh.trim() === ""} onClick={add}>
              {t("groups.add")}
            </button>
          }
        />
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons submit={t("button.save")} busy={task.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

/** Asks before somebody is removed from the list. */
export function RemoveContactDialog({
  contactId,
  onClose,
}: {
  readonly contactId: ContactId;
  readonly onClose: () => void;
}) {
  const { client, actions, words } = useApp();
  const { t } = words.value;
  const task = useTask();
  return (
    <Dialog title={t("remove.title", { name: actions.nameOfContact(contactId) })} onClose={onClose} consent>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          if (await task.run(() => client.request("contacts.remove", { contactId }))) onClose();
        }}
      >
        <p>{t("remove.text")}</p>
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons submit={t("remove.confirm")} danger busy={task.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
