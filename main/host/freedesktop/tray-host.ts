import type { BusState } from "./followed-state.ts";

const watcher = "org.kde.StatusNotifierWatcher";
const object = { destination: watcher, path: "/StatusNotifierWatcher", interface: watcher };

/**
 * Whether something on this desktop shows tray icons (StatusNotifierItem, "StatusNotifierWatcher"). GNOME has nothing
 * without an extension.
 */
export const trayHost: BusState = {
  service: watcher,
  signals: [{ sender: watcher, interface: watcher }],
  ask: async (bus) => (await bus.property(object, "IsStatusNotifierHostRegistered")) === true,
};
