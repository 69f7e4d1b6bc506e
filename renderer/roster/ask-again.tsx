import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { ContactId } from "../../shared/model/contact.ts";
import { useApp } from "../state/app-context.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Icon } from "../widgets/icons.tsx";
import { Problem } from "../widgets/problem.tsx";

/** Asks somebody once more to share their presence, in the details beside "Waiting for their answer". */
export function AskAgain({ contactId }: { readonly contactId: ContactId }) {
  const { client, words, actions, ui } = useApp();
  const { t } = words.value;
  const task = useTask();
  const [done, setDone] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  // The answer takes the button away, maybe from under somebody's hands.
  useLayoutEffect(() => {
    const element = button.current;
    return () => {
      if (document.activeElement === element) queueMicrotask(() => ui.focusHome.value++);
    };
  }, [ui]);
  return (
    <>
      <button
        type="button"
        ref={button}
        class="link-button"
        aria-disabled={task.busy}
        aria-label={t("askAgain.label", { name: actions.nameOfContact(contactId) })}
        onClick={async () => {
          setDone(false);
          setDone(await task.run(() => client.request("contacts.ask", { contactId })));
        }}
      >
        <Icon name="refresh" size={14} /> {t("askAgain.do")}
      </button>
      <p class="field-hint" role="status">
        {done && t("askAgain.done", { name: actions.nameOfContact(contactId) })}
      </p>
      {task.error !== undefined && <Problem error={task.error} />}
    </>
  );
}

/** Why a request could not be made again, with another try. */
export function AskAgainDialog({
  contactId,
  error,
  onClose,
}: {
  readonly contactId: ContactId;
  readonly error: ErrorInfo;
  readonly onClose: () => void;
}) {
  const { client, words, actions, ui } = useApp();
  const { t } = words.value;
  const task = useTask();
  const name = actions.nameOfContact(contactId);
  return (
    <Dialog title={t("askAgain.failed", { name })} onClose={onClose}>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          if (!(await task.run(() => client.request("contacts.ask", { contactId })))) return;
          ui.announcement.value = t("askAgain.done", { name });
          onClose();
        }}
      >
        <Problem error={task.error ?? error} />
        <DialogButtons submit={t("askAgain.do")} busy={task.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
