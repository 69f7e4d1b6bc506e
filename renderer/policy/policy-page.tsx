import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import type { PolicyPage as Page, PolicyEntry } from "../../shared/model/policy.ts";
import { fold } from "../../shared/search/names.ts";
import { settingKeys } from "../../shared/settings/declaration.ts";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { BackBar } from "../widgets/back-bar.tsx";
import { Icon } from "../widgets/icons.tsx";
import { Problem } from "../widgets/problem.tsx";
import { SearchBox } from "../widgets/search-box.tsx";
import { PolicyEntryView } from "./policy-entry.tsx";
import { PolicyProblems } from "./policy-problems.tsx";

/**
 * Every setting in force: its value, who decided it, where that stands and what it overrules; and what is wrong with
 * the policy.
 */
export function PolicyPage() {
  const { client, replica, words } = useApp();
  const { t } = words.value;
  const [page, setPage] = useState<Page | undefined>(undefined);
  const [filter, setFilter] = useState("");
  const [error, setError] = useState<ErrorInfo | undefined>(undefined);
  const [tries, setTries] = useState(0);
  const title = useRef<HTMLHeadingElement>(null);
  // With the drawing itself, as on the settings' page.
  useLayoutEffect(() => title.current?.focus(), []);
  // Whatever of this changes, the page is asked for again; an answer that comes after that is old.
  const state = JSON.stringify([replica.app.get("app")?.policy, settingKeys.map((key) => replica.settings.get(key))]);
  useEffect(() => {
    let old = false;
    client.request("policy.page", {}).then(
      (answer) => {
        if (old) return;
        setPage(answer);
        setError(undefined);
      },
      (reason: unknown) => {
        if (!old) setError(toErrorInfo(reason));
      },
    );
    return () => {
      old = true;
    };
  }, [client, state, tries]);

  const wanted = fold(filter).split(/\s+/).filter(Boolean);
  const matches = ({ key }: PolicyEntry): boolean =>
    wanted.every((word) => fold(`${key} ${t(`setting.${key}`)} ${t(`setting.${key}.hint`)}`).includes(word));
  const shown = page?.entries.filter(matches) ?? [];
  const mandatory = shown.filter(
    ({ origin, locked, overruled }) => origin === "policy" || (locked && overruled.length > 0),
  );
  const recommended = shown.filter(
    (entry) =>
      !mandatory.includes(entry) && entry.overruled.concat(entry).some(({ origin }) => origin === "recommended"),
  );
  const rest = shown.filter((entry) => !mandatory.includes(entry) && !recommended.includes(entry));
  const governed =
    page?.entries.some(({ origin, overruled }) => [origin, ...overruled.map((other) => other.origin)].some(isPolicy)) ??
    false;

  return (
    <div class="settings policy">
      <BackBar title={t("policy.title")} titled />
      <div class="settings-section">
        <h1 ref={title} class="policy-title" tabIndex={-1}>
          {t("policy.title")}
        </h1>
        {page !== undefined && <Intro governed={governed} />}
        {page?.connectionsAllowed === false && (
          <p class="policy-blocked" role="alert">
            <Icon name="block" size={18} />
            {t("policy.blocked")}
          </p>
        )}
        {error !== undefined && (
          <Problem error={error}>
            <button type="button" class="button" onClick={() => setTries(tries + 1)}>
              {t("button.tryAgain")}
            </button>
          </Problem>
        )}
        {page !== undefined && <PolicyProblems problems={page.problems} />}
        {page !== undefined && <SearchBox label={t("policy.filter")} value={filter} onValue={setFilter} />}
        {page !== undefined && shown.length === 0 && <p role="status">{t("policy.noMatch", { text: filter })}</p>}
      </div>
      <Entries id="mandatory" entries={mandatory} />
      <Entries id="recommended" entries={recommended} />
      <Entries id="rest" entries={rest} />
    </div>
  );
}

function isPolicy(origin: PolicyEntry["origin"]): boolean {
  return origin === "policy" || origin === "recommended";
}

/** Organization that manages this, and whom to ask. */
function Intro({ governed }: { readonly governed: boolean }) {
  const { replica, words } = useApp();
  const { t } = words.value;
  if (!governed) return <p class="setting-hint">{t("policy.none")}</p>;
  const organization = settingValue(replica, "OrganizationName");
  const contact = settingValue(replica, "SupportContact");
  return (
    <div class="managed">
      <Icon name="building" size={16} />
      <div>
        <p class="managed-by">
          {organization === "" ? t("settings.managed") : t("settings.managedBy", { organization })}
        </p>
        <p>{t("policy.intro")}</p>
        {contact !== "" && <p>{t("settings.managedAsk", { contact })}</p>}
      </div>
    </div>
  );
}

function Entries({
  id,
  entries,
}: {
  readonly id: "mandatory" | "recommended" | "rest";
  readonly entries: readonly PolicyEntry[];
}) {
  const { t } = useApp().words.value;
  if (entries.length === 0) return null;
  return (
    <section class="settings-section" aria-labelledby={`policy-${id}`}>
      <h2 id={`policy-${id}`}>{t(`policy.${id}`)}</h2>
      {id === "rest" && <p class="setting-hint">{t("policy.restText")}</p>}
      <ul class="policy-list">
        {entries.map((entry) => (
          <PolicyEntryView key={entry.key} entry={entry} />
        ))}
      </ul>
    </section>
  );
}
