import { join } from "node:path";
import type { BrowserWindow, BrowserWindowConstructorOptions, Session } from "electron";
import type { Call } from "../../../shared/ipc/transport.ts";
import type { Log } from "../../networks/log.ts";
import { parseCall } from "../call.ts";
import { callChannel, messageChannel } from "./channels.ts";
import type { ElectronModules } from "./modules.ts";
import { isOwnUrl, pageUrl } from "./scheme.ts";

/** A page that fell over is loaded again, at most this often within a minute. */
const maxReloads = 3;

export interface MainWindowOptions {
  readonly session: Session;
  /** Folder of preload.cjs. */
  readonly folder: string;
  readonly log: Log;
  readonly onCall: (call: Call) => void;
  /** The close button: true lets the window go; false keeps it, hidden. */
  readonly onClose: () => boolean;
}

/** Options of the window: nothing of Node in the page, nothing of the page in the preload's world. */
export function windowOptions(options: Pick<MainWindowOptions, "session" | "folder">): BrowserWindowConstructorOptions {
  return {
    width: 1180,
    height: 760,
    minWidth: 360,
    minHeight: 420,
    title: "Hallway",
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      session: options.session,
      preload: join(options.folder, "preload.cjs"),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      devTools: false,
      // Its dictionaries would be downloaded.
      spellcheck: false,
    },
  };
}

export interface MainWindow {
  show(): Promise<void>;
  send(message: unknown): void;
  setTitle(title: string): void;
  /** Keeps it out of screenshots and recordings, where the system can (not on Linux). */
  protect(on: boolean): void;
  /** Ends it for good. */
  destroy(): void;
}

/** The one window. Made at the first `show`; calls are taken from its main frame, on our own page, only. */
export function createMainWindow(
  electron: Pick<ElectronModules, "BrowserWindow" | "ipcMain">,
  options: MainWindowOptions,
): MainWindow {
  const { log } = options;
  let window: BrowserWindow | undefined;
  let title = "Hallway";
  let isProtected = false;
  let reloads: number[] = [];

  const onCall = (event: Electron.IpcMainEvent, text: unknown): void => {
    const frame = event.senderFrame;
    if (window === undefined || frame === null || frame !== window.webContents.mainFrame || !isOwnUrl(frame.url)) {
      log.warn("a call from something that is not our page was refused");
      return;
    }
    const call = typeof text === "string" ? parseCall(text) : undefined;
    if (call === undefined) log.warn("a call that is none was refused");
    else options.onCall(call);
  };
  electron.ipcMain.on(callChannel, onCall);

  function onCrash(made: BrowserWindow): void {
    const now = Date.now();
    reloads = [...reloads.filter((at) => now - at < 60_000), now];
    log.warn("the window's page fell over", { times: reloads.length });
    if (reloads.length <= maxReloads) made.webContents.reload();
  }

  async function make(): Promise<void> {
    const made = new electron.BrowserWindow(windowOptions(options));
    window = made;
    made.on("close", (event) => {
      if (options.onClose()) return;
      event.preventDefault();
      made.hide();
    });
    made.on("closed", () => {
      if (window === made) window = undefined;
    });
    // The page's own title would drop the number of unread messages.
    made.on("page-title-updated", (event) => event.preventDefault());
    made.webContents.on("render-process-gone", () => onCrash(made));
    made.setTitle(title);
    made.setContentProtection(isProtected);
    await made.loadURL(pageUrl);
    made.show();
  }

  return {
    async show() {
      if (window === undefined) return make();
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    send(message) {
      if (window === undefined || window.isDestroyed()) return;
      window.webContents.send(messageChannel, message);
    },
    setTitle(text) {
      title = text;
      window?.setTitle(text);
    },
    protect(on) {
      isProtected = on;
      window?.setContentProtection(on);
    },
    destroy() {
      electron.ipcMain.removeListener(callChannel, onCall);
      window?.destroy();
    },
  };
}
