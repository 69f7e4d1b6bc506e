import { useId, useState } from "preact/hooks";
import { HallwayError } from "../../shared/errors.ts";
import type { AccountId } from "../../shared/model/account.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import { isolate } from "../../shared/text/isolate.ts";
import { useApp } from "../state/app-context.ts";
import { networkName } from "../state/networks.ts";
import type { DialogState } from "../state/ui.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Select } from "../widgets/field.tsx";
import { LookAlikeNote } from "../widgets/look-alike-note.tsx";
import { Problem } from "../widgets/problem.tsx";
import { PersonField, PersonList } from "./person-field.tsx";
import { accountsFor, usableAccounts } from "./usable-accounts.ts";
import { usePersonChoice } from "./use-person-choice.ts";

interface NewChatDialogProps extends Omit<Extract<DialogState, { kind: "new-chat" }>, "kind"> {
  readonly onClose: () => void;
}

/**
 * A chat with somebody on the list, found by name, or with any address; nothing is sent by it. Everybody found is shown
 * with address and network: a name can be that of several people (WAI-ARIA combobox with a listbox).
 */
export function NewChatDialog({ address, accountId: givenAccount, fromLink, onClose }: NewChatDialogProps) {
  const { client, replica, roster, words, actions, ui } = useApp();
  const { t } = words.value;
  const given = fromLink?.address ?? address ?? "";
  const [firstAccount] = [
    ...accountsFor(given, replica.accounts.all(), replica.networks.all()),
    ...usableAccounts(replica.accounts.all()),
  ];
  const [accountId, setAccountId] = useState<AccountId>(givenAccount ?? firstAccount?.id ?? "");
  const choice = usePersonChoice(given);
  const { text, written, isAddress, people, hasMore, isCurrent, person } = choice;
  const task = useTask();
  const problem = task.error ?? (text === given ? fromLink?.error : undefined);
  const id = useId();

  const open = (conversationId: ConversationId): void => {
    actions.openConversation(conversationId);
    if (fromLink?.text !== undefined) ui.fillIn.value = { conversationId, text: fromLink.text };
  };
  const start = (): void => {
    if (person !== undefined && isCurrent) open(conversationWith(person.id));
    else
      void task.run(async () => {
        // Enter may come before it is known whom the text finds.
        const [first] = isCurrent || isAddress ? [] : await roster.find(written, 1);
        if (first !== undefined) return open(conversationWith(first.id));
        // One word could be the name of a server: who writes a name that nobody has means no server.
        if (!isAddress && !/[.:\d]/.test(written)) throw new HallwayError("invalid-address", { address: written });
        const { conversationId } = await client.request("conversations.start", { accountId, address: written });
        open(conversationId);
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
        <PersonList id={id} choice={choice} onOpen={open} />
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
            ? t(fromLink === undefined ? "newChat.explain" : "newChat.fromLink")
            : t(hasMore ? "newChat.foundFirst" : "newChat.found", { count: people.length })}
        </p>
        {problem !== undefined && <Problem error={problem} />}
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
