import { domainOf } from "../../shared/model/address.ts";
import type { RequestRecord } from "../../shared/model/contact.ts";
import { useApp } from "../state/app-context.ts";
import { useTask } from "../state/use-task.ts";
import { Icon } from "../widgets/icons.tsx";
import { Problem } from "../widgets/problem.tsx";
import { requestElementId } from "./requests-list.tsx";

/** Many strangers at once are one line: how many, from where, and what can be done about all of them. */
export function BurstCard({ request }: { readonly request: RequestRecord }) {
  const { client, words, clock, ui } = useApp();
  const { t, moment } = words.value;
  const task = useTask();
  const domain = domainOf(request.address);
  const count = request.count ?? 1;
  const dismiss = (): void =>
    void task.run(() => client.request("requests.answer", { requestId: request.id, answer: "decline" }));
  return (
    <li class="request" id={requestElementId(request.id)} tabIndex={-1}>
      <div class="request-head">
        <Icon name="people" size={24} />
        <div class="row-text">
          <p class="name">{t("requests.burstTitle")}</p>
          <p class="request-address">
            {domain === "*" ? t("requests.burstMany", { count }) : t("requests.burst", { count, domain })}
          </p>
        </div>
        <div class="row-meta">
          <span class="row-time">{moment(request.at, clock.value)}</span>
        </div>
      </div>
      <p class="field-hint">{t("requests.burstText")}</p>
      {task.error !== undefined && <Problem error={task.error} />}
      <div class="request-buttons">
        <button type="button" class="button" aria-disabled={task.busy} onClick={dismiss}>
          {t("requests.dismiss")}
        </button>
        {domain !== "*" && (
          <button
            type="button"
            class="button danger-quiet"
            aria-disabled={task.busy}
            onClick={() => (ui.dialog.value = { kind: "block", contactId: request.id, request: true })}
          >
            {t("requests.blockDomain", { domain })}
          </button>
        )}
      </div>
    </li>
  );
}
