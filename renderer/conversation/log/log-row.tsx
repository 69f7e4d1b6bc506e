import { useApp } from "../../state/app-context.ts";
import { Message } from "../message.tsx";
import type { MessageMenuState } from "../message-menu.tsx";
import type { LogItem } from "../messages.ts";
import type { Conversation } from "../model.ts";
import { LogStart } from "./log-start.tsx";

/** A line of the list of messages: a message, or a note between messages. */
export function LogRow({
  item,
  conversation,
  name,
  marked,
  onMenu,
}: {
  readonly item: LogItem;
  readonly conversation: Conversation;
  readonly name: string;
  readonly marked: boolean;
  readonly onMenu: (menu: MessageMenuState) => void;
}) {
  const { words, clock } = useApp();
  const { t, day } = words.value;
  switch (item.kind) {
    case "start":
      return <LogStart id={conversation.id} name={name} />;
    case "day":
      return (
        <div class="day">
          <span>{day(item.at, clock.value)}</span>
        </div>
      );
    case "new":
      return <div class="new-divider">{t("chat.new")}</div>;
    case "message":
      return (
        <Message
          message={item.message}
          first={item.first}
          last={item.last}
          marked={marked}
          onMenu={(x, y) => onMenu({ message: item.message, x, y })}
          onRetry={() => void conversation.retry(item.key).catch(() => undefined)}
        />
      );
  }
}
