import { useRef, useState } from "preact/hooks";
import { useApp } from "../../state/app-context.ts";
import { MessageMenu, type MessageMenuState } from "../message-menu.tsx";
import type { Conversation } from "../model.ts";
import { handleLogKey } from "./log-keys.ts";
import { LogNote } from "./log-note.tsx";
import { LogRow } from "./log-row.tsx";
import { ToEndButton } from "./to-end-button.tsx";
import { useDestination } from "./use-destination.ts";
import { useFollowingEnd } from "./use-following-end.ts";
import { useLogScroll } from "./use-log-scroll.ts";
import { useSeen } from "./use-seen.ts";

/** The messages of a conversation, drawn as far as they are in view; it keeps to the end while the person is there. */
export function Log({
  conversation,
  name,
  attentive,
}: {
  readonly conversation: Conversation;
  readonly name: string;
  readonly attentive: boolean;
}) {
  const { t } = useApp().words.value;
  const scroller = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<MessageMenuState | undefined>(undefined);
  const items = conversation.items.value;
  const state = conversation.state.value;
  // Their effects run in this order: the list is brought to its place before what is in view counts as seen.
  const scroll = useLogScroll(conversation, scroller);
  const marked = useDestination(conversation, scroll);
  const { list, heading, place } = scroll;
  useSeen(conversation, list, attentive);
  useFollowingEnd(place, scroller);

  const toNewest = async (): Promise<void> => {
    await conversation.toEnd();
    place.goToEnd();
    heading.toEnd();
  };

  return (
    <div class="log-frame">
      {/* A scrolling region must be reachable by keyboard. */}
      <div
        ref={scroller}
        class="log"
        role="log"
        aria-label={t("chat.log", { name })}
        aria-busy={state === "loading"}
        tabIndex={0}
        onKeyDown={(event) => handleLogKey(event, conversation, { heading, toNewest: () => void toNewest() })}
      >
        <div class="log-inner" style={{ height: `${list.getTotalSize()}px` }}>
          {list.getVirtualItems().map((row) => {
            const item = items[row.index];
            return item === undefined ? null : (
              <div
                key={row.key}
                ref={list.measureElement}
                data-index={row.index}
                class="log-row"
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <LogRow
                  item={item}
                  conversation={conversation}
                  name={name}
                  marked={item.key === marked}
                  onMenu={setMenu}
                />
              </div>
            );
          })}
        </div>
      </div>
      {menu !== undefined && (
        <MessageMenu state={menu} conversation={conversation} onClose={() => setMenu(undefined)} />
      )}
      <LogNote conversation={conversation} />
      {!place.atEnd && items.length > 0 && (
        <ToEndButton conversation={conversation} place={place} onClick={() => void toNewest()} />
      )}
    </div>
  );
}
