import type { PolicyPage } from "../../shared/model/policy.ts";
import type { SettingKey } from "../../shared/settings/declaration.ts";
import { createWords } from "../../shared/words/words.ts";
import { consequencesOf } from "./consequences/consequences.ts";
import type { Policies } from "./policies.ts";
import type { AppSettings } from "./settings.ts";

/** Everything that the policy page shows. */
export function policyPage(
  settings: Pick<AppSettings, "report" | "resolved">,
  policies: Pick<Policies, "problems" | "connectionsAllowed">,
  now: () => number,
): PolicyPage {
  const report = settings.report();
  // What the page shows of a problem is for IT, in English.
  const { t } = createWords("en");
  const consequences = consequencesOf(settings.resolved(), now()).map(({ key, id, params }) => {
    const { source = key, line } = report.find((entry) => entry.key === key) ?? {};
    return {
      kind: "contradiction" as const,
      key,
      source,
      ...(line === undefined ? {} : { line }),
      detail: t(`policy.lint.${id}`, params),
    };
  });
  return {
    // The report is made from the declarations, so its keys are theirs.
    entries: report.map((entry) => ({
      ...entry,
      key: entry.key as SettingKey,
      overruled: entry.overruled.map((said) => ({ ...said })),
    })),
    problems: [...policies.problems.map((problem) => ({ ...problem })), ...consequences],
    connectionsAllowed: policies.connectionsAllowed,
  };
}
