import type { DateOrder } from "../../shared/model/search-dates.ts";
import { replaceTerm, type SearchFilterName, type SearchTerm, searchFilters } from "../../shared/model/search-query.ts";
import { useApp } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";
import { firstDay } from "./resolve-search.ts";
import { beginFilter } from "./suggest.ts";

/** The filters of a search as they were understood; each can be taken away. */
export function FilterChips({
  text,
  terms,
  order,
  onText,
}: {
  readonly text: string;
  readonly terms: readonly SearchTerm[];
  readonly order: DateOrder;
  readonly onText: (text: string) => void;
}) {
  const { words, clock } = useApp();
  const { t, day } = words.value;
  const said = terms.filter(({ value }) => value !== "");
  if (said.length === 0) return null;
  const label = ({ filter, value }: SearchTerm): string => {
    const at =
      filter === "on" || filter === "before" || filter === "after" ? firstDay(value, clock.value, order) : undefined;
    // A whole month or year is best said as it was typed.
    const shown = at === undefined || /^\d{4}(-\d{1,2})?$/.test(value) ? value : day(at, clock.value);
    return filter === "has"
      ? t("history.filter.has")
      : t("history.filterChip", { filter: t(`history.filter.${filter}`), value: shown });
  };
  return (
    <ul class="filter-chips" aria-label={t("history.filters")}>
      {said.map((term) => (
        <li key={`${term.start} ${term.filter}`}>
          <button
            type="button"
            class="filter-chip"
            title={t("history.removeFilter", { filter: label(term) })}
            onClick={() => onText(replaceTerm(text, term, ""))}
          >
            <span class="visually-hidden">{t("history.removeFilter", { filter: label(term) })}</span>
            <span aria-hidden="true" dir="auto">
              {label(term)}
            </span>
            <Icon name="close" size={12} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Begins a filter, so that nobody has to know how one is written. */
export function FilterButtons({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const { words } = useApp();
  const { t } = words.value;
  return (
    <div class="filter-chips" role="group" aria-label={t("history.filters")}>
      {(Object.keys(searchFilters) as SearchFilterName[]).map((filter) => (
        <button
          key={filter}
          type="button"
          class="filter-chip"
          title={t(`history.filterHint.${filter}`)}
          onClick={() => onText(beginFilter(text, filter, words.value))}
        >
          <Icon name="plus" size={12} />
          {t(`history.filter.${filter}`)}
        </button>
      ))}
    </div>
  );
}
