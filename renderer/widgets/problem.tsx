import type { ComponentChildren } from "preact";
import type { ErrorInfo } from "../../shared/errors.ts";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { Icon } from "./icons.tsx";

/** An error in words: what is wrong, what to do, and buttons for it. Said at once by a screen reader. */
export function Problem({
  error,
  children,
  quiet = false,
}: {
  readonly error: ErrorInfo;
  readonly children?: ComponentChildren;
  readonly quiet?: boolean;
}) {
  const { replica, words } = useApp();
  const { what, next } = words.value.error(error);
  const contact = error.code === "blocked-by-policy" ? settingValue(replica, "SupportContact") : "";
  return (
    <div class="problem" {...(quiet ? {} : { role: "alert" })}>
      <Icon name="alert" size={18} />
      <div class="problem-text">
        <p class="problem-what">{what}</p>
        <p>{contact === "" ? next : words.value.t("settings.managedAsk", { contact })}</p>
        {children !== undefined && <div class="problem-actions">{children}</div>}
      </div>
    </div>
  );
}
