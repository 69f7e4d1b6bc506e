import type { AccountRecord } from "../../shared/model/account.ts";
import { awaitsAnswer } from "../../shared/model/contact.ts";
import { contactIdOf, contactOf } from "../../shared/model/conversation-contact.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import { isolate } from "../../shared/text/isolate.ts";
import { isInvisible } from "../../shared/text/visible-name.ts";
import { ManagedCard } from "../policy/managed-card.tsx";
import { noticeText } from "../policy/notice-page.tsx";
import { AskAgain } from "../roster/ask-again.tsx";
import { useApp } from "../state/app-context.ts";
import { blockOf } from "../state/blocks.ts";
import { presenceLine, presenceOf } from "../state/presence.ts";
import { settingValue } from "../state/setting.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { NetworkTag } from "../widgets/network-tag.tsx";
import { chatRetentionOf } from "./chat-retention.ts";

/** Details of the other side and the connection to them, and the actions on both. */
export function DetailsContent({ id }: { readonly id: ConversationId }) {
  const { conversations, replica, words } = useApp();
  const account = replica.accounts.get(conversations.get(id).accountId);
  const notice = settingValue(replica, "ComplianceNotice");
  return (
    <>
      <OtherSide id={id} />
      <AddressCard id={id} />
      {account !== undefined && <ConnectionCard id={id} account={account} />}
      {notice !== null && (
        <section class="card">
          <h2>{words.value.t("notice.title")}</h2>
          <p class="notice-words">{noticeText(notice, words.value.language)}</p>
        </section>
      )}
      <ManagedCard />
    </>
  );
}

/** Name and presence of the other side. */
function OtherSide({ id }: { readonly id: ConversationId }) {
  const { conversations, replica, words, actions, clock } = useApp();
  const contact = contactOf(id, (contact) => replica.contacts.get(contact));
  const name = actions.nameOf(id);
  const { address } = conversations.get(id);
  const { t } = words.value;
  const block = blockOf(replica, contactIdOf(id));
  return (
    <div class="details-who">
      <Avatar name={name} seed={address} large />
      <p class="name" dir="auto" title={name}>
        {name}
      </p>
      {block !== undefined ? (
        <p class="details-presence">{t("block.blocked")}</p>
      ) : (
        contact !== undefined && (
          <p class="details-presence">{presenceLine(presenceOf(replica, contact), words.value, clock.value)}</p>
        )
      )}
    </div>
  );
}

/** Address and subscription of the other side, and what can be done about them. */
function AddressCard({ id }: { readonly id: ConversationId }) {
  const { conversations, replica, words, actions, ui } = useApp();
  const { t } = words.value;
  const { accountId, address } = conversations.get(id);
  const contactId = contactIdOf(id);
  const contact = contactOf(id, (contact) => replica.contacts.get(contact));
  const account = replica.accounts.get(accountId);
  const groups = (contact?.groups ?? []).filter((group) => !isInvisible(group));
  const block = blockOf(replica, contactId);
  return (
    <section class="card">
      <h2>{t("details.address")}</h2>
      <div class="card-line">
        <bdi class="card-address" title={address}>
          {address}
        </bdi>
        {account !== undefined && <NetworkTag protocol={account.protocol} />}
      </div>
      {contact?.listed === true && (
        <div class="card-line">
          <span>{t("details.subscription")}</span>
          <span>{awaitsAnswer(contact) ? t("presence.asked") : t(`subscription.${contact.subscription}`)}</span>
        </div>
      )}
      {contact !== undefined && block === undefined && awaitsAnswer(contact) && <AskAgain contactId={contact.id} />}
      {groups.length > 0 && (
        <div class="card-line">
          <span>{t("details.groups")}</span>
          <span dir="auto">{groups.map(isolate).join(", ")}</span>
        </div>
      )}
      {block === undefined ? (
        <button
          type="button"
          class="link-button danger-quiet"
          onClick={() => {
            if (replica.conversations.peek(id)?.kind !== "room") ui.dialog.value = { kind: "block", contactId };
          }}
        >
          {t("menu.block")}
        </button>
      ) : (
        <button type="button" class="link-button" onClick={() => actions.unblock(block.id)}>
          {block.scope === "domain" ? t("block.unblockDomain", { domain: block.address }) : t("menu.unblock")}
        </button>
      )}
    </section>
  );
}

interface ConnectionCardProps {
  readonly id: ConversationId;
  readonly account: AccountRecord;
}

/** The own account, how its connection is protected, and what is kept of the chat. */
function ConnectionCard({ id, account }: ConnectionCardProps) {
  const { replica, words, ui } = useApp();
  const { t } = words.value;
  const { mode } = chatRetentionOf(replica, id, words.value);
  return (
    <section class="card">
      <h2>{t("details.connection")}</h2>
      <div class="card-line">
        <span>{t("details.account")}</span>
        <bdi class="card-address" title={account.address}>
          {account.address}
        </bdi>
      </div>
      <p class="card-text">
        {t(
          account.state !== "online"
            ? "details.notConnected"
            : account.security === undefined
              ? "details.unprotected"
              : "details.protected",
        )}{" "}
        {t("details.notEndToEnd")}
      </p>
      {account.state === "online" && account.security !== undefined && (
        <div class="card-line">
          <span>{t("details.protocol")}</span>
          <span>{account.security}</span>
        </div>
      )}
      <div class="card-line">
        <span>{t("details.history")}</span>
        <span>
          {t(
            mode === "encrypted"
              ? "chat.historyEncrypted"
              : mode === "memory"
                ? "chat.historyMemory"
                : "chat.historyOff",
          )}
        </span>
      </div>
      <button
        type="button"
        class="link-button"
        onClick={() => (ui.dialog.value = { kind: "export", conversationId: id })}
      >
        {t("export.openChat")}
      </button>
      <button
        type="button"
        class="link-button danger-quiet"
        onClick={() => (ui.dialog.value = { kind: "delete-history", conversationId: id })}
      >
        {t("delete.conversation")}
      </button>
    </section>
  );
}
