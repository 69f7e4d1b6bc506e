import { useEffect, useState } from "preact/hooks";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { Deletion, RetentionLimits } from "../../shared/model/deletion.ts";
import type { MessageId } from "../../shared/model/message.ts";
import { managementOf } from "../policy/managed.ts";
import { ManagedNote } from "../policy/managed-note.tsx";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Problem } from "../widgets/problem.tsx";

export interface DeleteDialogProps {
  /** Absent: all history. */
  readonly conversationId?: ConversationId;
  /** Absent: the whole conversation. */
  readonly messageId?: MessageId;
  readonly onClose: () => void;
}

/**
 * Asks before something is deleted from the history, says beforehand what rules keep of it, and afterwards what was
 * kept.
 */
export function DeleteDialog({ conversationId, messageId, onClose }: DeleteDialogProps) {
  const { client, replica, words, actions } = useApp();
  const { t } = words.value;
  const task = useTask();
  const [keeping, setKeeping] = useState<RetentionLimits | undefined>(undefined);
  const [result, setResult] = useState<Deletion | undefined>(undefined);
  useEffect(() => {
    // What is said beforehand is a kindness; what was kept is said afterwards in any case.
    client
      .request("history.retention", conversationId === undefined ? {} : { conversationId })
      .then(setKeeping, () => undefined);
  }, [client, conversationId]);

  // What is shown and not kept is in no record.
  const recorded = messageId === undefined || replica.app.get("app")?.unkept?.includes(conversationId ?? "") !== true;
  const what = conversationId === undefined ? "all" : messageId === undefined ? "conversation" : "message";
  const title = t(`delete.${what}Title`, conversationId === undefined ? {} : { name: actions.nameOf(conversationId) });
  if (!settingValue(replica, "HistoryDeleteEnabled")) {
    const management = managementOf(replica, replica.settings.get("HistoryDeleteEnabled"));
    return (
      <Dialog title={title} onClose={onClose}>
        <div class="form">
          <p>{t("delete.off")}</p>
          {management !== undefined && <ManagedNote management={management} />}
          <Close onClose={onClose} />
        </div>
      </Dialog>
    );
  }
  if (result !== undefined)
    return (
      <Dialog key="done" title={t("delete.doneTitle")} onClose={onClose}>
        <div class="form" role="status">
          {result.deleted > 0 && <p>{t("delete.done", { count: result.deleted })}</p>}
          <p>{t("delete.kept", { count: result.kept })}</p>
          {result.until !== undefined && <p>{t("delete.keptUntil", { date: words.value.full(result.until) })}</p>}
          {result.held && <p>{t("delete.keptHeld")}</p>}
          <Close onClose={onClose} />
        </div>
      </Dialog>
    );
  return (
    <Dialog title={title} onClose={onClose} consent>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          let deletion: Deletion | undefined;
          const done = await task.run(async () => {
            deletion =
              conversationId === undefined
                ? await client.request("history.deleteAll", {})
                : await client.request("history.delete", {
                    conversationId,
                    ...(messageId === undefined ? {} : { messageIds: [messageId] }),
                  });
          });
          if (!done || deletion === undefined) return;
          if (deletion.kept > 0) setResult(deletion);
          else onClose();
        }}
      >
        <p>{t(`delete.${what}Text`)}</p>
        {recorded && keeping !== undefined && keeping.minimumDays > 0 && (
          <p>{t("delete.minimum", { count: keeping.minimumDays })}</p>
        )}
        {recorded && keeping?.held === true && <p>{t("delete.hold")}</p>}
        <p>{t("delete.undo")}</p>
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons submit={t("delete.confirm")} danger busy={task.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function Close({ onClose }: { readonly onClose: () => void }) {
  return (
    <div class="buttons">
      <button type="button" class="button primary" data-autofocus onClick={onClose}>
        {useApp().words.value.t("button.close")}
      </button>
    </div>
  );
}
