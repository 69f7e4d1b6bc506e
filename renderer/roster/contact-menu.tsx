import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { useApp } from "../state/app-context.ts";
import { Menu, type MenuItem } from "../widgets/menu.tsx";
import { personActions } from "./person-actions.ts";

/** The context menu of a person, in the contact list and in the list of chats. */
export function ContactMenu() {
  const app = useApp();
  const { ui, replica, words, actions } = app;
  const state = ui.menu.value;
  if (state === undefined) return null;
  const { contactId, x, y } = state;
  if (
    replica.contacts.get(contactId) === undefined &&
    replica.conversations.get(conversationWith(contactId)) === undefined
  )
    return null;
  const { t } = words.value;
  const items: readonly MenuItem[] = [
    { label: t("menu.chat"), icon: "chats", onSelect: () => actions.openConversation(conversationWith(contactId)) },
    ...personActions(app, contactId),
  ];
  return (
    <Menu
      key={`${contactId} ${x} ${y}`}
      label={t("menu.label", { name: actions.nameOfContact(contactId) })}
      items={items}
      x={x}
      y={y}
      onClose={() => (ui.menu.value = undefined)}
    />
  );
}
