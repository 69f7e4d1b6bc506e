import type { ContactRecord } from "../../shared/model/contact.ts";
import { Snippet } from "../history/snippet.tsx";
import { useApp } from "../state/app-context.ts";
import { useMessageNames } from "../state/message-names.ts";
import { presenceLine, presenceOf } from "../state/presence.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Icon } from "../widgets/icons.tsx";
import { Keys } from "../widgets/keys.tsx";
import { NetworkTag } from "../widgets/network-tag.tsx";
import type { PaletteOption } from "./palette-options.ts";

/** Line of the palette. */
export function PaletteRow({ option }: { readonly option: PaletteOption }) {
  switch (option.kind) {
    case "person":
      return <Somebody id={option.contact.id} found={option.contact} />;
    case "chat":
      return <Somebody id={option.id} />;
    case "message":
      return <Found option={option} />;
    case "action":
      return (
        <>
          <span class="option-icon">
            <Icon name={option.action.icon} size={18} />
          </span>
          <span class="row-text">{option.action.label}</span>
          {option.action.keys !== undefined && <Keys keys={option.action.keys} />}
        </>
      );
  }
}

/**
 * A person or a chat: who it is, how reachable they are, and how much of theirs is unread. `found`: as main found them.
 */
function Somebody({ id, found }: { readonly id: string; readonly found?: ContactRecord }) {
  const { replica, words, clock, actions } = useApp();
  const { t, number } = words.value;
  const contact = replica.contacts.peek(id) ?? found;
  const { accountId = "", address = "" } = contact ?? replica.conversations.peek(id) ?? {};
  const unread = replica.conversations.peek(id)?.unread ?? 0;
  const protocol = replica.accounts.peek(accountId)?.protocol;
  const name = contact?.name ?? actions.nameOf(id);
  return (
    <>
      <Avatar
        name={name}
        seed={address}
        {...(contact === undefined ? {} : { availability: presenceOf(replica, contact).presence.availability })}
      />
      <span class="row-text">
        <span class="name" dir="auto">
          {name}
        </span>
        <span class="sub">
          <bdi>{address}</bdi>
          {contact !== undefined && ` · ${presenceLine(presenceOf(replica, contact), words.value, clock.value)}`}
        </span>
      </span>
      <span class="option-end">
        {unread > 0 && (
          <span class="unread" title={t("roster.unread", { count: unread })}>
            <span aria-hidden="true">{unread > 99 ? "99+" : number(unread)}</span>
            <span class="visually-hidden">{t("roster.unread", { count: unread })}</span>
          </span>
        )}
        {protocol !== undefined && <NetworkTag protocol={protocol} />}
      </span>
    </>
  );
}

/** A message that was found: in which chat, when, and the piece with what was looked for. */
function Found({ option: { hit } }: { readonly option: Extract<PaletteOption, { kind: "message" }> }) {
  const { words, clock, actions, replica } = useApp();
  const { t, moment, full } = words.value;
  const { author } = useMessageNames();
  const { message, snippet } = hit;
  const name = actions.nameOf(message.conversationId);
  return (
    <>
      <Avatar name={name} seed={replica.places.of(message.conversationId)?.address ?? ""} />
      <span class="row-text">
        <span class="name" dir="auto">
          {name}
        </span>
        <span class="sub">
          {message.author.isSelf && <span>{t("history.author", { author: author(message) })} </span>}
          <Snippet snippet={snippet} />
        </span>
      </span>
      <span class="row-time" title={full(message.at)}>
        {moment(message.at, clock.value)}
      </span>
    </>
  );
}
