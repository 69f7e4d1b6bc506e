import type { AccountRecord } from "../../shared/model/account.ts";
import { seenPresence } from "../../shared/model/seen-presence.ts";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";

/** Presence that others see over an account, word for word. */
export function SeenPresence({ account: listed }: { readonly account: AccountRecord }) {
  const { replica, words } = useApp();
  const account = replica.accounts.get(listed.id) ?? listed;
  const { t } = words.value;
  const sharing = settingValue(replica, "PresenceSharing");
  const chosen = account.presence ?? replica.app.get("app")?.presence ?? { availability: "available" };
  if (!account.enabled) return null;
  if (account.state === "online" && sharing === "nobody")
    return <p class="setting-hint">{t("presenceMenu.seenByNobody")}</p>;
  const { availability, status = "" } =
    account.state === "online"
      ? seenPresence(chosen, replica.networks.get(account.protocol), words.value)
      : { availability: "offline" as const };
  const presence = [t(`presence.${availability}`), status].filter(Boolean).join(" · ");
  return (
    <p class="setting-hint">
      {t(sharing === "groups" ? "presenceMenu.seenByGroups" : "presenceMenu.seen", { presence })}
    </p>
  );
}
