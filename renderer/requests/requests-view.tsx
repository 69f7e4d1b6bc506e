import { domainOf } from "../../shared/model/address.ts";
import type { RequestRecord } from "../../shared/model/contact.ts";
import { MessageBody } from "../conversation/message-body.tsx";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { useTask } from "../state/use-task.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Empty } from "../widgets/empty.tsx";
import { Icon } from "../widgets/icons.tsx";
import { LookAlikeNote } from "../widgets/look-alike-note.tsx";
import { Problem } from "../widgets/problem.tsx";
import { useHandedOnFocus } from "./handed-on-focus.ts";

/** Strangers who want something. They learn nothing until accepted. */
export function RequestsView() {
  const { replica, words } = useApp();
  const { t } = words.value;
  const requests = replica.requests.all().sort((a, b) => b.at - a.at);
  const { heading, list } = useHandedOnFocus(requests.map(({ id }) => id));
  return (
    <>
      <div class="list-head">
        <h1 class="list-title" ref={heading} tabIndex={-1}>
          {t("requests.title")}
        </h1>
      </div>
      {requests.length === 0 ? (
        <Empty icon="requests" title={t("requests.empty")} text={t("requests.emptyNext")} />
      ) : (
        <ul class="requests" ref={list} aria-label={t("requests.title")}>
          {requests.map((request) =>
            request.kind === "burst" ? <Burst key={request.id} request={request} /> : <Request key={request.id} request={request} />,
          )}
        </ul>
      )}
    </>
  );
}

/** Many strangers at once are one line: how many, from where, and what can be done about all of them. */
function Burst({ request }: { readonly request: RequestRecord }) {
  const { client, words, clock } = useApp();
  const { t, moment } = words.value;
  const task = useTask();
  const domain = domainOf(request.address);
  const count = request.count ?? 1;
  const answer = (kind: "decline" | "block"): void => void task.run(() => client.request("requests.answer", { requestId: request.id, answer: kind }));
  return (
    <li class="request" tabIndex={-1}>
      <div class="request-head">
        <Icon name="people" size={24} />
        <div class="row-text">
          <p class="name">{t("requests.burstTitle")}</p>
          <p class="request-address">{domain === "*" ? t("requests.burstMany", { count }) : t("requests.burst", { count, domain })}</p>
        </div>
        <div class="row-meta">
          <span class="row-time">{moment(request.at, clock.value)}</span>
        </div>
      </div>
      <p class="field-hint">{t("requests.burstText")}</p>
      {task.error !== undefined && <Problem error={task.error} />}
      <div class="request-buttons">
        <button type="button" class="button" aria-disabled={task.busy} onClick={() => answer("decline")}>
          {t("requests.dismiss")}
        </button>
        {domain !== "*" && (
          <button type="button" class="button danger-quiet" aria-disabled={task.busy} onClick={() => answer("block")}>
            {t("requests.blockDomain", { domain })}
          </button>
        )}
      </div>
    </li>
  );
}

function Request({ request }: { readonly request: RequestRecord }) {
  const { client, replica, words, clock } = useApp();
  const { t, moment } = words.value;
  const task = useTask();
  const account = replica.accounts.get(request.accountId);
  const name = request.name ?? request.address;
  const answer = (kind: "accept" | "decline" | "block"): void =>
    void task.run(() => client.request("requests.answer", { requestId: request.id, answer: kind }));
  return (
    <li class="request" tabIndex={-1}>
      <div class="request-head">
        <Avatar name={name} seed={request.address} />
        <div class="row-text">
          <p class="name" dir="auto" title={name}>
            {name}
          </p>
          {/* The address is always there in full: a name can be anybody's. */}
          <p class="request-address">
            <bdi>{request.address}</bdi>
          </p>
        </div>
        <div class="row-meta">
          <span class="row-time">{moment(request.at, clock.value)}</span>
        </div>
      </div>
      <p class="request-kind">{t(request.kind === "presence" ? "requests.presence" : "requests.message")}</p>
      {request.text !== undefined && request.text !== "" && (
        <blockquote class="request-text" dir="auto">
          {settingValue(replica, "StrangerContentMode") === "full" ? <MessageBody body={request.text} /> : request.text}
        </blockquote>
      )}
      {request.more && <p class="field-hint">{t("requests.more")}</p>}
      <LookAlikeNote accountId={request.accountId} address={request.address} name={request.name} />
      {account !== undefined && <p class="field-hint">{t("requests.via", { address: account.address, network: t(`network.${account.protocol}`) })}</p>}
      {task.error !== undefined && <Problem error={task.error} />}
      <div class="request-buttons">
        <button
          type="button"
          class="button primary"
          aria-disabled={task.busy}
          aria-label={t("requests.labelAccept", { name })}
          onClick={() => answer("accept")}
        >
          {t("requests.accept")}
        </button>
        <button type="button" class="button" aria-disabled={task.busy} aria-label={t("requests.labelDecline", { name })} onClick={() => answer("decline")}>
          {t("requests.decline")}
        </button>
        <button
          type="button"
          class="button danger-quiet"
          aria-disabled={task.busy}
          aria-label={t("requests.labelBlock", { name })}
          onClick={() => answer("block")}
        >
          {t("requests.block")}
        </button>
      </div>
    </li>
  );
}
