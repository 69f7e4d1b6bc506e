import type { MessageRecord } from "../../shared/model/message.ts";
import { isChangeable } from "../../shared/model/message-change.ts";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { Menu, type MenuItem } from "../widgets/menu.tsx";
import type { Conversation } from "./model.ts";

/** A message's menu that is open, and where, in CSS pixels from the window's top left. */
export interface MessageMenuState {
  readonly message: MessageRecord;
  readonly x: number;
  readonly y: number;
}

/** Actions on one message. One that its network cannot do is not offered. */
export function MessageMenu({
  state,
  conversation,
  onClose,
}: {
  readonly state: MessageMenuState;
  readonly conversation: Conversation;
  readonly onClose: () => void;
}) {
  const { replica, words, ui } = useApp();
  const { t } = words.value;
  const { message, x, y } = state;
  const changes = replica.accounts.peek(message.accountId)?.facets.messages;
  const changeable = isChangeable(message, Date.now());
  const items: MenuItem[] = [];
  if (changeable && changes?.correct)
    items.push({ label: t("message.edit"), icon: "pencil", onSelect: () => conversation.editing.begin(message.id) });
  if (message.retracted !== true && message.body !== "" && settingValue(replica, "ClipboardEnabled") !== false)
    items.push({
      label: t("message.copy"),
      icon: "copy",
      onSelect: () => void navigator.clipboard?.writeText(message.body).catch(() => undefined),
    });
  const { id: messageId, conversationId } = message;
  if (changeable && changes?.retract) {
    items.push({
      label: t("message.delete"),
      icon: "trash",
      danger: true,
      onSelect: () => (ui.dialog.value = { kind: "delete-message", conversationId, messageId }),
    });
  }
  items.push({
    label: t("delete.message"),
    icon: "trash",
    danger: true,
    onSelect: () => (ui.dialog.value = { kind: "delete-history", conversationId, messageId }),
  });
  return <Menu key={`${message.id} ${x} ${y}`} label={t("message.menu")} items={items} x={x} y={y} onClose={onClose} />;
}
