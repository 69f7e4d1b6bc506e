import type { MessageState } from "../../shared/model/message.ts";
import { useWords } from "../state/app-context.ts";
import { Icon, type IconName } from "../widgets/icons.tsx";

const icons: Readonly<Record<Exclude<MessageState, "received">, IconName>> = {
  waiting: "clock",
  sent: "check",
  delivered: "checkCheck",
  read: "checkCheck",
  failed: "alert",
};

/** How far an own message has got: an icon, with its word for tooltips and screen readers. */
export function MessageStateMark({ state }: { readonly state: MessageState }) {
  const { t } = useWords();
  if (state === "received") return null;
  const word = t(`message.${state}`);
  return (
    <span class={`state state-${state}`} title={word}>
      <Icon name={icons[state]} size={14} />
      <span class="visually-hidden">{word}</span>
    </span>
  );
}
