import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { awaitsAnswer } from "../../shared/model/contact.ts";
import { contactIdOf, contactOf } from "../../shared/model/conversation-contact.ts";
import { type ConversationId, placeOf } from "../../shared/model/conversation-id.ts";
import { isolate } from "../../shared/text/isolate.ts";
import { isInvisible } from "../../shared/text/visible-name.ts";
import { ManagedCard } from "../policy/managed-card.tsx";
import { noticeText } from "../policy/notice-page.tsx";
import { AskAgain } from "../roster/ask-again.tsx";
import { useApp } from "../state/app-context.ts";
import { blockOf } from "../state/blocks.ts";
import { isNarrow } from "../state/narrow.ts";
import { presenceLine, presenceOf } from "../state/presence.ts";
import { settingValue } from "../state/setting.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Dialog } from "../widgets/dialog.tsx";
import { NetworkTag } from "../widgets/network-tag.tsx";
import { chatRetentionOf } from "./chat-retention.ts";

/** The details beside the chat. */
export function Details({ id }: { readonly id: ConversationId }) {
  const { ui, words } = useApp();
  const ref = useRef<HTMLElement>(null);
  const asked = ui.focusDetails.value;
  // Also when they are drawn because of it.
  useLayoutEffect(() => {
    if (!asked) return;
    ref.current?.focus();
    ui.focusDetails.value = false;
  }, [asked, ui]);
  return (
    <section ref={ref} class="details" aria-label={words.value.t("details.title")} tabIndex={-1}>
      <DetailsContent id={id} />
    </section>
  );
}

/** The details over the chat, in a window that has no room for them beside it. */
export function DetailsDrawer({ id, onClose }: { readonly id: ConversationId; readonly onClose: () => void }) {
  const { ui, words } = useApp();
  // Made wider meanwhile, the window shows them beside the chat.
  useEffect(() => {
    if (isNarrow.value) return;
    onClose();
    ui.details.value = true;
  }, [isNarrow.value]);
  return (
    <Dialog title={words.value.t("details.title")} onClose={onClose} light class="drawer">
      <div class="details-drawn">
        <DetailsContent id={id} />
      </div>
    </Dialog>
  );
}

/** Details of the other side and the connection to them, and the actions on both. */
function DetailsContent({ id }: { readonly id: ConversationId }) {
  const { replica, words, actions, clock, ui } = useApp();
  const { t } = words.value;
  const { accountId, address } = placeOf(id);
  const contact = contactOf(id, replica.contacts.get);
  const account = replica.accounts.get(accountId);
  const name = actions.nameOf(id);
  const groups = (contact?.groups ?? []).filter((group) => !isInvisible(group));
  const { mode } = chatRetentionOf(replica, id, words.value);
  const notice = settingValue(replica, "ComplianceNotice");
  const block = blockOf(replica, contactIdOf(id));
  return (
    <>
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
              const contactId = contactIdOf(id);
              if (contactId !== undefined) ui.dialog.value = { kind: "block", contactId };
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
      {account !== undefined && (
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
      )}
      {notice !== null && (
        <section class="card">
          <h2>{t("notice.title")}</h2>
          <p class="notice-words">{noticeText(notice, words.value.language)}</p>
        </section>
      )}
      <ManagedCard />
    </>
  );
}
