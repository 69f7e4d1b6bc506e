import { type SettingKey, settingKeys } from "../../shared/settings/declaration.ts";
import type { Words } from "../../shared/words/words.ts";
import { useApp } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";
import { managementOf } from "./managed.ts";
import { shownValue } from "./shown-value.ts";

/** Everything that a policy decides, in the details pane; nothing when there is none. */
export function ManagedCard() {
  const { replica, words, actions } = useApp();
  const { t } = words.value;
  const managed = settingKeys.flatMap((key) => {
    // Said in other words in the same pane.
    if (key === "OrganizationName" || key === "SupportContact" || key === "ComplianceNotice") return [];
    const record = replica.settings.get(key);
    const management = managementOf(replica, record);
    return management === undefined || record === undefined ? [] : [{ key, record, management }];
  });
  const first = managed[0]?.management;
  if (first === undefined) return null;
  return (
    <section class="card">
      <h2>
        <Icon name="building" size={14} />{" "}
        {first.organization === undefined ? t("settings.managed") : t("settings.managedBy", { organization: first.organization })}
      </h2>
      {managed.map(({ key, record }) => (
        <div class="card-line" key={key}>
          <span>{t(`setting.${key}`)}</span>
          <span>{cardValue(key, record.value, words.value)}</span>
        </div>
      ))}
      {first.contact !== undefined && <p class="card-note">{t("settings.managedAsk", { contact: first.contact })}</p>}
      <button type="button" class="link-button" onClick={actions.showPolicy}>
        {t("policy.open")}
      </button>
    </section>
  );
}

/** A list that is too long for the card is counted; the policy page has it whole. */
function cardValue(key: SettingKey, value: unknown, words: Words): string {
  return Array.isArray(value) && value.length > 3 ? words.t("policy.entries", { count: value.length }) : shownValue(key, value, words);
}
