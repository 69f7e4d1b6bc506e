import { useEffect } from "preact/hooks";
import { isUnanswerable } from "../../shared/model/address.ts";
import { contactIdOf, contactOf } from "../../shared/model/conversation-contact.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import { NextTry } from "../accounts/next-try.tsx";
import { useApp } from "../state/app-context.ts";
import { blockOf } from "../state/blocks.ts";
import { Icon } from "../widgets/icons.tsx";
import { LookAlikeNote } from "../widgets/look-alike-note.tsx";
import { BlockedNote } from "./blocked-note.tsx";
import { Composer } from "./composer.tsx";
import { ConversationHeader } from "./header.tsx";
import { Log } from "./log/log.tsx";
import { isPerhapsUnread, ServiceNote } from "./service-note.tsx";
import { useSearched } from "./use-searched.ts";

/** The open conversation. */
export function ConversationPane({ id, attentive }: { readonly id: ConversationId; readonly attentive: boolean }) {
  const { conversations, replica, words, ui, actions } = useApp();
  const { t } = words.value;
  const conversation = conversations.get(id);
  const name = actions.nameOf(id);
  const { accountId, address } = conversation;
  const account = replica.accounts.get(accountId);
  const contact = contactOf(id, (contact) => replica.contacts.get(contact));
  const block = blockOf(replica, contactIdOf(id));
  const isUnread = isPerhapsUnread(account && replica.networks.get(account.protocol), address);
  const jump = ui.jump.value;
  useSearched(ui);
  // When no account is connected the window says so, above.
  const others = replica.accounts.all().some(({ state }) => state === "online");

  useEffect(() => {
    void conversation.open(ui.jump.peek()?.messageId);
    return () => conversation.close();
  }, [conversation, ui.jump]);

  // A hit in the conversation that is open already: load around it only when it is not there.
  useEffect(() => {
    if (jump === undefined || conversation.state.peek() === "loading") return;
    if (conversation.messages.peek().some(({ id: known }) => known === jump.messageId))
      conversation.target.value = jump.messageId;
    else void conversation.open(jump.messageId);
  }, [jump, conversation]);

  return (
    <>
      <ConversationHeader id={id} />
      {account !== undefined && account.state !== "online" && others && (
        <div class="banner">
          <Icon name="offline" size={16} />
          <p class="banner-text" role="status">
            {t("chat.offlineAccount", { address: account.address })}
          </p>
          {account.state === "waiting" && (
            <div class="banner-next">
              <NextTry account={account} />
            </div>
          )}
        </div>
      )}
      {isUnread && block === undefined && <ServiceNote name={name} />}
      {contact !== undefined && !contact.listed && block === undefined && !isUnanswerable(address) && !isUnread && (
        <div class="banner banner-plain">
          <Icon name="userPlus" size={16} />
          <span>{t("chat.unlisted", { name })}</span>
          <button
            type="button"
            class="link-button"
            onClick={() => (ui.dialog.value = { kind: "add-contact", address, accountId })}
          >
            {t("chat.add")}
          </button>
        </div>
      )}
      {contact !== undefined && !contact.listed && (
        <div class="chat-look-alike">
          <LookAlikeNote accountId={accountId} address={address} name={contact.name} />
        </div>
      )}
      <Log key={id} conversation={conversation} name={name} attentive={attentive} />
      {block === undefined ? (
        <Composer key={`composer ${id}`} conversation={conversation} name={name} />
      ) : (
        <BlockedNote block={block} name={name} />
      )}
    </>
  );
}
