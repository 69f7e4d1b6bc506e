import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import type { Host } from "../host/host.ts";
import type { Log } from "../networks/log.ts";

/** Rules of the settings for the desktop around Hallway. */
export interface GovernedDesktop {
  /** Applies ClipboardEnabled and ScreenCaptureEnabled to the window. */
  restrict(): void;
  /** StartAtLogin, once the person's choice is known. */
  startAtLogin(): void;
}

export function governDesktop(
  host: Pick<Host, "restrict" | "setStartAtLogin">,
  get: ReadSetting,
  log: Log,
): GovernedDesktop {
  return {
    restrict: () => host.restrict({ clipboard: get("ClipboardEnabled"), capture: get("ScreenCaptureEnabled") }),
    startAtLogin() {
      host
        .setStartAtLogin(get("StartAtLogin"))
        .catch((error: unknown) => log.warn("Starting with the session could not be set", { error }));
    },
  };
}
