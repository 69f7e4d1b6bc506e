import { useWords } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";
import type { Management } from "./managed.ts";

/** Why a setting cannot be changed here, and whom to ask. */
export function ManagedNote({ management }: { readonly management: Management }) {
  const { t } = useWords();
  return (
    <div class="managed">
      <Icon name="building" size={16} />
      <div>
        <p class="managed-by">
          {management.organization === undefined ? t("settings.managed") : t("settings.managedBy", { organization: management.organization })}
        </p>
        <p>{t("settings.managedWhy")}</p>
        {management.contact !== undefined && <p>{t("settings.managedAsk", { contact: management.contact })}</p>}
      </div>
    </div>
  );
}
