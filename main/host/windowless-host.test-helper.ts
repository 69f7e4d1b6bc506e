import type { Host } from "./host.ts";

/** A desktop without a window on which nothing happens, but for the parts handed in. */
export function windowlessHost(parts: Pick<Host, "send" | "secrets"> & Partial<Host>): Host {
  return {
    name: "chromium",
    locale: "en",
    showWindow: async () => undefined,
    onCall: () => () => undefined,
    onQuit: () => () => undefined,
    notify: () => undefined,
    closeNotification: () => undefined,
    clearNotifications: () => undefined,
    restrict: () => undefined,
    setStartAtLogin: async () => undefined,
    setBadge: () => undefined,
    idleSeconds: async () => undefined,
    onLockScreen: () => () => undefined,
    onWake: () => () => undefined,
    openExternal: async () => undefined,
    chooseFolder: async () => undefined,
    quit: async () => undefined,
    ...parts,
  };
}
