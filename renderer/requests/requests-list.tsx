import { domainOf } from "../../shared/model/address.ts";
import type { RequestRecord } from "../../shared/model/contact.ts";
import { useApp } from "../state/app-context.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Icon } from "../widgets/icons.tsx";

/** Requests, the latest first. */
export function latestRequests(requests: readonly RequestRecord[]): readonly RequestRecord[] {
  return requests.toSorted((a, b) => b.at - a.at);
}

/** Number of people who wait for an answer; a burst stands for many. */
export function peopleIn(requests: readonly RequestRecord[]): number {
  return requests.reduce((sum, { count = 1 }) => sum + count, 0);
}

/** Id of the element that shows a request. */
export function requestElementId(id: RequestRecord["id"]): string {
  return `request ${id}`;
}

/**
 * List of people waiting, one line each, where the contact list otherwise is; a line leads to its request in the main
 * pane.
 */
export function RequestsList() {
  const { replica, ui, words } = useApp();
  const { t } = words.value;
  const requests = latestRequests(replica.requests.all());
  const show = (id: RequestRecord["id"]): void => {
    ui.pane.value = "main";
    // Drawn first in a narrow window.
    requestAnimationFrame(() => {
      const card = document.getElementById(requestElementId(id));
      card?.scrollIntoView({ block: "nearest" });
      card?.focus({ preventScroll: true });
    });
  };
  return (
    <>
      <div class="list-head">
        <h1 class="list-title">{t("requests.title")}</h1>
      </div>
      {requests.length > 0 && (
        <nav class="requests-nav" aria-label={t("requests.list")}>
          {requests.map((request) => (
            <button key={request.id} type="button" class="contact-row chat-row" onClick={() => show(request.id)}>
              <RequestLine request={request} />
            </button>
          ))}
        </nav>
      )}
    </>
  );
}

function RequestLine({ request: { name, address, kind, count = 1, at } }: { readonly request: RequestRecord }) {
  const { words, clock } = useApp();
  const { t, moment } = words.value;
  const domain = domainOf(address);
  return (
    <>
      {kind === "burst" ? (
        <span class="requests-many">
          <Icon name="people" size={20} />
        </span>
      ) : (
        <Avatar name={name ?? address} seed={address} />
      )}
      <span class="row-text">
        <span class="name" dir="auto">
          {kind === "burst" ? t("requests.burstTitle") : (name ?? address)}
        </span>
        <span class="sub">
          {kind === "burst" ? (
            domain === "*" ? (
              t("requests.burstMany", { count })
            ) : (
              t("requests.burst", { count, domain })
            )
          ) : name === undefined ? (
            t(kind === "presence" ? "requests.presence" : "requests.message")
          ) : (
            <bdi>{address}</bdi>
          )}
        </span>
      </span>
      <span class="row-meta">
        <span class="row-time">{moment(at, clock.value)}</span>
      </span>
    </>
  );
}
