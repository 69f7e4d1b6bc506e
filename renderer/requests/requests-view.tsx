import { useApp } from "../state/app-context.ts";
import { Empty } from "../widgets/empty.tsx";
import { Icon } from "../widgets/icons.tsx";
import { BurstCard } from "./burst-card.tsx";
import { RequestCard } from "./request-card.tsx";
import { latestRequests, peopleIn } from "./requests-list.tsx";

/** Requests of strangers, in the main pane: with room for whole addresses, warnings and what they wrote. */
export function RequestsView() {
  const { replica, ui, words } = useApp();
  const { t } = words.value;
  const requests = latestRequests(replica.requests.all());
  return (
    <div class="requests-page">
      <header class="page-head">
        <button
          type="button"
          class="icon-button back"
          aria-label={t("button.back")}
          title={t("button.back")}
          onClick={() => (ui.pane.value = "list")}
        >
          <Icon name="back" class="mirrored" />
        </button>
        <h1 class="list-title" tabIndex={-1}>
          {requests.length === 0 ? t("requests.title") : t("requests.waiting", { count: peopleIn(requests) })}
        </h1>
      </header>
      {requests.length === 0 ? (
        <Empty icon="requests" title={t("requests.empty")} text={t("requests.emptyNext")} />
      ) : (
        <ul class="requests" aria-label={t("requests.title")}>
          {requests.map((request) =>
            request.kind === "burst" ? (
              <BurstCard key={request.id} request={request} />
            ) : (
              <RequestCard key={request.id} request={request} />
            ),
          )}
        </ul>
      )}
    </div>
  );
}
