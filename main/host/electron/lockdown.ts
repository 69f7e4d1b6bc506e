import type { Log } from "../../networks/log.ts";
import type { ElectronContents, ElectronSession } from "./modules.ts";
import { isOwnUrl } from "./scheme.ts";

/** The one thing that the page may ask for, where policy lets it: to put text on the clipboard after a click. */
const allowedPermission = "clipboard-sanitized-write";

/**
 * Denies everything that the page has no need of: permissions, devices, downloads, and every request that is not for
 * our own files.
 */
export function lockSession(session: ElectronSession, log: Log, mayWrite: () => boolean): void {
  const allows = (permission: string): boolean => permission === allowedPermission && mayWrite();
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    if (!allows(permission)) log.info("a permission was refused", { permission });
    answer(allows(permission));
  });
  session.setPermissionCheckHandler((_contents, permission) => allows(permission));
  session.setDevicePermissionHandler(() => false);
  session.on("will-download", (event) => {
    log.warn("a download was refused");
    event.preventDefault();
  });
  session.webRequest.onBeforeRequest((details, answer) => {
    const allowed = isOwnUrl(details.url) || details.url.startsWith("data:") || details.url.startsWith("blob:");
    if (!allowed) log.debug("a request of the window was refused");
    answer({ cancel: !allowed });
  });
}

/**
 * No other page in this window, no other window, no frame of somebody else's. For every web contents that ever comes to
 * be.
 */
export function lockContents(contents: ElectronContents, log: Log): void {
  contents.setWindowOpenHandler(() => {
    log.warn("a second window was refused");
    return { action: "deny" };
  });
  const stay = (event: { preventDefault(): void; readonly url: string }): void => {
    if (isOwnUrl(event.url)) return;
    log.warn("a way to a foreign page was refused");
    event.preventDefault();
  };
  contents.on("will-navigate", stay);
  contents.on("will-frame-navigate", stay);
  contents.on("will-redirect", stay);
  contents.on("will-attach-webview", (event) => event.preventDefault());
}
