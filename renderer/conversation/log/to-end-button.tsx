import { useApp } from "../../state/app-context.ts";
import { Icon } from "../../widgets/icons.tsx";
import type { Conversation } from "../model.ts";
import type { ReadingPlace } from "./reading-place.ts";

/** Button that leads to the end of the list, with the number of messages that came below. */
export function ToEndButton({
  conversation,
  place,
  onClick,
}: {
  readonly conversation: Conversation;
  readonly place: ReadingPlace;
  readonly onClick: () => void;
}) {
  const { words, replica } = useApp();
  const { t, number } = words.value;
  // Where the end is not loaded, those beyond it are known by their number only.
  const unread = conversation.after.value ? (replica.conversations.get(conversation.id)?.unread ?? 0) : 0;
  const below = Math.max(unread, place.below);
  const label = below === 0 ? t("chat.newest") : t("chat.newBelow", { count: below });
  return (
    <button
      type="button"
      class="to-end"
      aria-label={below === 0 ? label : `${label}. ${t("chat.newest")}`}
      title={label}
      onClick={onClick}
    >
      {below > 0 && <span class="badge">{number(below)}</span>}
      <Icon name="arrowDown" size={18} />
    </button>
  );
}
