import type { PolicyEntry } from "../../shared/model/policy.ts";
import { settings } from "../../shared/settings/declaration.ts";
import type { SettingDeclaration } from "../../shared/settings/declare.ts";
import { invalidWords } from "../../shared/words/invalid-policy.ts";
import { keepsOutOfCaptures } from "../frame/use-confinement.ts";
import { useApp, useWords } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";
import { shownValue } from "./shown-value.ts";

/** One setting: what it is, the value in force and, unfolded, why. */
export function PolicyEntryView({ entry }: { readonly entry: PolicyEntry }) {
  const words = useWords();
  const { replica } = useApp();
  const app = replica.app.get("app");
  const captured = app !== undefined && keepsOutOfCaptures(app);
  const { t } = words;
  const { key, origin, locked, source, line, error, overruled } = entry;
  const declaration: SettingDeclaration = settings[key];
  const planned = declaration.status === "not-in-this-version";
  const notHere = planned && declaration.absent ? "policy.absent" : "policy.notInThisVersion";
  return (
    <li class="policy-entry" data-setting={key}>
      <div class="policy-head">
        <span class="setting-name">
          {locked && origin === "policy" && <Icon name="building" size={14} />}
          {t(`setting.${key}`)}
        </span>
        <span class="policy-value">{shownValue(key, entry.value, words)}</span>
      </div>
      <p class="setting-hint">{t(`setting.${key}.hint`)}</p>
      {error !== undefined && <p class="field-error">{invalidWords(error, words)}</p>}
      {key === "ScreenCaptureEnabled" && entry.value === false && !captured && (
        <p class="policy-planned">{t("policy.captureHere")}</p>
      )}
      {planned && origin !== "default" && <p class="policy-planned">{t(notHere)}</p>}
      <details class="advanced">
        <summary>
          <Icon name="chevronRight" size={14} class="mirrored" />
          {t("policy.details")} <span class="visually-hidden">{t(`setting.${key}`)}</span>
        </summary>
        <dl class="policy-facts">
          <dt>{t("policy.why")}</dt>
          <dd>
            {t(`policy.origin.${origin}`)}. {t(locked ? "policy.locked" : "policy.free")}
          </dd>
          {source !== undefined && (
            <>
              <dt>{t("policy.source")}</dt>
              <dd>
                <bdi>{line === undefined ? source : t("policy.sourceLine", { source, line })}</bdi>
              </dd>
            </>
          )}
          <dt>{t("policy.name")}</dt>
          <dd>
            <code>{key}</code>
          </dd>
          {planned && origin === "default" && (
            <>
              <dt>{t("app.name")}</dt>
              <dd>{t(notHere)}</dd>
            </>
          )}
          {overruled.length > 0 && (
            <>
              <dt>{t("policy.overrules")}</dt>
              {overruled.map((other, n) => (
                <dd key={n}>
                  {t("policy.overruled", {
                    value: shownValue(key, other.value, words),
                    origin: t(`policy.origin.${other.origin}`),
                  })}
                  {other.source !== undefined && (
                    <bdi>
                      {" "}
                      {other.line === undefined
                        ? other.source
                        : t("policy.sourceLine", { source: other.source, line: other.line })}
                    </bdi>
                  )}
                </dd>
              ))}
            </>
          )}
        </dl>
      </details>
    </li>
  );
}
