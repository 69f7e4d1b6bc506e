import type { SettingValue } from "../../shared/settings/declaration.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { namedByAny } from "../addressing/domains.ts";

type ProxySettings = SettingValue<"ProxySettings">;
type Choice = Exclude<ProxySettings, { mode: "fixed" }> | { readonly mode: "fixed"; readonly url: string };

/** ProxySettings, for one host: what `bypass` names goes without the fixed proxy. */
export function createProxyChoice(get: ReadSetting): (host: string) => Choice {
  return (host) => {
    const settings = get("ProxySettings");
    return settings.mode === "fixed" && settings.bypass && namedByAny(settings.bypass, host)
      ? { mode: "direct" }
      : settings;
  };
}
