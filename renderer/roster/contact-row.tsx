import { awaitsAnswer, type ContactId, type ContactRecord } from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import type { ConversationRecord } from "../../shared/model/message.ts";
import { isolate } from "../../shared/text/isolate.ts";
import type { Words } from "../../shared/words/words.ts";
import { useApp } from "../state/app-context.ts";
import { blockOf } from "../state/blocks.ts";
import { isTagged } from "../state/networks.ts";
import { presenceLine, presenceOf, type ShownPresence } from "../state/presence.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Icon } from "../widgets/icons.tsx";
import { NetworkTag } from "../widgets/network-tag.tsx";

/** The inside of a person's row; only this is drawn again when their presence changes. */
export function ContactLine({ id }: { readonly id: ContactId }) {
  const { replica, words, clock } = useApp();
  const contact = replica.contacts.get(id);
  const conversation = replica.conversations.get(conversationWith(id));
  if (contact === undefined) return null;
  const { t } = words.value;
  const now = clock.value;
  const shown = presenceOf(replica, contact);
  const unread = conversation?.unread ?? 0;
  const isBlocked = blockOf(replica, id) !== undefined;
  return (
    <>
      <Avatar
        name={contact.name}
        seed={contact.address}
        {...(isBlocked ? {} : { availability: shown.presence.availability })}
      />
      <div class="row-text">
        <div class="name" title={`${contact.name}\n${contact.address}`} dir="auto">
          {contact.name}
        </div>
        <div class="sub">{subline({ contact, shown, conversation, isBlocked }, words.value, now)}</div>
      </div>
      <div class="row-meta">
        {isBlocked && <Icon name="block" size={14} />}
        {unread > 0 ? (
          <span class="unread" title={t("roster.unread", { count: unread })}>
            {unread > 99 ? "99+" : words.value.number(unread)}
          </span>
        ) : (
          conversation?.last !== undefined && (
            <span class="row-time">{words.value.moment(conversation.last.at, now)}</span>
          )
        )}
        {isTagged(replica, contact.protocol) && <NetworkTag protocol={contact.protocol} />}
      </div>
    </>
  );
}

/** Parts of a row. */
interface RowParts {
  readonly contact: ContactRecord;
  readonly shown: ShownPresence;
  readonly conversation: ConversationRecord | undefined;
  readonly isBlocked: boolean;
}

function subline({ contact, shown, conversation, isBlocked }: RowParts, words: Words, now: number): string {
  if (isBlocked) return words.t("block.blocked");
  if (conversation?.typing === true && shown.isConnected) return words.t("roster.typing");
  if (awaitsAnswer(contact)) return words.t("presence.asked");
  return presenceLine(shown, words, now);
}

/** All of a row in one sentence, for screen readers. */
export function contactLabel(parts: RowParts & { readonly network: string }, words: Words, now: number): string {
  const { contact, conversation } = parts;
  const unread = conversation?.unread ?? 0;
  const said = [isolate(contact.name), subline(parts, words, now), parts.network];
  if (unread > 0) said.push(words.t("roster.unread", { count: unread }));
  return said.join(", ");
}
