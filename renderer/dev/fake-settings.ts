import { HallwayError } from "../../shared/errors.ts";
import type { PolicyPage } from "../../shared/model/policy.ts";
import type { WindowState } from "../../shared/model/window-state.ts";
import { type SettingRecord, settingKeys, settings } from "../../shared/settings/declaration.ts";
import type { HandlersOf } from "./fake-handlers.ts";

/** Settings, policy, lock and window state of the stand-in for main. Its secrets are "right" and "correct horse". */
export const settingHandlers: HandlersOf = (store) => {
  const { policy } = store;
  let windowState: WindowState | undefined;
  return {
    "app.snapshot": () => store.snapshot(),
    "app.windowState": () => (windowState === undefined ? {} : { state: windowState }),
    "app.keepWindowState": ({ state: next }) => {
      windowState = next;
      return {};
    },
    "settings.set": ({ key, value }) => {
      const before = store.settings.get(key);
      if (before === undefined || before.locked) throw new HallwayError("locked-by-policy");
      const record: SettingRecord = {
        ...before,
        value: value ?? settings[key].default,
        origin: value === null ? "default" : "user",
      };
      store.settings.set(key, record);
      store.publish([{ op: "put", table: "settings", id: key, record }]);
      return {};
    },
    "policy.page": (): PolicyPage => ({
      entries: settingKeys.flatMap((key) => {
        const record = store.settings.get(key);
        return record ? [{ ...record, key, overruled: policy?.overruled?.[key] ?? [] }] : [];
      }),
      problems: policy?.problems ?? [],
      connectionsAllowed: policy?.connectionsAllowed ?? true,
    }),
    "lock.now": () => {
      store.putApp({ ...store.app, lockedBy: "password" });
      return {};
    },
    "lock.unlock": ({ secret }) => {
      if (secret !== "right") throw new HallwayError("unlock-refused");
      const { lockedBy: _, ...open } = store.app;
      store.putApp(open);
      return {};
    },
    "vault.unlock": ({ passphrase }) => {
      if (passphrase !== "correct horse") throw new HallwayError("vault-wrong-passphrase");
      store.putApp({ ...store.app, vault: "ready" });
      return {};
    },
  };
};
