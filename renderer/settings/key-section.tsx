import { useApp } from "../state/app-context.ts";

/** Where the key of everything on this computer is, and what can be changed about it. */
export function KeySection() {
  const { replica, ui, words } = useApp();
  const { t } = words.value;
  const kind = replica.app.get("app")?.vaultKind;
  if (kind === undefined) return null;
  return (
    <div class="setting" role="group" aria-labelledby="setting-key">
      <p id="setting-key" class="setting-name">
        {t("key.title")}
      </p>
      <p class="setting-hint">{t(kind === "passphrase" ? "key.byPassphrase" : "key.inStore")}</p>
      <div class="account-buttons">
        {kind === "passphrase" && (
          <button
            type="button"
            class="button"
            onClick={() => (ui.dialog.value = { kind: "key", change: "passphrase" })}
          >
            {t("key.passphrase")}
          </button>
        )}
        <button type="button" class="button" onClick={() => (ui.dialog.value = { kind: "key", change: "key" })}>
          {t("key.change")}
        </button>
        {kind === "passphrase" && (
          <button type="button" class="button" onClick={() => (ui.dialog.value = { kind: "key", change: "to-store" })}>
            {t("key.toStore")}
          </button>
        )}
      </div>
    </div>
  );
}
