import { useState } from "preact/hooks";
import type { AccountId } from "../../shared/model/account.ts";
import { isolate } from "../../shared/text/isolate.ts";
import { useApp } from "../state/app-context.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Field, Select } from "../widgets/field.tsx";
import { LookAlikeNote } from "../widgets/look-alike-note.tsx";
import { Problem } from "../widgets/problem.tsx";
import { usableAccounts } from "./usable-accounts.ts";

/** A chat with any address, on the list or not; nothing is sent by it. */
export function NewChatDialog({
  address: given = "",
  accountId: givenAccount,
  onClose,
}: {
  readonly address?: string;
  readonly accountId?: AccountId;
  readonly onClose: () => void;
}) {
  const { client, replica, words, actions } = useApp();
  const { t } = words.value;
  const accounts = usableAccounts(replica.accounts.all());
  const [accountId, setAccountId] = useState<AccountId>(givenAccount ?? accounts[0]?.id ?? "");
  const [address, setAddress] = useState(given);
  const task = useTask();
  return (
    <Dialog title={t("newChat.title")} onClose={onClose}>
      <form
        class="form"
        noValidate
        onSubmit={async (event) => {
          event.preventDefault();
          await task.run(async () => {
            const { conversationId } = await client.request("conversations.start", { accountId, address: address.trim() });
            actions.openConversation(conversationId);
          });
        }}
      >
        {accounts.length > 1 && (
          <Select
            label={t("addContact.account")}
            value={accountId}
            onValue={setAccountId}
            options={accounts.map((account) => ({
              value: account.id,
              label: `${isolate(account.label ?? account.address)} (${t(`network.${account.protocol}`)})`,
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
        <LookAlikeNote accountId={accountId} address={address} />
        <p class="field-hint">{t("newChat.explain")}</p>
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons submit={t("newChat.submit")} busy={task.busy} disabled={address.trim() === "" || accountId === ""} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
