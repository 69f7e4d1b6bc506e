import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { SearchHit } from "../../shared/model/message.ts";
import { type AppParts, useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { EarlyArrows } from "../widgets/early-arrows.ts";
import { Empty } from "../widgets/empty.tsx";
import { Problem } from "../widgets/problem.tsx";
import { exportOf } from "./export-of.ts";
import { FilterButtons, FilterChips } from "./filter-chips.tsx";
import { HitList } from "./hit-list.tsx";
import type { SearchProblem } from "./resolve-search.ts";
import { SearchField } from "./search-field.tsx";
import { type HistorySearch, useHistorySearch } from "./use-history-search.ts";

/** Search through everything that was kept, or through one conversation; a hit opens in its place. */
export function HistoryView() {
  const { replica, ui, words, actions, clock } = useApp();
  const { t } = words.value;
  const [text, setText] = useState("");
  const mode = settingValue(replica, "HistoryMode");
  const only = ui.searchIn.value;
  const open = ui.conversationId.value;
  const scope = only ?? open;
  const search = useHistorySearch(text);
  const { hits, answered, terms, order, problem } = search;
  const count = countOf(search, only, t);
  const wrong = problem === undefined ? "" : sentenceOf(problem, words.value, clock.value);
  useEffect(() => {
    ui.announcement.value = wrong === "" ? count : wrong;
  }, [count, wrong, ui]);

  const show = (hit: SearchHit): void => actions.openFound(hit.message, answered?.text ?? "");
  const { onEnter, onDown } = useKeysOfAnswer({ text, isAnswered: search.isAnswered, newest: hits[0], onOpen: show });
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
          onDown={onDown}
        />
        <FilterChips text={text} terms={terms} order={order} onText={begin} />
        {scope !== undefined && <ScopeButtons scope={scope} />}
      </div>
      {mode !== "encrypted" && <p class="list-note">{t(mode === "off" ? "history.off" : "history.memory")}</p>}
      {search.error !== undefined && <Problem error={search.error} />}
      {wrong !== "" ? (
        <p class="list-note field-error">{wrong}</p>
      ) : answered === undefined ? (
        <SearchStart text={text} isBusy={search.busy} onText={begin} />
      ) : hits.length === 0 ? (
        <Empty icon="search" title={count} text={t("history.hint")} />
      ) : (
        <Results search={search} answered={answered} count={count} onOpen={show} />
      )}
    </>
  );
}

/** How many messages were found, in words. */
function countOf(
  { answered, hits, terms, more }: HistorySearch,
  only: ConversationId | undefined,
  t: AppParts["words"]["value"]["t"],
): string {
  if (answered === undefined) return "";
  if (hits.length > 0) return t(more ? "history.resultsMore" : "history.results", { count: hits.length });
  return answered.filter === undefined || (only !== undefined && terms.length === 0)
    ? t("history.none", { text: answered.text })
    : t("history.noneFiltered");
}

interface KeysOptions {
  readonly text: string;
  readonly isAnswered: boolean;
  readonly newest: SearchHit | undefined;
  readonly onOpen: (hit: SearchHit) => void;
}

/**
 * Handlers of Enter, which opens the newest hit, and of the arrow down, which leads to it: pressed before the answer,
 * they wait for it, because the hits until then are of another text.
 */
function useKeysOfAnswer({ text, isAnswered, newest, onOpen }: KeysOptions) {
  const arrows = useRef(new EarlyArrows()).current;
  /** Text for which Enter was pressed too early. */
  const entered = useRef<string | undefined>(undefined);
  const openNewest = (): void => {
    if (newest !== undefined) onOpen(newest);
  };
  useLayoutEffect(() => {
    // What was pressed for another text does not count for this one.
    if (!isAnswered) {
      arrows.forget();
      if (entered.current !== text) entered.current = undefined;
      return;
    }
    const isOpened = entered.current === text;
    entered.current = undefined;
    if (isOpened) openNewest();
    else arrows.follow(enterHits);
  }, [isAnswered, text]);
  return {
    onEnter: () => {
      arrows.forget();
      if (isAnswered) openNewest();
      else entered.current = text;
    },
    onDown: () => {
      entered.current = undefined;
      if (isAnswered) enterHits();
      else arrows.press();
    },
  };
}

function enterHits(): void {
  document.querySelector<HTMLElement>(".hit[tabindex='0']")?.focus();
}

/** Whether the search goes through everything or through one conversation. */
function ScopeButtons({ scope }: { readonly scope: ConversationId }) {
  const { ui, words, actions } = useApp();
  const { t } = words.value;
  const only = ui.searchIn.value;
  return (
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
  );
}

interface SearchStartProps {
  readonly text: string;
  readonly isBusy: boolean;
  readonly onText: (text: string) => void;
}

/** Filters to begin with, before anything is searched for. */
function SearchStart({ text, isBusy, onText }: SearchStartProps) {
  const { t } = useApp().words.value;
  return (
    <>
      <div class="filter-begin">
        <p class="list-note">{t("history.narrow")}</p>
        <FilterButtons text={text} onText={onText} />
      </div>
      <Empty icon="history" title={t(isBusy ? "history.searching" : "history.title")} text={t("history.hint")} />
    </>
  );
}

interface ResultsProps {
  readonly search: HistorySearch;
  readonly answered: NonNullable<HistorySearch["answered"]>;
  readonly count: string;
  readonly onOpen: (hit: SearchHit) => void;
}

function Results({ search, answered, count, onOpen }: ResultsProps) {
  const { ui, words, replica } = useApp();
  const { t } = words.value;
  const only = ui.searchIn.value;
  return (
    <HitList
      label={count}
      hits={search.hits}
      more={search.more}
      busy={search.busy}
      onOpen={onOpen}
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
            results: exportOf(answered, (id) => replica.places.of(id)),
          })
        }
      >
        {t("export.openResults")}
      </button>
    </HitList>
  );
}

function sentenceOf(problem: SearchProblem, { t, locale }: AppParts["words"]["value"], now: number): string {
  if (problem.kind === "time") return t("history.noTime");
  if (problem.kind === "person") return t("history.noPerson", { value: problem.value });
  if (problem.kind === "has") return t("history.badHas", { value: problem.value, example: t("history.fileWord") });
  return t("history.badDate", {
    value: problem.value,
    example: new Intl.DateTimeFormat(locale, { dateStyle: "short" }).format(now),
  });
}
