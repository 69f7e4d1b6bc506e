import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { MessageId } from "../../shared/model/message.ts";
import { useApp } from "../state/app-context.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Problem } from "../widgets/problem.tsx";

/** Asks before a message is taken back, and says what that can do and what it cannot. */
export function DeleteMessageDialog({
  conversationId,
  messageId,
  onClose,
}: {
  readonly conversationId: ConversationId;
  readonly messageId: MessageId;
  readonly onClose: () => void;
}) {
  const { client, words, actions, ui } = useApp();
  const { t } = words.value;
  const task = useTask();
  return (
    <Dialog title={t("message.deleteTitle")} onClose={onClose} consent>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          if (!(await task.run(() => client.request("messages.retract", { conversationId, messageId })))) return;
          ui.announcement.value = t("message.retractedOwn");
          onClose();
        }}
      >
        <p>{t("message.deleteText")}</p>
        <p>{t("message.deleteLimits", { name: actions.nameOf(conversationId) })}</p>
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons submit={t("message.deleteNow")} danger busy={task.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
