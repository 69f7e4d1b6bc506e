import type { ElectronModules } from "./modules.ts";

/** True: the windows of this session are Wayland's. */
export function isWayland(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): boolean {
  return platform === "linux" && (environment["XDG_SESSION_TYPE"] === "wayland" || !!environment["WAYLAND_DISPLAY"]);
}

/**
 * Seconds since the last input on the desktop. Chromium says 0 on a Wayland desktop that does not tell it; as long as a
 * Wayland desktop has never said anything else, nothing is known, and input in the window counts.
 */
export class DesktopIdle {
  readonly #powerMonitor: Pick<ElectronModules["powerMonitor"], "getSystemIdleTime">;
  #isKnown: boolean;

  constructor(powerMonitor: Pick<ElectronModules["powerMonitor"], "getSystemIdleTime">, wayland: boolean) {
    this.#powerMonitor = powerMonitor;
    this.#isKnown = !wayland;
  }

  seconds(): number | undefined {
    const seconds = this.#powerMonitor.getSystemIdleTime();
    if (seconds > 0) this.#isKnown = true;
    return this.#isKnown ? seconds : undefined;
  }
}
