import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { MessageState } from "../../shared/model/message.ts";
import { useApp } from "../state/app-context.ts";
import { Icon, type IconName } from "../widgets/icons.tsx";

const icons: Readonly<Record<Exclude<MessageState, "received">, IconName>> = {
  waiting: "clock",
  sent: "check",
  delivered: "checkCheck",
  read: "checkCheck",
  failed: "alert",
};

/** How far an own message has got: an icon, with its word for tooltips and screen readers. */
export function MessageStateMark({
  state,
  conversationId,
}: {
  readonly state: MessageState;
  readonly conversationId: ConversationId;
}) {
  const { replica, words } = useApp();
  const { t } = words.value;
  if (state === "received") return null;
  const app = replica.app.get("app");
  const held =
    state === "waiting" && app?.archiveBlocked !== undefined && app.archived?.includes(conversationId) === true;
  const word = t(held ? "message.waitingForArchive" : `message.${state}`);
  return (
    <span class={`state state-${state}`} title={word}>
      <Icon name={icons[state]} size={14} />
      <span class="visually-hidden">{word}</span>
    </span>
  );
}
