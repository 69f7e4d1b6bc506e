import { useApp } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";
import type { Management } from "./managed.ts";

/** Why a setting cannot be changed here, and whom to ask. */
export function ManagedNote({ management }: { readonly management: Management }) {
  const { words, actions } = useApp();
  const { t } = words.value;
  return (
    <div class="managed">
      <Icon name="building" size={16} />
      <div>
        <p class="managed-by">
          {management.organization === undefined
            ? t("settings.managed")
            : t("settings.managedBy", { organization: management.organization })}
        </p>
        <p>{t("settings.managedWhy")}</p>
        {management.contact !== undefined && <p>{t("settings.managedAsk", { contact: management.contact })}</p>}
        <button type="button" class="link-button" onClick={() => actions.showPolicy()}>
          {t("policy.open")}
        </button>
      </div>
    </div>
  );
}
