import { awaitsAnswer, type ContactId } from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import type { AppParts } from "../state/app-context.ts";
import { blockOf } from "../state/blocks.ts";
import { settingValue } from "../state/setting.ts";
import type { MenuItem } from "../widgets/menu.tsx";

/** Actions on a person and the chat with them, wherever they are offered: in their menu, and in the palette. */
export function personActions(app: AppParts, contactId: ContactId): readonly MenuItem[] {
  return [...chatActions(app, contactId), ...listActions(app, contactId), ...endingActions(app, contactId)];
}

/** Actions on the chat with them, beside opening it. */
function chatActions({ ui, replica, client, actions, words }: AppParts, contactId: ContactId): readonly MenuItem[] {
  const { t } = words.value;
  const contact = replica.contacts.get(contactId);
  const items: MenuItem[] = [];
  if (contact !== undefined) {
    items.push({
      label: t(contact.pinned ? "menu.unpin" : "menu.pin"),
      icon: contact.pinned ? "pinOff" : "pin",
      onSelect: () =>
        void client.request("contacts.update", { contactId, pinned: !contact.pinned }).catch(() => undefined),
    });
  }
  if ((replica.conversations.get(conversationWith(contactId))?.unread ?? 0) > 0) {
    items.push({
      label: t("menu.markRead"),
      icon: "check",
      onSelect: () => actions.markRead(conversationWith(contactId)),
    });
  }
  items.push({
    label: t("menu.details"),
    icon: "panel",
    onSelect: () => actions.showDetails(conversationWith(contactId)),
  });
  // Where policy forbids it, the dialog says so.
  items.push({
    label: t("export.openChat"),
    icon: "download",
    onSelect: () => (ui.dialog.value = { kind: "export", conversationId: conversationWith(contactId) }),
  });
  return items;
}

/** Actions on their entry in the contact list. */
function listActions({ ui, replica, actions, words }: AppParts, contactId: ContactId): readonly MenuItem[] {
  const { t } = words.value;
  const contact = replica.contacts.get(contactId);
  if (contact === undefined) return [];
  const { address, accountId } = contact;
  const items: MenuItem[] = [];
  if (settingValue(replica, "ClipboardEnabled")) {
    items.push({
      label: t("menu.copyAddress"),
      icon: "copy",
      onSelect: () => void navigator.clipboard?.writeText(address).catch(() => undefined),
    });
  }
  if (blockOf(replica, contactId) !== undefined) return items;
  if (awaitsAnswer(contact))
    items.push({ label: t("askAgain.do"), icon: "refresh", onSelect: () => actions.askAgain(contactId) });
  if (contact.listed) {
    items.push(
      { label: t("menu.rename"), icon: "pencil", onSelect: () => (ui.dialog.value = { kind: "rename", contactId }) },
      { label: t("menu.groups"), icon: "folder", onSelect: () => (ui.dialog.value = { kind: "groups", contactId }) },
    );
  } else {
    items.push({
      label: t("menu.add"),
      icon: "userPlus",
      onSelect: () => (ui.dialog.value = { kind: "add-contact", address, accountId }),
    });
  }
  return items;
}

/** Actions that take something away; each asks first. */
function endingActions({ ui, replica, actions, words }: AppParts, contactId: ContactId): readonly MenuItem[] {
  const { t } = words.value;
  const block = blockOf(replica, contactId);
  const items: MenuItem[] = [];
  if (block === undefined)
    items.push({
      label: t("menu.block"),
      icon: "block",
      danger: true,
      onSelect: () => (ui.dialog.value = { kind: "block", contactId }),
    });
  else {
    const label = block.scope === "domain" ? t("block.unblockDomain", { domain: block.address }) : t("menu.unblock");
    items.push({ label, icon: "block", onSelect: () => actions.unblock(block.id) });
  }
  if (replica.conversations.get(conversationWith(contactId))?.last !== undefined) {
    items.push({
      label: t("delete.conversation"),
      icon: "trash",
      danger: true,
      onSelect: () => (ui.dialog.value = { kind: "delete-history", conversationId: conversationWith(contactId) }),
    });
  }
  if (replica.contacts.get(contactId)?.listed === true) {
    items.push({
      label: t("menu.remove"),
      icon: "trash",
      danger: true,
      onSelect: () => (ui.dialog.value = { kind: "remove-contact", contactId }),
    });
  }
  return items;
}
