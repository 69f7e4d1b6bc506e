import type { ErrorCode } from "../../shared/errors.ts";
import type { AccountId, AccountRecord } from "../../shared/model/account.ts";
import { contactOf } from "../../shared/model/conversation-contact.ts";
import { placeOf } from "../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { lineOf } from "../../shared/words/notice.ts";
import type { Words } from "../../shared/words/words.ts";
import type { Host, HostNotification } from "../host/host.ts";
import type { Arrival } from "../messaging/receive/notify.ts";
import type { Tables } from "../store/tables.ts";

/** Conversation that the person looks at; told by the renderer. */
export interface Attention {
  readonly focused: boolean;
  readonly conversationId?: string | undefined;
}

/** Longest text in a notification, in UTF-16 units. */
const maxPreview = 300;

/** Notifications on the desktop. Strangers' requests cause none: those arrive silently and are counted only. */
export interface Notifier {
  /** Messages that arrived. */
  arrived(arrivals: readonly Arrival[]): void;
  /** A message that may stand in a notification reads otherwise now, or was taken back. */
  changed(record: MessageRecord): void;
  /** A message of the person's own was not sent. */
  failed(record: MessageRecord): void;
  /** An account as it is now: one that cannot go on without the person is told of once. */
  account(record: AccountRecord): void;
  accountRemoved(id: AccountId): void;
  /** Everything of a conversation has been read, here or on another device: what stands of it goes. */
  read(conversationId: string): void;
  /** The person looks somewhere else now: what they see needs no notification any longer. */
  looked(): void;
}

/** There is nothing that the person could do about these on being told. */
const beyondThem: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["blocked-by-policy", "vault-locked"]);

/**
 * Shows messages that arrive while the person looks elsewhere, one notification per conversation, replaced while it
 * stands. Busy silences (no sound and nothing shown); what is on screen and focused is not announced.
 */
export function createNotifier(parts: {
  readonly host: Host;
  readonly tables: Tables;
  readonly words: () => Words;
  readonly attention: () => Attention;
  readonly enabled: () => boolean;
  readonly preview: () => boolean;
  /** Hallway is locked: that there is something is told, and nothing of what or from whom. */
  readonly locked: () => boolean;
  readonly open: (conversationId: string, messageId: string) => void;
  readonly openSettings: () => void;
  readonly showWindow: () => void;
}): Notifier {
  /** The message that the notification of a conversation shows, while it is alone in it. */
  const shown = new Map<string, string>();
  /** Accounts that have been told of, until they are well again. */
  const told = new Set<AccountId>();
  /** The presence chosen for the account alone goes before the one for all. */
  function isBusy(accountId: AccountId): boolean {
    const presence = parts.tables.get("accounts", accountId)?.presence ?? parts.tables.get("app", "app")?.presence;
    return (
      presence?.availability === "busy" ||
      presence?.availability === "in-meeting" ||
      presence?.availability === "in-call"
    );
  }

  /** Tags of the notifications that may still stand. */
  const tags = new Set<string>();
  function show(notification: HostNotification): void {
    tags.add(notification.tag);
    parts.host.notify({
      ...notification,
      onClick() {
        tags.delete(notification.tag);
        notification.onClick();
      },
    });
  }

  function close(tag: string): void {
    if (tags.delete(tag)) parts.host.closeNotification(tag);
  }

  function nameOf(conversationId: string): string {
    return (
      contactOf(conversationId, (contact) => parts.tables.get("contacts", contact))?.name ??
      placeOf(conversationId).address
    );
  }

  function looksAt(conversationId: string): boolean {
    const { focused, conversationId: open } = parts.attention();
    return focused && open === conversationId;
  }

  /** One for all of them while Hallway is locked. */
  function veiled(): void {
    const { t } = parts.words();
    show({
      tag: "locked",
      title: t("app.name"),
      body: t("notification.locked"),
      silent: false,
      onClick: parts.showWindow,
    });
  }

  function arrived(arrivals: readonly Arrival[]): void {
    if (!parts.enabled()) return;
    const latest = new Map<string, { arrival: Arrival; count: number }>();
    for (const arrival of arrivals) {
      const id = arrival.record.conversationId;
      if (isBusy(arrival.record.accountId) || arrival.incoming.via === "archive" || looksAt(id)) continue;
      latest.set(id, { arrival, count: (latest.get(id)?.count ?? 0) + 1 });
    }
    if (parts.locked()) {
      if (latest.size > 0) veiled();
      return;
    }
    for (const [id, { arrival, count }] of latest) {
      const words = parts.words();
      const name = nameOf(id);
      const body = !parts.preview()
        ? words.t("notification.hidden")
        : count > 1
          ? words.t("notification.several", { count })
          : truncate(lineOf(words, arrival.record, name), maxPreview);
      if (count === 1 && parts.preview()) shown.set(id, arrival.record.id);
      else shown.delete(id);
      show({
        tag: id,
        title: words.t("notification.message", { name }),
        body,
        silent: false,
        onClick: () => parts.open(id, arrival.record.id),
      });
    }
  }

  return {
    arrived,
    changed(record) {
      const { id, conversationId, accountId, retracted } = record;
      if (
        shown.get(conversationId) !== id ||
        parts.locked() ||
        !parts.enabled() ||
        !parts.preview() ||
        isBusy(accountId)
      )
        return;
      // What was read is not brought back.
      if ((parts.tables.get("conversations", conversationId)?.unread ?? 0) === 0) return;
      const words = parts.words();
      const name = nameOf(conversationId);
      show({
        tag: conversationId,
        title: words.t("notification.message", { name }),
        body: retracted === true ? words.t("message.retracted") : truncate(lineOf(words, record, name), maxPreview),
        silent: true,
        onClick: () => parts.open(conversationId, id),
      });
    },
    failed({ id, conversationId, accountId, error }) {
      if (!parts.enabled() || isBusy(accountId) || looksAt(conversationId)) return;
      if (parts.locked()) return veiled();
      const { t } = parts.words();
      show({
        tag: failedTag(conversationId),
        title: t("notification.failed", { name: nameOf(conversationId) }),
        body: t(`error.${error?.code ?? "internal"}`, error?.params),
        silent: false,
        onClick: () => parts.open(conversationId, id),
      });
    },
    account({ id, address, state, error }) {
      if (state !== "failed") {
        // A try that is under way is no recovery yet.
        if (state === "connecting") return;
        told.delete(id);
        close(accountTag(id));
        return;
      }
      // Who looks at the window reads it there.
      if (
        error === undefined ||
        beyondThem.has(error.code) ||
        told.has(id) ||
        !parts.enabled() ||
        isBusy(id) ||
        parts.attention().focused
      )
        return;
      told.add(id);
      if (parts.locked()) return veiled();
      const { t } = parts.words();
      show({
        tag: accountTag(id),
        title: t("notification.account", { address }),
        body: t(`error.${error.code}`, error.params),
        silent: false,
        onClick: parts.openSettings,
      });
    },
    accountRemoved(id) {
      told.delete(id);
      close(accountTag(id));
    },
    read(conversationId) {
      shown.delete(conversationId);
      close(conversationId);
    },
    looked() {
      const { focused, conversationId } = parts.attention();
      if (!focused) return;
      if (conversationId !== undefined) close(failedTag(conversationId));
      // The window says it, whatever it shows.
      for (const tag of tags) if (tag.startsWith(accountTag(""))) close(tag);
    },
  };
}

function failedTag(conversationId: string): string {
  return `failed ${conversationId}`;
}

function accountTag(id: AccountId): string {
  return `account ${id}`;
}
