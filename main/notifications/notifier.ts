import type { ErrorCode } from "../../shared/errors.ts";
import type { AccountId, AccountRecord } from "../../shared/model/account.ts";
import { contactOf } from "../../shared/model/conversation-contact.ts";
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

export interface NotifierOptions {
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
}

export function createNotifier(options: NotifierOptions): Notifier {
  return new DesktopNotifier(options);
}

/** Messages of one conversation that one notification tells of. */
interface News {
  readonly latest: Arrival;
  readonly count: number;
}

/**
 * Shows messages that arrive while the person looks elsewhere, one notification per conversation, replaced while it
 * stands. Busy silences (no sound and nothing shown); what is on screen and focused is not announced.
 */
class DesktopNotifier implements Notifier {
  readonly #options: NotifierOptions;
  /** Tags of the notifications that may still stand. */
  readonly #standing = new Set<string>();
  /** The message that the notification of a conversation shows, while it is alone in it. */
  readonly #shown = new Map<string, string>();
  /** Accounts that have been told of, until they are well again. */
  readonly #told = new Set<AccountId>();

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  arrived(arrivals: readonly Arrival[]): void {
    if (!this.#options.enabled()) return;
    const news = new Map<string, News>();
    for (const latest of arrivals) {
      const id = latest.record.conversationId;
      if (this.#isBusy(latest.record.accountId) || latest.incoming.via === "archive" || this.#looksAt(id)) continue;
      news.set(id, { latest, count: (news.get(id)?.count ?? 0) + 1 });
    }
    if (!this.#options.locked()) for (const [id, one] of news) this.#showNews(id, one);
    else if (news.size > 0) this.#veiled();
  }

  changed(record: MessageRecord): void {
    const { id, conversationId, accountId, retracted } = record;
    const { tables, locked, enabled, preview } = this.#options;
    if (this.#shown.get(conversationId) !== id || locked() || !enabled() || !preview() || this.#isBusy(accountId))
      return;
    // What was read is not brought back.
    if ((tables.get("conversations", conversationId)?.unread ?? 0) === 0) return;
    const words = this.#options.words();
    const name = this.#nameOf(conversationId);
    this.#show({
      tag: conversationId,
      title: words.t("notification.message", { name }),
      body: retracted === true ? words.t("message.retracted") : truncate(lineOf(words, record, name), maxPreview),
      silent: true,
      onClick: () => this.#options.open(conversationId, id),
    });
  }

  failed({ id, conversationId, accountId, error }: MessageRecord): void {
    if (!this.#options.enabled() || this.#isBusy(accountId) || this.#looksAt(conversationId)) return;
    if (this.#options.locked()) {
      this.#veiled();
      return;
    }
    const { t } = this.#options.words();
    this.#show({
      tag: failedTag(conversationId),
      title: t("notification.failed", { name: this.#nameOf(conversationId) }),
      body: t(`error.${error?.code ?? "internal"}`, error?.params),
      silent: false,
      onClick: () => this.#options.open(conversationId, id),
    });
  }

  account({ id, address, state, error }: AccountRecord): void {
    if (state !== "failed") {
      // A try that is under way is no recovery yet.
      if (state !== "connecting") this.accountRemoved(id);
      return;
    }
    if (error === undefined || beyondThem.has(error.code) || this.#told.has(id)) return;
    // Who looks at the window reads it there.
    if (!this.#options.enabled() || this.#isBusy(id) || this.#options.attention().focused) return;
    this.#told.add(id);
    if (this.#options.locked()) {
      this.#veiled();
      return;
    }
    const { t } = this.#options.words();
    this.#show({
      tag: accountTag(id),
      title: t("notification.account", { address }),
      body: t(`error.${error.code}`, error.params),
      silent: false,
      onClick: this.#options.openSettings,
    });
  }

  accountRemoved(id: AccountId): void {
    this.#told.delete(id);
    this.#close(accountTag(id));
  }

  read(conversationId: string): void {
    this.#shown.delete(conversationId);
    this.#close(conversationId);
  }

  looked(): void {
    const { focused, conversationId } = this.#options.attention();
    if (!focused) return;
    if (conversationId !== undefined) this.#close(failedTag(conversationId));
    // The window says it, whatever it shows.
    for (const tag of this.#standing) if (tag.startsWith(accountTag(""))) this.#close(tag);
  }

  #showNews(id: string, { latest: { record }, count }: News): void {
    const words = this.#options.words();
    const preview = this.#options.preview();
    const name = this.#nameOf(id);
    if (count === 1 && preview) this.#shown.set(id, record.id);
    else this.#shown.delete(id);
    this.#show({
      tag: id,
      title: words.t("notification.message", { name }),
      body: !preview
        ? words.t("notification.hidden")
        : count > 1
          ? words.t("notification.several", { count })
          : truncate(lineOf(words, record, name), maxPreview),
      silent: false,
      onClick: () => this.#options.open(id, record.id),
    });
  }

  #show(notification: HostNotification): void {
    this.#standing.add(notification.tag);
    this.#options.host.notify({
      ...notification,
      onClick: () => {
        this.#standing.delete(notification.tag);
        notification.onClick();
      },
    });
  }

  #close(tag: string): void {
    if (this.#standing.delete(tag)) this.#options.host.closeNotification(tag);
  }

  /** One for all of them while Hallway is locked. */
  #veiled(): void {
    const { t } = this.#options.words();
    this.#show({
      tag: "locked",
      title: t("app.name"),
      body: t("notification.locked"),
      silent: false,
      onClick: this.#options.showWindow,
    });
  }

  /** The presence chosen for the account alone goes before the one for all. */
  #isBusy(accountId: AccountId): boolean {
    const { tables } = this.#options;
    const presence = tables.get("accounts", accountId)?.presence ?? tables.get("app", "app")?.presence;
    return (
      presence?.availability === "busy" ||
      presence?.availability === "in-meeting" ||
      presence?.availability === "in-call"
    );
  }

  #nameOf(conversationId: string): string {
    const { tables } = this.#options;
    return (
      contactOf(conversationId, (contact) => tables.get("contacts", contact))?.name ??
      tables.get("conversations", conversationId)?.address ??
      ""
    );
  }

  #looksAt(conversationId: string): boolean {
    const { focused, conversationId: open } = this.#options.attention();
    return focused && open === conversationId;
  }
}

function failedTag(conversationId: string): string {
  return `failed ${conversationId}`;
}

function accountTag(id: AccountId): string {
  return `account ${id}`;
}
