import type { ConversationId } from "../../../shared/model/conversation-id.ts";
import { useApp } from "../../state/app-context.ts";
import { Icon } from "../../widgets/icons.tsx";
import { chatRetentionOf } from "../chat-retention.ts";

/** Note above the first message: that nothing came before, or why what came before is not shown. */
export function LogStart({ id, name }: { readonly id: ConversationId; readonly name: string }) {
  const { replica, words, actions } = useApp();
  const { t } = words.value;
  const { mode, outOfScope, managed } = chatRetentionOf(replica, id, words.value);
  if (mode === "encrypted") return <p class="log-start">{t("chat.start", { name })}</p>;
  return (
    <div class="log-start log-start-unkept">
      <p>
        {t(outOfScope ? "chat.startOutOfScope" : mode === "memory" ? "chat.startMemory" : "chat.startOff", { name })}
      </p>
      {managed !== undefined && (
        <p class="log-start-managed">
          <Icon name="building" size={14} />
          <span>{managed}</span>
          <button type="button" class="link-button" onClick={() => actions.showPolicy()}>
            {t("policy.open")}
          </button>
        </p>
      )}
    </div>
  );
}
