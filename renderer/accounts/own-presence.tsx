import { useApp } from "../state/app-context.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Icon } from "../widgets/icons.tsx";

/** The person themselves at the foot of the list: their presence, and how many accounts are connected. */
export function OwnPresenceButton() {
  const { replica, words, ui } = useApp();
  const { t } = words.value;
  const presence = replica.app.get("app")?.presence ?? { availability: "available" };
  const accounts = replica.accounts.all().filter(({ enabled }) => enabled);
  const online = accounts.filter(({ state }) => state === "online").length;
  const trouble = accounts.some(({ state }) => state === "failed");
  const shown = online === 0 ? "offline" : presence.availability;
  const address = accounts[0]?.address ?? "";
  const [only] = accounts;
  const connected =
    only === undefined
      ? t("account.none")
      : accounts.length > 1
        ? t("account.connected", { online, total: accounts.length })
        : t(online === 1 ? "account.oneConnected" : "account.oneNotConnected");
  // Without a connection nobody sees what was chosen.
  const isConnecting = online === 0 && accounts.some(({ state }) => state === "connecting");
  return (
    <button type="button" class="me" aria-haspopup="dialog" onClick={() => (ui.dialog.value = { kind: "presence" })}>
      <Avatar name={address.split("@")[0] ?? ""} seed={address} availability={shown} />
      <span class="row-text">
        <span class="name" dir="auto">
          {isConnecting ? t("account.state.connecting") : t(`presence.${shown}`)}
          {online > 0 && presence.status !== undefined && presence.status !== "" && (
            <span class="me-status"> · {presence.status}</span>
          )}
        </span>
        <span class={`sub${trouble ? " sub-trouble" : ""}`}>
          {trouble && <Icon name="alert" size={13} />}
          {connected}
        </span>
      </span>
      <Icon name="chevronUp" size={16} />
    </button>
  );
}
