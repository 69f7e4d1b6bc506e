import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SearchHit } from "../../shared/model/message.ts";
import { dateOrder } from "../../shared/model/search-dates.ts";
import { useFoundPeople } from "../roster/use-people.ts";
import { type AppParts, useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { Empty } from "../widgets/empty.tsx";
import { Problem } from "../widgets/problem.tsx";
import { exportOf } from "./export-of.ts";
import { FilterButtons, FilterChips } from "./filter-chips.tsx";
import { HitList } from "./hit-list.tsx";
import { namesSought, type ResolvedSearch, resolveSearch, type SearchProblem } from "./resolve-search.ts";
import { SearchField } from "./search-field.tsx";
import { createSearchModel } from "./search-model.ts";

/** Search through everything that was kept, or through one conversation; a hit opens in its place. */
export function HistoryView() {
  const { client, replica, ui, words, actions, clock } = useApp();
  const { t } = words.value;
  const search = useMemo(() => createSearchModel(client), [client]);
  const [text, setText] = useState("");
  const mode = settingValue(replica, "HistoryMode");
  const only = ui.searchIn.value;
  const open = ui.conversationId.value;
  const scope = only ?? open;
  const order = useMemo(() => dateOrder(words.value.locale), [words.value.locale]);
  const people = useFoundPeople(namesSought(text), maxFound);
  const resolved = useRef<ResolvedSearch>({ query: undefined, terms: [], problem: undefined });
  // Until it is known whom a name finds, what was asked before stands.
  if (people !== undefined)
    resolved.current = resolveSearch(text, {
      only,
      accounts: replica.accounts.all(),
      find: (name) => people.get(name) ?? [],
      now: clock.value,
      order,
    });
  const { query, terms, problem } = resolved.current;
  // The clock moves on and names change: what counts is what is asked for.
  const asked = JSON.stringify(query);
  useEffect(() => search.look(query), [search, asked]);
  useEffect(() => () => search.dispose(), [search]);
  useEffect(() => {
    const stops = [
      replica.onMessage((op) => {
        if (op.op === "forget") search.refresh();
        else if (op.op === "remove") search.drop(op.id);
      }),
      replica.onReset(search.refresh),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [search, replica]);

  const hits = search.hits.value;
  const answered = search.answered.value;
  const count =
    answered === undefined
      ? ""
      : hits.length === 0
        ? answered.filter === undefined || (only !== undefined && terms.length === 0)
          ? t("history.none", { text: answered.text })
          : t("history.noneFiltered")
        : t(search.more.value ? "history.resultsMore" : "history.results", { count: hits.length });
  const wrong = problem === undefined ? "" : sentenceOf(problem, words.value, clock.value);
  useEffect(() => {
    ui.announcement.value = wrong === "" ? count : wrong;
  }, [count, wrong, ui]);

  const show = (hit: SearchHit): void => actions.openFound(hit.message, answered?.text ?? "");
  // Enter opens the newest hit, also where it came before the answer; the arrow down leads to the hits.
  const isAnswered = people !== undefined && JSON.stringify(answered) === asked;
  const openNewest = (): void => {
    const [newest] = hits;
    if (newest !== undefined) show(newest);
  };
  const entered = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const isOpened = isAnswered && entered.current === text;
    if (isAnswered || entered.current !== text) entered.current = undefined;
    if (isOpened) openNewest();
  }, [isAnswered, text]);
  const onEnter = (): void => {
    if (isAnswered) openNewest();
    else entered.current = text;
  };
  const begin = (next: string): void => {
    setText(next);
    ui.focusSearch.value++;
  };

  return (
    <>
      <div class="list-head list-head-tall">
        <h1 class="visually-hidden">{t("history.title")}</h1>
        <SearchField
          label={
            only === undefined ? t("history.placeholder") : t("history.placeholderChat", { name: actions.nameOf(only) })
          }
          value={text}
          onValue={setText}
          focus={ui.focusSearch.value}
          onEnter={onEnter}
          onDown={() => document.querySelector<HTMLElement>(".hit[tabindex='0']")?.focus()}
        />
        <FilterChips text={text} terms={terms} order={order} onText={begin} />
        {scope !== undefined && (
          <div class="segments" role="group" aria-label={t("history.title")}>
            <button
              type="button"
              class="segment"
              aria-pressed={only === undefined}
              onClick={() => (ui.searchIn.value = undefined)}
            >
              {t("history.everywhere")}
            </button>
            <button
              type="button"
              class="segment"
              aria-pressed={only !== undefined}
              onClick={() => (ui.searchIn.value = scope)}
            >
              {t("history.onlyWith", { name: actions.nameOf(scope) })}
            </button>
          </div>
        )}
      </div>
      {mode !== "encrypted" && <p class="list-note">{t(mode === "off" ? "history.off" : "history.memory")}</p>}
      {search.error.value !== undefined && <Problem error={search.error.value} />}
      {wrong !== "" ? (
        <p class="list-note field-error">{wrong}</p>
      ) : answered === undefined ? (
        <>
          <div class="filter-begin">
            <p class="list-note">{t("history.narrow")}</p>
            <FilterButtons text={text} onText={begin} />
          </div>
          <Empty
            icon="history"
            title={t(search.busy.value ? "history.searching" : "history.title")}
            text={t("history.hint")}
          />
        </>
      ) : hits.length === 0 ? (
        <Empty icon="search" title={count} text={t("history.hint")} />
      ) : (
        <HitList
          label={count}
          hits={hits}
          more={search.more.value}
          busy={search.busy.value}
          onOpen={show}
          onMore={search.loadMore}
          onBack={() => document.querySelector<HTMLElement>(".search-field input")?.focus()}
        >
          <p class="list-note">{count}</p>
          <p class="hits-keys">{t("history.keys")}</p>
          <button
            type="button"
            class="link-button hits-export"
            onClick={() =>
              (ui.dialog.value = {
                kind: "export",
                ...(only === undefined ? {} : { conversationId: only }),
                results: exportOf(answered),
              })
            }
          >
            {t("export.openResults")}
          </button>
        </HitList>
      )}
    </>
  );
}

/** People that a name may find at most. */
const maxFound = 200;

function sentenceOf(problem: SearchProblem, { t, locale }: AppParts["words"]["value"], now: number): string {
  if (problem.kind === "time") return t("history.noTime");
  if (problem.kind === "person") return t("history.noPerson", { value: problem.value });
  if (problem.kind === "has") return t("history.badHas", { value: problem.value, example: t("history.fileWord") });
  return t("history.badDate", {
    value: problem.value,
    example: new Intl.DateTimeFormat(locale, { dateStyle: "short" }).format(now),
  });
}
