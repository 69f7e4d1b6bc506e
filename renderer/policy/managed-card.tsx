import { settingKeys } from "../../shared/settings/declaration.ts";
import { useApp } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";
import { managementOf } from "./managed.ts";

/**
 * That a policy decides, how much, and whom to ask, in the details pane; the policy page has every rule. Nothing when
 * there is none.
 */
export function ManagedCard() {
  const { replica, words, actions } = useApp();
  const { t } = words.value;
  const managed = settingKeys.flatMap((key) => {
    // These only say who manages, and what is said in the same pane.
    if (key === "OrganizationName" || key === "SupportContact" || key === "ComplianceNotice") return [];
    return managementOf(replica, replica.settings.get(key)) ?? [];
  });
  const [first] = managed;
  if (first === undefined) return null;
  return (
    <section class="card">
      <h2>
        <Icon name="building" size={14} />{" "}
        {first.organization === undefined
          ? t("settings.managed")
          : t("settings.managedBy", { organization: first.organization })}
      </h2>
      <p class="card-text">
        {t("settings.managedCount", { count: managed.length })}
        {first.contact !== undefined && ` ${t("settings.managedAsk", { contact: first.contact })}`}
      </p>
      <button type="button" class="link-button" onClick={() => actions.showPolicy()}>
        {t("policy.open")}
      </button>
    </section>
  );
}
