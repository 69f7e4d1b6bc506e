import { sessionBusPath } from "./bus-address.ts";
import { type BusState, FollowedState } from "./followed-state.ts";
import { MessageBus } from "./message-bus.ts";

const watcher = "org.kde.StatusNotifierWatcher";
const object = { destination: watcher, path: "/StatusNotifierWatcher", interface: watcher };

/** Tells whether something shows tray icons, at first and after each change. Resolves with the disposer. */
export type FollowTrayHost = (onChange: (there: boolean) => void) => Promise<() => void>;

/**
 * Whether something on this desktop shows tray icons (StatusNotifierItem, "StatusNotifierWatcher"). GNOME has nothing
 * without an extension.
 */
export const trayHost: BusState = {
  service: watcher,
  signals: [{ sender: watcher, interface: watcher }],
  ask: async (bus) => (await bus.property(object, "IsStatusNotifierHostRegistered")) === true,
};

/** Follows the tray of the person's session. Rejects where there is no bus to ask. */
export const followTrayHost: FollowTrayHost = async (onChange) => {
  const path = sessionBusPath(process.env);
  if (path === undefined) throw new Error("This session has no message bus");
  const bus = await MessageBus.connect(path);
  await new FollowedState(bus, trayHost, onChange).begin();
  return () => bus.close();
};
