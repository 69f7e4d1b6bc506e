import { contactIdOf, contactOf } from "../../shared/model/conversation-contact.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { ConversationRecord } from "../../shared/model/message.ts";
import { lineOf } from "../../shared/words/notice.ts";
import type { Words } from "../../shared/words/words.ts";
import { useApp } from "../state/app-context.ts";
import { blockOf } from "../state/blocks.ts";
import { type MessageNames, useMessageNames } from "../state/message-names.ts";
import { presenceLine, presenceOf } from "../state/presence.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Icon } from "../widgets/icons.tsx";

export interface ChatRowProps {
  readonly id: ConversationId;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly onChoose: () => void;
  /** It has the focus, however that came to it. */
  readonly onFocus: () => void;
  /** Its menu is wanted at a point of the window, in CSS pixels. */
  readonly onMenu: (x: number, y: number) => void;
}

/** A line of the list of chats. */
export function ChatRow({ id, selected, focusable, onChoose, onFocus, onMenu }: ChatRowProps) {
  const { replica, words, clock, actions } = useApp();
  const { t, number, moment } = words.value;
  const names = useMessageNames();
  const contact = contactOf(id, (contact) => replica.contacts.get(contact));
  const conversation = replica.conversations.get(id);
  if (conversation === undefined) return null;
  const name = actions.nameOf(id);
  const { last, unread } = conversation;
  const isBlocked = blockOf(replica, contactIdOf(id)) !== undefined;
  const shown = isBlocked || contact === undefined ? undefined : presenceOf(replica, contact);
  return (
    <button
      type="button"
      class={`chat-row contact-row${selected ? " selected" : ""}${isBlocked ? " blocked" : ""}`}
      tabIndex={focusable ? 0 : -1}
      aria-current={selected}
      onClick={onChoose}
      onFocus={onFocus}
      onContextMenu={(event) => {
        event.preventDefault();
        // The menu key reports no place of its own; the key handler has dealt with it.
        if (event.button === 2) onMenu(event.clientX, event.clientY);
      }}
    >
      <Avatar
        name={name}
        seed={conversation.address}
        {...(shown === undefined ? {} : { availability: shown.presence.availability })}
      />
      <span class="row-text">
        <span class="name" dir="auto">
          {name}
          {shown !== undefined && (
            <span class="visually-hidden">, {presenceLine(shown, words.value, clock.value)}</span>
          )}
          {isBlocked && <span class="visually-hidden">, {t("block.blocked")}</span>}
        </span>
        <span class="sub" dir="auto">
          {shownLine(conversation, { words: words.value, names, selected, isConnected: shown?.isConnected !== false })}
        </span>
      </span>
      <span class="row-meta">
        {isBlocked && <Icon name="block" size={14} />}
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

/**
 * Line under the name: that they type, what is being written here, or what was said last and, where the row does not
 * say it, by whom.
 */
function shownLine(
  { id: conversationId, accountId, kind, typing, draft, last }: ConversationRecord,
  {
    words,
    names,
    selected,
    isConnected,
  }: { readonly words: Words; readonly names: MessageNames; readonly selected: boolean; readonly isConnected: boolean },
): string {
  const { t } = words;
  if (typing && isConnected) return t("roster.typing");
  if (draft !== undefined && draft !== "" && !selected) return t("chats.draft", { text: draft });
  if (last === undefined) return "";
  const { author, text, notice, retracted } = last;
  const written = { author, accountId, conversationId };
  if (retracted === true) return t(author.isSelf ? "message.retractedOwn" : "message.retracted");
  if (notice !== undefined) return lineOf(words, { ...last, body: text }, names.other(written));
  // The name of the row says who it is in a direct conversation.
  return author.isSelf || kind === "room" ? t("chats.said", { author: names.author(written), text }) : text;
}
