import { useEffect, useState } from "preact/hooks";
import type { AppRecord } from "../../shared/model/app.ts";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { hasAttention } from "./use-attention.ts";

/**
 * Whether the host can keep the window out of screenshots and recordings: Electron on Windows. macOS captures it all the
 * same (ScreenCaptureKit), and Linux has no way.
 */
export function keepsOutOfCaptures(app: Pick<AppRecord, "host" | "platform">): boolean {
  return app.host === "electron" && app.platform === "win32";
}

/**
 * Keeps text and picture in the window where policy says so (ClipboardEnabled, ScreenCaptureEnabled). Answers whether
 * the content has to be hidden now: no way to forbid a capture, and somebody looks at another program.
 */
export function useConfinement(): boolean {
  const { replica } = useApp();
  const copies = settingValue(replica, "ClipboardEnabled");
  const captures = settingValue(replica, "ScreenCaptureEnabled");
  const app = replica.app.get("app");
  const [attended, setAttended] = useState(hasAttention);

  useEffect(() => {
    if (copies) return;
    const refuse = (event: Event): void => event.preventDefault();
    const refuseFiles = (event: ClipboardEvent): void => {
      if ([...(event.clipboardData?.items ?? [])].some(({ kind }) => kind === "file")) event.preventDefault();
    };
    const refusePrinting = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "p") event.preventDefault();
    };
    const out = ["copy", "cut", "dragstart"] as const;
    for (const name of out) document.addEventListener(name, refuse, true);
    document.addEventListener("paste", refuseFiles, true);
    document.addEventListener("keydown", refusePrinting, true);
    document.documentElement.dataset["confined"] = "";
    return () => {
      for (const name of out) document.removeEventListener(name, refuse, true);
      document.removeEventListener("paste", refuseFiles, true);
      document.removeEventListener("keydown", refusePrinting, true);
      delete document.documentElement.dataset["confined"];
    };
  }, [copies]);

  const hides = !captures && app !== undefined && !keepsOutOfCaptures(app);
  useEffect(() => {
    if (!hides) return;
    const look = (): void => setAttended(hasAttention());
    look();
    for (const name of ["focus", "blur"] as const) window.addEventListener(name, look);
    document.addEventListener("visibilitychange", look);
    return () => {
      for (const name of ["focus", "blur"] as const) window.removeEventListener(name, look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [hides]);
  return hides && !attended;
}
