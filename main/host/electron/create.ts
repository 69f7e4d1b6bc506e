import { join } from "node:path";
import type { Event, Notification, Tray } from "electron";
import { HallwayError } from "../../../shared/errors.ts";
import type { Call } from "../../../shared/ipc/transport.ts";
import { createListeners } from "../../../shared/listeners.ts";
import type { Log } from "../../networks/log.ts";
import type { SecretStore } from "../../secrets/secret-store.ts";
import { setAutostart } from "../autostart.ts";
import { externalUrl } from "../external.ts";
import type { Host, WindowFreedoms } from "../host.ts";
import { notificationBody } from "../notification-markup.ts";
import { readPages } from "../pages.ts";
import { watchWake } from "../wake.ts";
import { lockContents, lockSession } from "./lockdown.ts";
import type { ElectronModules } from "./modules.ts";
import { servePages } from "./scheme.ts";
import { createMainWindow } from "./window.ts";

export interface ElectronHostOptions {
  /** Folder of the window's files (dist/renderer). */
  readonly pages: string;
  /** Folder of preload.cjs, tray.png and icon.png (dist/electron). */
  readonly folder: string;
  readonly secrets: SecretStore;
  /** Starts this program, on Linux; absent: its executable. */
  readonly command?: readonly string[];
  /** The system that this runs on, where a test plays another. */
  readonly platform?: NodeJS.Platform;
  readonly log: Log;
  /** Words of the tray's menu, in the person's language. */
  readonly words: { readonly open: string; readonly quit: string };
}

/**
 * The desktop through Electron. The app must be ready, hold the single instance lock, and have its scheme registered
 * (scheme.ts). Closing the window hides it; `onQuit` tells that the person wants the program to end, and `quit` ends
 * it.
 */
export async function createElectronHost(electron: ElectronModules, options: ElectronHostOptions): Promise<Host> {
  const { app, powerMonitor } = electron;
  const { log } = options;
  const calls = createListeners<Call>();
  const quits = createListeners<void>();
  const locks = createListeners<boolean>();
  const wakes = createListeners<void>();
  let quitting = false;
  let freedoms: WindowFreedoms = { clipboard: true, capture: true };

  // In memory: no cookies, caches or storage of the page's on disk.
  const session = electron.session.fromPartition("hallway");
  servePages(session.protocol, await readPages(options.pages));
  lockSession(session, log, () => freedoms.clipboard);
  app.on("web-contents-created", (_event, contents) => lockContents(contents, log));

  function onClose(): boolean {
    // Without a tray nothing would bring it back.
    if (!quitting && tray === undefined) app.quit();
    return quitting;
  }
  const window = createMainWindow(electron, {
    session,
    folder: options.folder,
    log,
    onCall: (call) => calls.emit(call),
    onClose,
  });
  const show = (): void => {
    window.show().catch((cause: unknown) => log.warn("the window could not be shown", { cause }));
  };

  app.on("second-instance", show);
  app.on("activate", show);
  // The program lives on without a window: that is what the tray is for.
  app.on("window-all-closed", () => undefined);
  app.on("before-quit", (event: Event) => {
    if (quitting) return;
    // First everything is closed in good order; then `quit` comes back here.
    event.preventDefault();
    quits.emit();
  });
  powerMonitor.on("lock-screen", () => locks.emit(true));
  powerMonitor.on("unlock-screen", () => locks.emit(false));
  powerMonitor.on("resume", () => wakes.emit());
  const stopWatching = watchWake(() => wakes.emit());
  setMenus();
  const tray = makeTray();
  const shown = new Map<string, Notification>();

  /** On macOS the usual menus are needed for the usual keys; elsewhere there is none. */
  function setMenus(): void {
    const roles = [{ role: "appMenu" }, { role: "editMenu" }, { role: "windowMenu" }] as const;
    electron.Menu.setApplicationMenu(
      process.platform === "darwin" ? electron.Menu.buildFromTemplate([...roles]) : null,
    );
  }

  function makeTray(): Tray | undefined {
    try {
      const made = new electron.Tray(join(options.folder, "tray.png"));
      made.setToolTip("Hallway");
      made.setContextMenu(
        electron.Menu.buildFromTemplate([
          { label: options.words.open, click: show },
          { label: options.words.quit, click: () => app.quit() },
        ]),
      );
      made.on("click", show);
      return made;
    } catch (cause) {
      log.warn("there is no tray on this desktop", { cause });
      return undefined;
    }
  }

  return {
    name: "electron",
    locale: app.getPreferredSystemLanguages()[0] ?? app.getLocale(),
    secrets: options.secrets,
    showWindow: () => window.show(),
    send: (message) => window.send(message),
    onCall: (listener) => calls.add(listener),
    onQuit: (listener) => quits.add(listener),
    onLockScreen: (listener) => locks.add(listener),
    onWake: (listener) => wakes.add(listener),
    notify({ tag, title, body, silent, onClick }) {
      if (!electron.Notification.isSupported()) return;
      shown.get(tag)?.close();
      const notification = new electron.Notification({
        title,
        body: notificationBody(process.platform, body),
        silent,
        icon: join(options.folder, "icon.png"),
      });
      const forget = (): void => {
        if (shown.get(tag) === notification) shown.delete(tag);
      };
      notification.on("click", () => {
        // Some desktops leave it where it is.
        notification.close();
        forget();
        onClick();
      });
      notification.on("close", forget);
      notification.on("failed", forget);
      // Kept, or it would be collected and its click lost.
      shown.set(tag, notification);
      notification.show();
    },
    closeNotification(tag) {
      shown.get(tag)?.close();
      shown.delete(tag);
    },
    clearNotifications() {
      for (const notification of shown.values()) notification.close();
      shown.clear();
    },
    setBadge(count) {
      app.setBadgeCount(count);
      const title = count > 0 ? `(${count}) Hallway` : "Hallway";
      window.setTitle(title);
      tray?.setToolTip(title);
    },
    restrict(allowed) {
      freedoms = allowed;
      window.protect(!allowed.capture);
    },
    async setStartAtLogin(on) {
      // Electron has no way to set it on Linux; the file of an AppImage is not the program that runs.
      if ((options.platform ?? process.platform) === "linux")
        await setAutostart(on, options.command ?? [process.env["APPIMAGE"] ?? process.execPath]);
      else app.setLoginItemSettings({ openAtLogin: on });
    },
    async idleSeconds() {
      return powerMonitor.getSystemIdleTime();
    },
    async resolveProxy(url, script) {
      // In sessions of their own: the window's has no network at all.
      const asked = electron.session.fromPartition(
        script === undefined ? "hallway-system-proxy" : "hallway-script-proxy",
      );
      await asked.setProxy(script === undefined ? { mode: "system" } : { mode: "pac_script", pacScript: script });
      return asked.resolveProxy(url);
    },
    async openExternal(text) {
      const url = externalUrl(text);
      if (url === undefined) throw new HallwayError("invalid-argument");
      await electron.shell.openExternal(url);
    },
    async chooseFolder(title) {
      const { canceled, filePaths } = await electron.dialog.showOpenDialog({
        title,
        properties: ["openDirectory", "createDirectory"],
      });
      return canceled ? undefined : filePaths[0];
    },
    async showFolder(folder) {
      electron.shell.showItemInFolder(folder);
    },
    async quit() {
      quitting = true;
      stopWatching();
      for (const notification of shown.values()) notification.close();
      tray?.destroy();
      window.destroy();
      app.quit();
    },
  };
}
