import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { Menu, type MenuItem } from "../widgets/menu.tsx";
import { awaitsAnswer } from "./waiting.ts";

/** The context menu of a person. */
export function ContactMenu() {
  const { ui, replica, client, words, actions } = useApp();
  const state = ui.menu.value;
  if (state === undefined) return null;
  const { contactId, x, y } = state;
  const contact = replica.contacts.get(contactId);
  if (contact === undefined) return null;
  const { t } = words.value;
  const items: MenuItem[] = [
    { label: t("menu.chat"), icon: "chats", onSelect: () => actions.openConversation(contactId) },
    {
      label: t(contact.pinned ? "menu.unpin" : "menu.pin"),
      icon: contact.pinned ? "pinOff" : "pin",
      onSelect: () => void client.request("contacts.update", { contactId, pinned: !contact.pinned }).catch(() => undefined),
    },
    ...(settingValue(replica, "ClipboardEnabled")
      ? [{ label: t("menu.copyAddress"), icon: "copy" as const, onSelect: () => void navigator.clipboard?.writeText(contact.address).catch(() => undefined) }]
      : []),
  ];
  if (awaitsAnswer(contact)) items.push({ label: t("askAgain.do"), icon: "refresh", onSelect: () => actions.askAgain(contactId) });
  if (contact.listed) {
    items.push(
      { label: t("menu.rename"), icon: "pencil", onSelect: () => (ui.dialog.value = { kind: "rename", contactId }) },
      { label: t("menu.groups"), icon: "folder", onSelect: () => (ui.dialog.value = { kind: "groups", contactId }) },
      { label: t("menu.remove"), icon: "trash", danger: true, onSelect: () => (ui.dialog.value = { kind: "remove-contact", contactId }) },
    );
  } else {
    items.push({
      label: t("menu.add"),
      icon: "userPlus",
      onSelect: () => (ui.dialog.value = { kind: "add-contact", address: contact.address, accountId: contact.accountId }),
    });
  }
  return (
    <Menu
      key={`${contactId} ${x} ${y}`}
      label={t("menu.label", { name: contact.name })}
      items={items}
      x={x}
      y={y}
      onClose={() => (ui.menu.value = undefined)}
    />
  );
}
