import { useId, useRef, useState } from "preact/hooks";
import { HallwayError } from "../../shared/errors.ts";
import type { AccountId } from "../../shared/model/account.ts";
import type { ContactRecord } from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { isolate } from "../../shared/text/isolate.ts";
import { useApp } from "../state/app-context.ts";
import { networkName } from "../state/networks.ts";
import { presenceOf } from "../state/presence.ts";
import { useTask } from "../state/use-task.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Select } from "../widgets/field.tsx";
import { LookAlikeNote } from "../widgets/look-alike-note.tsx";
import { NetworkTag } from "../widgets/network-tag.tsx";
import { Problem } from "../widgets/problem.tsx";
import { usableAccounts } from "./usable-accounts.ts";
import { usePeople } from "./use-people.ts";

const maxFound = 8;

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
  const [text, setText] = useState(given);
  /** The person that the arrows have led to. */
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const task = useTask();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const written = text.trim();
  const isAddress = written.includes("@") || /^(?:xmpp|sips?|im|pres):/i.test(written);
  // One more tells that there are more.
  const { people: found, isCurrent } = usePeople(written === "" ? undefined : written, maxFound + 1);
  const people = found.slice(0, maxFound);
  // Of an address, only the arrows lead to somebody else than was written; a name means the first who has it.
  const at =
    chosen === undefined ? (isAddress || people.length === 0 ? undefined : 0) : Math.min(chosen, people.length - 1);
  const person = at === undefined ? undefined : people[at];

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
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || people.length === 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = at === undefined ? (step === 1 ? 0 : people.length - 1) : (at + step + people.length) % people.length;
    setChosen(next);
    list.current?.querySelector(`[data-option="${next}"]`)?.scrollIntoView({ block: "nearest" });
  };

  const option = (contact: ContactRecord, index: number) => ({
    id: `${id}-${index}`,
    role: "option" as const,
    "data-option": index,
    "aria-selected": index === at,
    class: `option${index === at ? " option-on" : ""}`,
    onMouseMove: () => {
      if (index !== at) setChosen(index);
    },
    onClick: () => actions.openConversation(conversationWith(contact.id)),
  });

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
        <div class="field">
          <label for={`${id}-input`}>{t("newChat.who")}</label>
          <div class="field-box">
            <input
              id={`${id}-input`}
              type="text"
              role="combobox"
              data-autofocus
              aria-expanded={people.length > 0}
              aria-controls={`${id}-list`}
              aria-autocomplete="list"
              aria-describedby={`${id}-hint`}
              {...(at === undefined ? {} : { "aria-activedescendant": `${id}-${at}` })}
              spellcheck={false}
              autocomplete="off"
              maxLength={3071}
              value={text}
              onInput={(event) => {
                setText(event.currentTarget.value);
                setChosen(undefined);
                task.clear();
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <p id={`${id}-hint`} class="field-hint">
            {t("newChat.whoHint")}
          </p>
        </div>
        <div
          ref={list}
          id={`${id}-list`}
          class="found-people"
          role="listbox"
          aria-label={t("newChat.people")}
          hidden={people.length === 0}
        >
          {people.map((contact, index) => (
            <div key={contact.id} {...option(contact, index)}>
              <FoundPerson contact={contact} />
            </div>
          ))}
        </div>
        {person?.listed === false && (
          <LookAlikeNote accountId={person.accountId} address={person.address} name={person.name} />
        )}
        {person === undefined && isAddress && (
          <>
            {accounts.length > 1 && (
              <Select
                label={t("addContact.account")}
                value={accountId}
                onValue={setAccountId}
                options={accounts.map((account) => ({
                  value: account.id,
                  label: `${isolate(account.label ?? account.address)} (${networkName(replica, account.protocol)})`,
                }))}
              />
            )}
            <LookAlikeNote accountId={accountId} address={text} />
          </>
        )}
        <p class="field-hint" role="status">
          {people.length === 0
            ? t("newChat.explain")
            : t(found.length > maxFound ? "newChat.foundFirst" : "newChat.found", { count: people.length })}
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

/**
 * Somebody with all that tells them from others of the same name: address, network, and the account that they are known
 * to.
 */
function FoundPerson({ contact }: { readonly contact: ContactRecord }) {
  const { replica, words } = useApp();
  const { t } = words.value;
  const { presence } = presenceOf(replica, replica.contacts.get(contact.id) ?? contact);
  const own = replica.accounts.size > 1 ? replica.accounts.get(contact.accountId)?.address : undefined;
  return (
    <>
      <Avatar name={contact.name} seed={contact.address} availability={presence.availability} />
      <span class="row-text">
        <span class="name" dir="auto">
          {contact.name}
        </span>
        <span class="sub found-address">
          <bdi>{contact.address}</bdi>
          {own !== undefined && <span> · {t("block.for", { address: own })}</span>}
          {!contact.listed && <span> · {t("roster.unlisted")}</span>}
        </span>
      </span>
      <NetworkTag protocol={contact.protocol} />
    </>
  );
}
