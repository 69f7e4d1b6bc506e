import { useId, useMemo, useRef, useState } from "preact/hooks";
import type { AccountId } from "../../shared/model/account.ts";
import { fold } from "../roster/fold.ts";
import { accountsFor } from "../roster/usable-accounts.ts";
import { useApp } from "../state/app-context.ts";
import { presenceLine, presenceOf } from "../state/presence.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Dialog } from "../widgets/dialog.tsx";
import { Icon } from "../widgets/icons.tsx";
import { Keys } from "../widgets/keys.tsx";
import { NetworkTag } from "../widgets/network-tag.tsx";
import { type PaletteAction, paletteActions } from "./palette-actions.ts";

const maxPeople = 8;
const maxAccounts = 4;

/** Finds any person or action by what is typed (WAI-ARIA combobox with a listbox). */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const { client, replica, roster, ui, actions, words, clock } = app;
  const { t } = words.value;
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);

  const all = useMemo(() => paletteActions(app), [app, t]);

  const startChat = (address: string, accountId: AccountId): void => {
    client.request("conversations.start", { accountId, address }).then(
      ({ conversationId }) => actions.openConversation(conversationId),
      // The dialog tries again and says what is wrong.
      () => (ui.dialog.value = { kind: "new-chat", address, accountId }),
    );
  };

  const query = fold(text.trim());
  const people = roster.find(text, maxPeople);
  const known = people.some(({ address }) => address === text.trim().toLowerCase());
  const chats = (known ? [] : accountsFor(text, replica.accounts.all())).slice(0, maxAccounts).map((account, _, { length }): PaletteAction => {
    const address = text.trim();
    const label = length > 1 ? t("palette.chatFrom", { address, own: account.label ?? account.address }) : t("palette.chat", { address });
    return { label, icon: "chats", run: () => startChat(address, account.id) };
  });
  const found = query === "" ? all.slice(0, 6) : [...chats, ...all.filter(({ label }) => fold(label).includes(query))];
  const count = people.length + found.length;
  const selected = Math.min(at, Math.max(0, count - 1));

  const choose = (index: number): void => {
    const person = people[index];
    const action = found[index - people.length];
    onClose();
    if (person !== undefined) actions.openConversation(person.id);
    else action?.run();
  };
  const move = (to: number): void => {
    const next = count === 0 ? 0 : (to + count) % count;
    setAt(next);
    list.current?.querySelector(`[data-option="${next}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") move(selected + 1);
    else if (event.key === "ArrowUp") move(selected - 1);
    else if (event.key === "Enter") choose(selected);
    else return;
    event.preventDefault();
  };
  const option = (index: number) => ({
    id: `${listId}-${index}`,
    role: "option" as const,
    "data-option": index,
    "aria-selected": index === selected,
    class: `option${index === selected ? " option-on" : ""}`,
    onMouseMove: () => {
      if (index !== selected) setAt(index);
    },
    onClick: () => choose(index),
  });

  return (
    <Dialog title={t("palette.title")} onClose={onClose} light bare class="palette">
      <div class="palette-box">
        <Icon name="search" size={18} />
        <input
          type="text"
          role="combobox"
          data-autofocus
          aria-label={t("palette.title")}
          aria-expanded={count > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          {...(count > 0 ? { "aria-activedescendant": `${listId}-${selected}` } : {})}
          placeholder={t("palette.placeholder")}
          spellcheck={false}
          autocomplete="off"
          maxLength={200}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div ref={list} id={listId} class="palette-list" role="listbox" aria-label={t("palette.title")}>
        {people.length > 0 && (
          <div role="group" aria-label={t("palette.people")}>
            <p class="palette-group" aria-hidden="true">
              {t("palette.people")}
            </p>
            {people.map((contact, index) => (
              <div key={contact.id} {...option(index)}>
                <Avatar
                  name={contact.name}
                  seed={contact.address}
                  availability={presenceOf(replica, replica.contacts.peek(contact.id) ?? contact).presence.availability}
                />
                <span class="row-text">
                  <span class="name" dir="auto">
                    {contact.name}
                  </span>
                  <span class="sub">
                    <bdi>{contact.address}</bdi> · {presenceLine(presenceOf(replica, replica.contacts.peek(contact.id) ?? contact), words.value, clock.value)}
                  </span>
                </span>
                <NetworkTag protocol={contact.protocol} />
              </div>
            ))}
          </div>
        )}
        {found.length > 0 && (
          <div role="group" aria-label={t("palette.actions")}>
            <p class="palette-group" aria-hidden="true">
              {t("palette.actions")}
            </p>
            {found.map((action, index) => (
              <div key={action.label} {...option(people.length + index)}>
                <span class="option-icon">
                  <Icon name={action.icon} size={18} />
                </span>
                <span class="row-text">{action.label}</span>
                {action.keys !== undefined && <Keys keys={action.keys} />}
              </div>
            ))}
          </div>
        )}
      </div>
      {count === 0 && <p class="palette-none">{t("palette.none", { text: text.trim() })}</p>}
      <p class="visually-hidden" role="status">
        {t("palette.results", { count })}
      </p>
    </Dialog>
  );
}
