import { useId, useState } from "preact/hooks";
import { HallwayError } from "../../shared/errors.ts";
import type { AccountId } from "../../shared/model/account.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { isolate } from "../../shared/text/isolate.ts";
import { useApp } from "../state/app-context.ts";
import { networkName } from "../state/networks.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Select } from "../widgets/field.tsx";
import { LookAlikeNote } from "../widgets/look-alike-note.tsx";
import { Problem } from "../widgets/problem.tsx";
import { PersonField, PersonList } from "./person-field.tsx";
import { usableAccounts } from "./usable-accounts.ts";
import { usePersonChoice } from "./use-person-choice.ts";

/**
 * A chat with somebody on the list, found by name, or with any address; nothing is sent by it. Everybody found is shown
 * with address and network: a name can be that of several people (WAI-ARIA combobox with a listbox).
 */
export function NewChatDialog({
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
  const accounts = usableAccounts(replica.accounts.all());
  const [accountId, setAccountId] = useState<AccountId>(givenAccount ?? accounts[0]?.id ?? "");
  const choice = usePersonChoice(given);
  const { text, written, isAddress, people, hasMore, isCurrent, person } = choice;
  const task = useTask();
  const id = useId();

  const start = (): void => {
    if (person !== undefined && isCurrent) actions.openConversation(conversationWith(person.id));
    else
      void task.run(async () => {
        // Enter may come before it is known whom the text finds.
        const [first] = isCurrent || isAddress ? [] : await roster.find(written, 1);
        if (first !== undefined) return actions.openConversation(conversationWith(first.id));
        // One word could be the name of a server: who writes a name that nobody has means no server.
        if (!isAddress && !/[.:\d]/.test(written)) throw new HallwayError("invalid-address", { address: written });
        const { conversationId } = await client.request("conversations.start", { accountId, address: written });
        actions.openConversation(conversationId);
      });
  };
  return (
    <Dialog title={t("newChat.title")} onClose={onClose}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <PersonField
          id={id}
          choice={choice}
          onText={(next) => {
            choice.setText(next);
            task.clear();
          }}
        />
        <PersonList id={id} choice={choice} />
        {person?.listed === false && (
          <LookAlikeNote accountId={person.accountId} address={person.address} name={person.name} />
        )}
        {person === undefined && isAddress && (
          <>
            <AccountSelect value={accountId} onValue={setAccountId} />
            <LookAlikeNote accountId={accountId} address={text} />
          </>
        )}
        <p class="field-hint" role="status">
          {people.length === 0
            ? t("newChat.explain")
            : t(hasMore ? "newChat.foundFirst" : "newChat.found", { count: people.length })}
        </p>
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons
          submit={t("newChat.submit")}
          busy={task.busy}
          disabled={person === undefined && (written === "" || accountId === "")}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

interface AccountSelectProps {
  readonly value: AccountId;
  readonly onValue: (id: AccountId) => void;
}

/** The own account to write from, where there are several. */
function AccountSelect({ value, onValue }: AccountSelectProps) {
  const { replica, words } = useApp();
  const accounts = usableAccounts(replica.accounts.all());
  if (accounts.length < 2) return null;
  return (
    <Select
      label={words.value.t("addContact.account")}
      value={value}
      onValue={onValue}
      options={accounts.map((account) => ({
        value: account.id,
        label: `${isolate(account.label ?? account.address)} (${networkName(replica, account.protocol)})`,
      }))}
    />
  );
}
