import type { AccountId } from "../shared/model/account.ts";
import { parseContactId } from "../shared/model/contact.ts";
import type { Words } from "../shared/words/words.ts";
import type { Host } from "./host/host.ts";
import type { Arrival } from "./store/conversations.ts";
import type { Tables } from "./store/tables.ts";

/** What the person looks at; told by the renderer. */
export interface Attention {
  readonly focused: boolean;
  readonly conversationId?: string | undefined;
}

/** Longest text in a notification, in UTF-16 units. */
const maxPreview = 300;

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
  readonly open: (conversationId: string, messageId: string) => void;
}): (arrivals: readonly Arrival[]) => void {
  /** The presence chosen for the account alone goes before the one for all. */
  function isBusy(accountId: AccountId): boolean {
    const presence = parts.tables.get("accounts", accountId)?.presence ?? parts.tables.get("app", "app")?.presence;
    return presence?.availability === "busy" || presence?.availability === "in-meeting" || presence?.availability === "in-call";
  }

  return (arrivals) => {
    if (!parts.enabled()) return;
    const latest = new Map<string, { arrival: Arrival; count: number }>();
    for (const arrival of arrivals) {
      const id = arrival.record.conversationId;
      const attention = parts.attention();
      if (isBusy(arrival.record.accountId) || arrival.incoming.via === "archive" || (attention.focused && attention.conversationId === id)) continue;
      latest.set(id, { arrival, count: (latest.get(id)?.count ?? 0) + 1 });
    }
    for (const [id, { arrival, count }] of latest) {
      const words = parts.words();
      const name = parts.tables.get("contacts", id)?.name ?? parseContactId(id).address;
      const body = !parts.preview()
        ? words.t("notification.hidden")
        : count > 1
          ? words.t("notification.several", { count })
          : arrival.record.body.slice(0, maxPreview);
      parts.host.notify({ tag: id, title: words.t("notification.message", { name }), body, silent: false, onClick: () => parts.open(id, arrival.record.id) });
    }
  };
}
