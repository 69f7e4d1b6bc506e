import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import type { Words } from "../../shared/words/words.ts";
import { Digest } from "../diagnostics/digest.ts";
import type { ContentHit } from "../guard/inspection.ts";
import { type ContentGuard, createContentGuard } from "../guard/pipeline.ts";
import type { Log } from "../networks/log.ts";
import type { Audit } from "../record/audit/audit.ts";
import type { AppStatus } from "../store/app-status.ts";

const hour = 3_600_000;

/** The content pipeline under the settings, in the person's words; what it finds and what it cannot apply is told. */
export function governContent(parts: {
  readonly get: ReadSetting;
  readonly words: () => Words;
  readonly appStatus: Pick<AppStatus, "notice" | "settled">;
  /** Undefined while there is none open. */
  readonly audit: () => Audit | undefined;
  readonly log: Log;
}): ContentGuard {
  const { get, words, appStatus, audit, log } = parts;
  // The audit log has every one of them.
  const hits = new Digest<Omit<ContentHit, "parties">>({
    every: hour,
    now: Date.now,
    tell: (hit, count) => log.info("A rule for messages found something", { ...hit, count }),
  });
  return createContentGuard({
    get,
    notice: ({ finding, rule, message }) =>
      words().t("content.withheld", { finding: message ?? words().t(`content.finding.${finding}`), rule }),
    onHit({ parties, rule, ...hit }) {
      hits.add(`${rule} ${hit.finding} ${hit.action} ${hit.direction}`, { ...hit, rule });
      void audit()?.record({
        kind: "content-rule",
        action: "hit",
        details: { rule: rule ?? null, ...hit, own: parties.own ?? null, peer: parties.peer },
      });
    },
    onBroken(broken) {
      for (const { path, rule, error } of broken)
        log.warn("A rule for messages cannot be applied", { path, rule: rule.name, error });
      const [first] = broken;
      if (first) appStatus.notice({ code: "policy-invalid", params: { setting: "ContentRules", path: first.path } });
      else appStatus.settled(["policy-invalid"]);
    },
  });
}
