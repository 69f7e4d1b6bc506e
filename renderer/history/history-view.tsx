import { useEffect, useMemo, useState } from "preact/hooks";
import type { SearchHit } from "../../shared/model/message.ts";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { Empty } from "../widgets/empty.tsx";
import { Problem } from "../widgets/problem.tsx";
import { SearchBox } from "../widgets/search-box.tsx";
import { createSearchModel } from "./search-model.ts";
import { Snippet } from "./snippet.tsx";

/** Search through everything that was kept, or through one conversation; a hit opens in its place. */
export function HistoryView() {
  const { client, replica, ui, words, actions } = useApp();
  const { t } = words.value;
  const search = useMemo(() => createSearchModel(client), [client]);
  const [text, setText] = useState("");
  const mode = settingValue(replica, "HistoryMode");
  const only = ui.searchIn.value;
  const open = ui.conversationId.value;
  const scope = only ?? open;
  useEffect(() => search.look(text, only), [search, text, only]);
  useEffect(() => () => search.dispose(), [search]);

  const hits = search.hits.value;
  const answered = search.answered.value;
  const count =
    answered === ""
      ? ""
      : hits.length === 0
        ? t("history.none", { text: answered })
        : t(search.more.value ? "history.resultsMore" : "history.results", { count: hits.length });
  useEffect(() => {
    ui.announcement.value = count;
  }, [count, ui]);

  const show = (hit: SearchHit): void => actions.openConversation(hit.message.conversationId, hit.message.id);
  // Enter opens the newest hit; arrows go through the list.
  const onKeyDown = (event: KeyboardEvent): void => {
    const [newest] = hits;
    if (event.key === "Enter" && newest !== undefined && answered === text.trim()) {
      event.preventDefault();
      show(newest);
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      document.querySelector<HTMLElement>(".hit")?.focus();
    }
  };
  const onListKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = [...document.querySelectorAll<HTMLElement>(".hit")];
    const at = all.indexOf(document.activeElement as HTMLElement);
    event.preventDefault();
    all[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  };

  return (
    <>
      <div class="list-head list-head-tall">
        <h1 class="visually-hidden">{t("history.title")}</h1>
        <SearchBox
          label={only === undefined ? t("history.placeholder") : t("history.placeholderChat", { name: actions.nameOf(only) })}
          value={text}
          onValue={setText}
          focus={ui.focusSearch.value}
          onKeyDown={onKeyDown}
        />
        {scope !== undefined && (
          <div class="segments" role="group" aria-label={t("history.title")}>
            <button type="button" class="segment" aria-pressed={only === undefined} onClick={() => (ui.searchIn.value = undefined)}>
              {t("history.everywhere")}
            </button>
            <button type="button" class="segment" aria-pressed={only !== undefined} onClick={() => (ui.searchIn.value = scope)}>
              {t("history.onlyWith", { name: actions.nameOf(scope) })}
            </button>
          </div>
        )}
      </div>
      {mode !== "encrypted" && <p class="list-note">{t(mode === "off" ? "history.off" : "history.memory")}</p>}
      {search.error.value !== undefined && <Problem error={search.error.value} />}
      {answered === "" ? (
        <Empty icon="history" title={t(search.busy.value ? "history.searching" : "history.title")} text={t("history.hint")} />
      ) : hits.length === 0 ? (
        <Empty icon="search" title={count} text={t("history.hint")} />
      ) : (
        <div class="hits" role="region" aria-label={count} onKeyDown={onListKeyDown}>
          <p class="list-note">{count}</p>
          <ul>
            {hits.map((hit) => (
              <li key={hit.message.id}>
                <Hit hit={hit} onChoose={() => show(hit)} />
              </li>
            ))}
          </ul>
          {search.more.value && (
            <button type="button" class="link-button hits-more" disabled={search.busy.value} onClick={() => search.loadMore()}>
              {t("history.more")}
            </button>
          )}
        </div>
      )}
    </>
  );
}

function Hit({ hit, onChoose }: { readonly hit: SearchHit; readonly onChoose: () => void }) {
  const { words, actions, clock } = useApp();
  const { t, moment, full } = words.value;
  const { message, snippet } = hit;
  const name = actions.nameOf(message.conversationId);
  const who = message.direction === "out" ? t("history.hit", { author: t("message.you"), to: name }) : name;
  return (
    <button type="button" class="hit" onClick={onChoose}>
      <span class="hit-head">
        <span class="name" dir="auto">
          {who}
        </span>
        <span class="row-time" title={full(message.at)}>
          {moment(message.at, clock.value)}
        </span>
      </span>
      <Snippet snippet={snippet} />
    </button>
  );
}
