import { domainOf } from "../../shared/model/address.ts";
import { type ContactId, parseContactId } from "../../shared/model/contact.ts";
import { useApp } from "../state/app-context.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Problem } from "../widgets/problem.tsx";

/**
 * Asks before somebody is blocked, and says what that means. `request`: they wait for an answer, which this is; of a
 * burst it is the whole domain.
 */
export function BlockDialog({
  contactId,
  request = false,
  onClose,
}: {
  readonly contactId: ContactId;
  readonly request?: boolean;
  readonly onClose: () => void;
}) {
  const { client, replica, ui, actions, words } = useApp();
  const { t } = words.value;
  const task = useTask();
  const { accountId, address } = parseContactId(contactId);
  const isDomain = address.startsWith("@");
  const name = isDomain ? domainOf(address) : actions.nameOfContact(contactId);
  const account = replica.accounts.get(accountId);
  const reach = account?.facets.blocking?.everyDevice ? "block.everyDevice" : "block.thisDevice";
  const submit = async (): Promise<void> => {
    const answered = request
      ? () => client.request("requests.answer", { requestId: contactId, answer: "block" as const })
      : () => client.request("contacts.block", { contactId });
    if (!(await task.run(answered))) return;
    ui.announcement.value = t("block.done", { name });
    onClose();
  };
  return (
    <Dialog title={t("block.title", { name })} onClose={onClose} consent>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {isDomain ? (
          <p>{t("block.textDomain", { domain: name })}</p>
        ) : (
          <>
            {name !== address && <bdi class="request-address">{address}</bdi>}
            <p>{t("block.text")}</p>
            <p>{t(reach)}</p>
          </>
        )}
        <p class="field-hint">{t("block.undo")}</p>
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons submit={t("block.confirm")} danger busy={task.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
