import type { ElectronModules } from "./modules.ts";

/** Argument with which the session starts Hallway: without showing its window. */
export const hiddenSwitch = "--hidden";

/**
 * Starts Hallway with the person's session, or no longer, by the system's own list (macOS and Windows). What the person
 * has switched off there stays off: Windows' Task Manager keeps an item that is disabled, and macOS one that waits for
 * approval.
 */
export function setLoginItem(
  app: Pick<ElectronModules["app"], "getLoginItemSettings" | "setLoginItemSettings">,
  platform: NodeJS.Platform,
  on: boolean,
): void {
  if (platform === "win32") {
    const args = [hiddenSwitch];
    const { launchItems } = app.getLoginItemSettings({ args });
    app.setLoginItemSettings({ openAtLogin: on, args, enabled: launchItems.every(({ enabled }) => enabled) });
  } else if (platform === "darwin") {
    const { openAtLogin, status } = app.getLoginItemSettings();
    if (openAtLogin !== on && !(on && status === "requires-approval")) app.setLoginItemSettings({ openAtLogin: on });
  }
}

/** Whether the session has started this program, which is no reason to show its window. */
export function startedBySession(
  app: Pick<ElectronModules["app"], "getLoginItemSettings">,
  platform: NodeJS.Platform,
  args: readonly string[],
): boolean {
  return platform === "darwin" ? app.getLoginItemSettings().wasOpenedAtLogin : args.includes(hiddenSwitch);
}
