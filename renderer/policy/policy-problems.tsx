import type { PolicyPage } from "../../shared/model/policy.ts";
import { useWords } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";

/**
 * Problems with the policy, for the person to pass on: in their words, with the place and the detail for IT in English.
 */
export function PolicyProblems({ problems }: { readonly problems: PolicyPage["problems"] }) {
  const { t } = useWords();
  if (problems.length === 0) return null;
  return (
    <div class="policy-problems">
      <h2>
        <Icon name="warning" size={16} />
        {t("policy.problems")}
      </h2>
      <p>{t("policy.problemsText")}</p>
      <ul>
        {problems.map((problem) => (
          <li key={JSON.stringify(problem)}>
            <p>{t(`policy.problem.${problem.kind}`, { key: problem.key ?? "" })}</p>
            <p class="policy-place">
              <bdi>
                {problem.line === undefined
                  ? problem.source
                  : t("policy.sourceLine", { source: problem.source, line: problem.line })}
              </bdi>
            </p>
            <p class="policy-place" lang="en">
              {problem.detail}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
