import { useApp } from "../state/app-context.ts";
import { useTask } from "../state/use-task.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DialogButtons } from "../widgets/dialog-buttons.tsx";
import { Problem } from "../widgets/problem.tsx";

/** Shows where a link really leads before it is opened (LinkMode `warn`). */
export function LinkDialog({ url, onClose }: { readonly url: string; readonly onClose: () => void }) {
  const { client, words } = useApp();
  const { t } = words.value;
  const task = useTask();
  return (
    <Dialog title={t("link.title")} onClose={onClose} consent>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          if (await task.run(() => client.request("app.openLink", { url, confirmed: true }))) onClose();
        }}
      >
        <p>{t("link.text", { host: hostOf(url) })}</p>
        <p class="link-target" dir="ltr">
          {url}
        </p>
        {task.error !== undefined && <Problem error={task.error} />}
        <DialogButtons submit={t("link.open")} busy={task.busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

/** The server a web address leads to, or the domain of a mail address. */
function hostOf(url: string): string {
  const { hostname, pathname } = new URL(url);
  return hostname === "" ? pathname.slice(pathname.lastIndexOf("@") + 1) : hostname;
}
