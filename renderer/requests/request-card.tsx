import { type Address, isPersonal, isUnanswerable, nameOf } from "../../shared/model/address.ts";
import type { RequestRecord } from "../../shared/model/contact.ts";
import { noticeLine } from "../../shared/words/notice.ts";
import { MessageBody } from "../conversation/message-body.tsx";
import { useApp } from "../state/app-context.ts";
import { networkName } from "../state/networks.ts";
import { settingValue } from "../state/setting.ts";
import { useTask } from "../state/use-task.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { LookAlikeWarning, useLookAlike } from "../widgets/look-alike-note.tsx";
import { Problem } from "../widgets/problem.tsx";
import { requestElementId } from "./requests-list.tsx";

/** Words of one stranger, and what can be answered. Accept stands out only where nothing warns of the address. */
export function RequestCard({ request }: { readonly request: RequestRecord }) {
  const { client, replica, words, clock, ui } = useApp();
  const { t, moment } = words.value;
  const task = useTask();
  const account = replica.accounts.get(request.accountId);
  const lookAlike = useLookAlike({ accountId: request.accountId, address: request.address, name: request.name });
  const name = request.name ?? strangerName(request.address);
  const answer = (kind: "accept" | "decline"): void =>
    void task.run(() => client.request("requests.answer", { requestId: request.id, answer: kind }));
  return (
    <li class="request" id={requestElementId(request.id)} tabIndex={-1}>
      <div class="request-head">
        <Avatar name={name} seed={request.address} />
        <div class="row-text">
          <p class="name" dir="auto" title={name}>
            {name}
          </p>
          {/* The address is always there in full: a name can be anybody's. */}
          {name !== request.address && (
            <p class="request-address">
              <bdi>{request.address}</bdi>
            </p>
          )}
        </div>
        <div class="row-meta">
          <span class="row-time">{moment(request.at, clock.value)}</span>
        </div>
      </div>
      <p class="request-kind">{t(request.kind === "presence" ? "requests.presence" : "requests.message")}</p>
      {request.notice !== undefined && (
        <p>{noticeLine(words.value, request.notice, { author: { isSelf: false }, name })}</p>
      )}
      {request.text !== undefined && request.text !== "" && (
        <blockquote class="request-text" dir="auto">
          {settingValue(replica, "StrangerContentMode") === "full" ? <MessageBody body={request.text} /> : request.text}
        </blockquote>
      )}
      {request.more && <p class="field-hint">{t("requests.more")}</p>}
      <LookAlikeWarning address={request.address} lookAlike={lookAlike} />
      {account !== undefined && (
        <p class="field-hint">
          {t("requests.via", { address: account.address, network: networkName(replica, account.protocol) })}
        </p>
      )}
      {task.error !== undefined && <Problem error={task.error} />}
      <div class="request-buttons">
        <button
          type="button"
          class={lookAlike.state === "none" ? "button primary" : "button"}
          aria-disabled={task.busy}
          aria-label={t("requests.labelAccept", { name })}
          onClick={() => answer("accept")}
        >
          {t("requests.accept")}
        </button>
        <button
          type="button"
          class="button"
          aria-disabled={task.busy}
          aria-label={t("requests.labelDecline", { name })}
          onClick={() => answer("decline")}
        >
          {t("requests.decline")}
        </button>
        <button
          type="button"
          class="button danger-quiet"
          aria-disabled={task.busy}
          aria-label={t("requests.labelBlock", { name })}
          onClick={() => (ui.dialog.value = { kind: "block", contactId: request.id, request: true })}
        >
          {t("requests.block")}
        </button>
      </div>
    </li>
  );
}

/** The address of a person; a server, a telephone or whoever hides has a name that says more. */
function strangerName(address: Address): string {
  return isPersonal(address) && !isUnanswerable(address) ? address : nameOf(address);
}
