import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import { contactIdOf } from "../../shared/model/conversation-contact.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import { useApp } from "../state/app-context.ts";
import { Empty } from "../widgets/empty.tsx";
import { isMenuKey } from "../widgets/menu.tsx";
import { useVirtual } from "../widgets/virtual.ts";
import { ChatRow } from "./chat-row.tsx";

const rowHeight = 52;
/** How many rows Page Up and Page Down move. */
const pageRows = 10;

/** Conversations, the newest first, with their last line; one row has the tab stop. */
export function ChatsView() {
  const { roster, ui, words, actions, replica } = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<{ readonly id: ConversationId; readonly index: number } | undefined>(undefined);
  const refocus = useRef(false);
  const { t } = words.value;
  const ids = roster.recent.value;
  const open = ui.conversationId.value;
  const stop = stopOf(ids, active, open);
  const keyOf = useCallback((index: number) => ids[index] ?? "", [ids]);
  const list = useVirtual({ scroller, count: ids.length, estimate: () => rowHeight, keyOf, always: stop });

  // With the drawing itself: the next key may come before an effect would run.
  useLayoutEffect(() => {
    if (!refocus.current) return;
    refocus.current = false;
    scroller.current?.querySelector<HTMLElement>('.chat-row[tabindex="0"]')?.focus({ preventScroll: true });
  });

  const goTo = (index: number): void => {
    const id = ids[index];
    if (id === undefined) return;
    refocus.current = true;
    setActive({ id, index });
    list.scrollToIndex(index, { align: "auto" });
  };
  const menuFor = (id: ConversationId, x: number, y: number): void => {
    setActive({ id, index: ids.indexOf(id) });
    if (replica.conversations.peek(id)?.kind !== "room") ui.menu.value = { contactId: contactIdOf(id), x, y };
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const id = ids[stop];
    if (id === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = ids.length - 1;
    const to = {
      ArrowDown: stop + 1,
      ArrowUp: stop - 1,
      Home: 0,
      End: last,
      PageDown: stop + pageRows,
      PageUp: stop - pageRows,
    }[event.key];
    if (to !== undefined) goTo(Math.max(0, Math.min(last, to)));
    else if (isMenuKey(event) && event.target instanceof HTMLElement) {
      const box = event.target.getBoundingClientRect();
      menuFor(id, box.left + 48, box.top + 24);
    } else return;
    event.preventDefault();
  };

  return (
    <>
      <div class="list-head">
        <h1 class="list-title">{t("chats.label")}</h1>
      </div>
      {ids.length === 0 ? (
        <Empty icon="chats" title={t("chats.empty")} text={t("chats.emptyNext", { keys: `${t("key.ctrl")} N` })} />
      ) : (
        <div ref={scroller} class="tree-scroll">
          <ul
            class="tree"
            data-roving
            aria-label={t("chats.label")}
            style={{ height: `${list.getTotalSize()}px` }}
            onKeyDown={onKeyDown}
          >
            {list.getVirtualItems().map((item) => {
              const id = ids[item.index];
              return id === undefined ? null : (
                <li
                  key={item.key}
                  class="tree-row"
                  aria-setsize={ids.length}
                  aria-posinset={item.index + 1}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <ChatRow
                    id={id}
                    selected={id === open}
                    focusable={item.index === stop}
                    onChoose={() => {
                      setActive({ id, index: item.index });
                      actions.openConversation(id);
                    }}
                    onFocus={() => setActive({ id, index: item.index })}
                    onMenu={(x, y) => menuFor(id, x, y)}
                  />
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </>
  );
}

/** The row with the tab stop: where the person was, the neighbour of one that is gone, or the open chat. */
function stopOf(
  ids: readonly ConversationId[],
  active: { readonly id: ConversationId; readonly index: number } | undefined,
  open: ConversationId | undefined,
): number {
  const at = ids.indexOf(active?.id ?? open ?? "");
  if (at !== -1) return at;
  return Math.max(0, Math.min(active?.index ?? 0, ids.length - 1));
}
