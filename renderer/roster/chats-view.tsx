import { useRef } from "preact/hooks";
import type { ContactId } from "../../shared/model/contact.ts";
import { parseContactId } from "../../shared/model/contact.ts";
import { lineOf } from "../../shared/words/notice.ts";
import { useApp } from "../state/app-context.ts";
import { presenceLine, presenceOf } from "../state/presence.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Empty } from "../widgets/empty.tsx";
import { useVirtual } from "../widgets/virtual.ts";

const rowHeight = 52;

/** Conversations, the newest first, with their last line. */
export function ChatsView() {
  const { roster, ui, words, actions } = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const { t } = words.value;
  const ids = roster.recent.value;
  const open = ui.conversationId.value;
  const stop = Math.max(0, ids.indexOf(open ?? ""));
  const list = useVirtual({ scroller, count: ids.length, estimate: () => rowHeight, keyOf: (index) => ids[index] ?? "", always: stop });

  const onKeyDown = (event: KeyboardEvent): void => {
    const rows = [...(scroller.current?.querySelectorAll<HTMLElement>(".chat-row") ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
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
          <ul class="tree" aria-label={t("chats.label")} style={{ height: `${list.getTotalSize()}px` }} onKeyDown={onKeyDown}>
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
                  <ChatRow id={id} selected={id === open} focusable={item.index === stop} onChoose={() => actions.openConversation(id)} />
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </>
  );
}

function ChatRow({
  id,
  selected,
  focusable,
  onChoose,
}: {
  readonly id: ContactId;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly onChoose: () => void;
}) {
  const { replica, words, clock, actions } = useApp();
  const { t, number, moment } = words.value;
  const contact = replica.contacts.get(id);
  const conversation = replica.conversations.get(id);
  if (conversation === undefined) return null;
  const name = actions.nameOf(id);
  const { last, draft, unread } = conversation;
  const shown = contact && presenceOf(replica, contact);
  const line =
    conversation.typing && shown?.isConnected !== false
      ? t("roster.typing")
      : draft !== undefined && draft !== "" && !selected
        ? t("chats.draft", { text: draft })
        : last === undefined
          ? ""
          : last.retracted === true
            ? t(last.direction === "out" ? "message.retractedOwn" : "message.retracted")
            : last.notice !== undefined
              ? lineOf(words.value, { ...last, body: last.text }, name)
              : last.direction === "out"
                ? t("chats.you", { text: last.text })
                : last.text;
  return (
    <button type="button" class={`chat-row contact-row${selected ? " selected" : ""}`} tabIndex={focusable ? 0 : -1} aria-current={selected} onClick={onChoose}>
      <Avatar name={name} seed={parseContactId(id).address} {...(shown === undefined ? {} : { availability: shown.presence.availability })} />
      <span class="row-text">
        <span class="name" dir="auto">
          {name}
          {shown !== undefined && <span class="visually-hidden">, {presenceLine(shown, words.value, clock.value)}</span>}
        </span>
        <span class="sub" dir="auto">
          {line}
        </span>
      </span>
      <span class="row-meta">
        {last !== undefined && <span class="row-time">{moment(last.at, clock.value)}</span>}
        {unread > 0 && (
          <span class="unread">
            <span aria-hidden="true">{unread > 99 ? "99+" : number(unread)}</span>
            <span class="visually-hidden">{t("roster.unread", { count: unread })}</span>
          </span>
        )}
      </span>
    </button>
  );
}
