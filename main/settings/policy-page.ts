import type { PolicyPage } from "../../shared/model/policy.ts";
import type { SettingKey } from "../../shared/settings/declaration.ts";
import type { Policies } from "./policies.ts";
import type { AppSettings } from "./settings.ts";

/** Everything that the policy page shows. */
export function policyPage(settings: Pick<AppSettings, "report">, policies: Pick<Policies, "problems" | "connectionsAllowed">): PolicyPage {
  return {
    // The report is made from the declarations, so its keys are theirs.
    entries: settings.report().map((entry) => ({ ...entry, key: entry.key as SettingKey, overruled: entry.overruled.map((said) => ({ ...said })) })),
    problems: policies.problems.map((problem) => ({ ...problem })),
    connectionsAllowed: policies.connectionsAllowed,
  };
}
