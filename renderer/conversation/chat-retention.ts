import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";
import type { Words } from "../../shared/words/words.ts";
import type { Replica } from "../state/replica.ts";
import { settingValue } from "../state/setting.ts";

/** Rules about what is kept of a conversation. */
export interface ChatRetention {
  readonly mode: HistoryMode;
  /** It is not this conversation's turn: HistoryScope leaves it out of what HistoryMode keeps. */
  readonly outOfScope: boolean;
  /** Organization that decided that, in words; undefined: the person. */
  readonly managed: string | undefined;
}

/** Of an open conversation, followed. */
export function chatRetentionOf(
  replica: Pick<Replica, "app" | "settings">,
  id: ConversationId,
  { t }: Words,
): ChatRetention {
  const mode = settingValue(replica, "HistoryMode");
  const outOfScope = mode !== "off" && replica.app.get("app")?.unkept?.includes(id) === true;
  const record = replica.settings.get(outOfScope ? "HistoryScope" : "HistoryMode");
  const managed =
    record?.origin !== "policy"
      ? undefined
      : record.managedBy === undefined
        ? t("chat.managed")
        : t("chat.managedBy", { organization: record.managedBy });
  return { mode: outOfScope ? "off" : mode, outOfScope, managed };
}
