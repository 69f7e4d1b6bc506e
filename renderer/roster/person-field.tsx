import type { ContactRecord } from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import { useApp } from "../state/app-context.ts";
import { presenceOf } from "../state/presence.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { NetworkTag } from "../widgets/network-tag.tsx";
import type { PersonChoice } from "./use-person-choice.ts";

interface PersonFieldProps {
  /** Begins the ids of its elements and of the list's. */
  readonly id: string;
  readonly choice: PersonChoice;
  readonly onText: (text: string) => void;
}

/** The box for a name or an address. */
export function PersonField({ id, choice, onText }: PersonFieldProps) {
  const { t } = useApp().words.value;
  const { text, people, at, move } = choice;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || people.length === 0) return;
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  };
  return (
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
          onInput={(event) => onText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <p id={`${id}-hint`} class="field-hint">
        {t("newChat.whoHint")}
      </p>
    </div>
  );
}

interface PersonListProps {
  readonly id: string;
  readonly choice: PersonChoice;
  readonly onOpen: (id: ConversationId) => void;
}

/** The people found, each with address and network. */
export function PersonList({ id, choice, onOpen }: PersonListProps) {
  const { words } = useApp();
  const { people, at, list, choose } = choice;
  const option = (contact: ContactRecord, index: number) => ({
    id: `${id}-${index}`,
    role: "option" as const,
    "data-option": index,
    "aria-selected": index === at,
    class: `option${index === at ? " option-on" : ""}`,
    onMouseMove: () => {
      if (index !== at) choose(index);
    },
    onClick: () => onOpen(conversationWith(contact.id)),
  });

  return (
    <div
      ref={list}
      id={`${id}-list`}
      class="found-people"
      role="listbox"
      aria-label={words.value.t("newChat.people")}
      hidden={people.length === 0}
    >
      {people.map((contact, index) => (
        <div key={contact.id} {...option(contact, index)}>
          <FoundPerson contact={contact} />
        </div>
      ))}
    </div>
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
