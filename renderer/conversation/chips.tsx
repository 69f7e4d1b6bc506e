import type { ConversationId } from "../../shared/model/conversation-id.ts";
import { useApp } from "../state/app-context.ts";
import { Icon, type IconName } from "../widgets/icons.tsx";
import { chatRetentionOf } from "./chat-retention.ts";

const icons: Readonly<Record<"encrypted" | "memory" | "off", IconName>> = {
  encrypted: "database",
  memory: "memory",
  off: "notKept",
};
const labels = { encrypted: "chat.historyEncrypted", memory: "chat.historyMemory", off: "chat.historyOff" } as const;
const hints = {
  encrypted: "chat.historyEncryptedHint",
  memory: "chat.historyMemoryHint",
  off: "chat.historyOffHint",
} as const;

/** Chip that says what is kept of this conversation, and who decided it: shown before the first word. */
export function HistoryChip({ id }: { readonly id: ConversationId }) {
  const { replica, words } = useApp();
  const { t } = words.value;
  const { mode, managed } = chatRetentionOf(replica, id, words.value);
  const full = [t(hints[mode]), managed].filter(Boolean).join(" · ");
  return (
    <span class="chip" title={full}>
      <Icon name={icons[mode]} size={14} />
      <span class="chip-text">{t(labels[mode])}</span>
      {managed !== undefined && (
        <>
          <Icon name="building" size={14} />
          <span class="chip-text chip-managed">{managed}</span>
        </>
      )}
    </span>
  );
}

/** The organization keeps a copy of this conversation: said before the first word. */
export function ArchiveChip() {
  const { replica, words } = useApp();
  const { t } = words.value;
  const organization = replica.settings.get("ArchiveScope")?.managedBy;
  const hint = organization === undefined ? t("chat.archivedHint") : t("chat.archivedBy", { organization });
  return (
    <span class="chip" title={hint}>
      <Icon name="building" size={14} />
      {/* Never shortened to its icon, as others are in a narrow window. */}
      <span>{t("chat.archived")}</span>
      <span class="visually-hidden">{hint}</span>
    </span>
  );
}

/**
 * Warns that the way to the server is not protected. That it is protected is a line in the details: a lock here would
 * be taken for end-to-end encryption.
 */
export function UnprotectedChip() {
  const { t } = useApp().words.value;
  return (
    <span class="chip chip-warn" title={t("chat.unprotectedHint")}>
      <Icon name="alert" size={14} />
      <span class="chip-text">{t("chat.unprotected")}</span>
      <span class="visually-hidden">{t("chat.unprotectedHint")}</span>
    </span>
  );
}
