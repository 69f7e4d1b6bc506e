import type { ContactRecord } from "../../shared/model/contact.ts";
import { contactIdOf, contactOf } from "../../shared/model/conversation-contact.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import { useApp } from "../state/app-context.ts";
import { blockOf } from "../state/blocks.ts";
import { isNarrow } from "../state/narrow.ts";
import { presenceLine, presenceOf } from "../state/presence.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Icon } from "../widgets/icons.tsx";
import { ArchiveChip, HistoryChip, UnprotectedChip } from "./chips.tsx";

/** Header: the other side, how reachable they are, and what holds for the conversation. */
export function ConversationHeader({ id }: { readonly id: ConversationId }) {
  const { conversations, replica, words, ui, actions } = useApp();
  const { t } = words.value;
  const { accountId, address } = conversations.get(id);
  const contact = contactOf(id, (contact) => replica.contacts.get(contact));
  const account = replica.accounts.get(accountId);
  const name = actions.nameOf(id);
  const block = blockOf(replica, contactIdOf(id));
  const narrow = isNarrow.value;
  const isShown = !narrow && ui.details.value;
  const toggle = (): void => {
    if (narrow) ui.dialog.value = { kind: "details", conversationId: id };
    else ui.details.value = !ui.details.value;
  };
  return (
    <header class="chat-head">
      <button
        type="button"
        class="icon-button back"
        aria-label={t("button.back")}
        title={t("button.back")}
        onClick={() => (ui.pane.value = "list")}
      >
        <Icon name="back" class="mirrored" />
      </button>
      <Avatar
        name={name}
        seed={address}
        {...(contact === undefined || block !== undefined
          ? {}
          : { availability: presenceOf(replica, contact).presence.availability })}
      />
      <div class="chat-who">
        <h1 class="name" title={name} dir="auto">
          {name}
        </h1>
        {/* The address whole: it has the next line to itself where there is no room beside the presence. */}
        <p class="chat-about">
          {block !== undefined ? t("block.blocked") : contact !== undefined && <PresenceText contact={contact} />}
          {name !== address && <bdi class="chat-address">{address}</bdi>}
        </p>
      </div>
      <div class="chips">
        {account?.state === "online" && account.security === undefined && <UnprotectedChip />}
        <HistoryChip id={id} />
        {replica.app.get("app")?.archived?.includes(id) === true && <ArchiveChip />}
      </div>
      <div class="chat-tools">
        <button
          type="button"
          class="icon-button"
          aria-label={t("chat.search")}
          title={t("chat.search")}
          onClick={() => actions.search("chat")}
        >
          <Icon name="search" size={18} />
        </button>
        <button
          type="button"
          class="icon-button details-toggle"
          {...(narrow ? { "aria-haspopup": "dialog" as const } : { "aria-pressed": isShown })}
          aria-label={t(isShown ? "details.hide" : "details.show")}
          title={t(isShown ? "details.hide" : "details.show")}
          onClick={toggle}
        >
          <Icon name="panel" size={18} class="mirrored" />
        </button>
      </div>
    </header>
  );
}

function PresenceText({ contact }: { readonly contact: ContactRecord }) {
  const { replica, words, clock } = useApp();
  const line = presenceLine(presenceOf(replica, contact), words.value, clock.value);
  return (
    <span class="chat-presence" dir="auto" title={line}>
      {line}
    </span>
  );
}
