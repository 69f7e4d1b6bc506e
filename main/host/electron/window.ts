import { join } from "node:path";
import type { BrowserWindowConstructorOptions, Session } from "electron";
import type { Call } from "../../../shared/ipc/transport.ts";
import type { Words } from "../../../shared/words/words.ts";
import type { Log } from "../../networks/log.ts";
import { parseCall } from "../call.ts";
import { callChannel, messageChannel } from "./channels.ts";
import type { ElectronCall, ElectronModules, ElectronSession, ElectronWindow } from "./modules.ts";
import { isOwnUrl, pageUrl } from "./scheme.ts";
import { boundsWithin, smallestSize, type WindowPlaceFile } from "./window-place.ts";

/** A page that fell over is loaded again, at most this often within a minute; then the person decides. */
const maxReloads = 3;

export interface MainWindowOptions {
  readonly session: ElectronSession;
  /** Folder of preload.cjs and unread.png. */
  readonly folder: string;
  readonly platform: NodeJS.Platform;
  readonly place: WindowPlaceFile;
  readonly words: () => Words;
  readonly log: Log;
  readonly onCall: (call: Call) => void;
  /** The close button: true lets the window go; false keeps it, hidden. */
  readonly onClose: () => boolean;
  /** The person's session ends (Windows, which says it to windows only), or they choose to quit a page that hangs. */
  readonly onEnd: () => void;
}

/** Options of the window: nothing of Node in the page, nothing of the page in the preload's world. */
export function windowOptions(options: Pick<MainWindowOptions, "session" | "folder">): BrowserWindowConstructorOptions {
  return {
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    title: "Hallway",
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      session: options.session as Session,
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

/** The one window. Made at the first `show`; calls are taken from its main frame, on our own page, only. */
export class MainWindow {
  readonly #electron: Pick<ElectronModules, "BrowserWindow" | "dialog" | "ipcMain" | "nativeImage" | "screen">;
  readonly #options: MainWindowOptions;
  readonly #onCall = (event: ElectronCall, text: unknown): void => this.#take(event, text);
  #window: ElectronWindow | undefined;
  #making: Promise<void> | undefined;
  #unread = 0;
  #isProtected = false;
  #reloads: number[] = [];

  constructor(electron: ElectronModules, options: MainWindowOptions) {
    this.#electron = electron;
    this.#options = options;
    electron.ipcMain.on(callChannel, this.#onCall);
  }

  /** Makes it, or brings it to the front. Rejects where its page cannot be loaded. */
  async show(): Promise<void> {
    if (this.#making !== undefined) return this.#making;
    const window = this.#window;
    if (window === undefined) {
      this.#making = this.#make().finally(() => {
        this.#making = undefined;
      });
      return this.#making;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  send(message: unknown): void {
    this.#whole()?.webContents.send(messageChannel, message);
  }

  /** Number of unread messages, in the title and on the taskbar (Windows). */
  setUnread(count: number): void {
    this.#unread = count;
    const window = this.#whole();
    if (window !== undefined) this.#showUnread(window);
  }

  /** Words that stand on it already, in the language of now. */
  speak(): void {
    this.setUnread(this.#unread);
  }

  /** Keeps it out of screenshots and recordings, where the system can. */
  protect(on: boolean): void {
    this.#isProtected = on;
    this.#whole()?.setContentProtection(on);
  }

  /** Ends it for good. */
  async destroy(): Promise<void> {
    this.#electron.ipcMain.removeListener(callChannel, this.#onCall);
    this.#whole()?.destroy();
    await this.#options.place.flush();
  }

  /** The window, unless the system has taken it away already: a call on that would throw. */
  #whole(): ElectronWindow | undefined {
    return this.#window?.isDestroyed() === false ? this.#window : undefined;
  }

  async #make(): Promise<void> {
    const place = await this.#options.place.read();
    const areas = this.#electron.screen.getAllDisplays().map(({ workArea }) => workArea);
    const window = new this.#electron.BrowserWindow({ ...windowOptions(this.#options), ...boundsWithin(place, areas) });
    this.#window = window;
    this.#follow(window);
    this.#showUnread(window);
    window.setContentProtection(this.#isProtected);
    try {
      await window.loadURL(pageUrl);
    } catch (error) {
      // The next `show` tries again, with a window of its own.
      window.destroy();
      throw error;
    }
    if (place?.maximized) window.maximize();
    window.show();
  }

  #follow(window: ElectronWindow): void {
    const { onClose, onEnd, log } = this.#options;
    window.on("close", (event) => {
      if (onClose()) return;
      event.preventDefault();
      this.#hide(window);
    });
    window.on("closed", () => {
      if (this.#window === window) this.#window = undefined;
    });
    // The page's own title would drop the number of unread messages.
    window.on("page-title-updated", (event) => event.preventDefault());
    window.on("resize", () => this.#keepPlace(window));
    window.on("move", () => this.#keepPlace(window));
    window.webContents.on("render-process-gone", () => this.#onCrash(window));
    this.#watchAnswers(window);
    if (this.#options.platform !== "win32") return;
    // Windows ends the program soon after, without `before-quit`.
    window.on("query-session-end", () => log.info("the session is about to end"));
    window.on("session-end", onEnd);
  }

  /** On macOS a full screen whose window is hidden would stay, black. */
  #hide(window: ElectronWindow): void {
    if (this.#options.platform === "darwin" && window.isFullScreen()) {
      window.once("leave-full-screen", () => window.hide());
      window.setFullScreen(false);
    } else {
      window.hide();
    }
  }

  #keepPlace(window: ElectronWindow): void {
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    this.#options.place.keep({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  }

  /** Offers to load a page again that does not answer; takes the offer back when it does. */
  #watchAnswers(window: ElectronWindow): void {
    const { words, log } = this.#options;
    let offer: AbortController | undefined;
    window.on("responsive", () => {
      offer?.abort();
      offer = undefined;
    });
    window.on("unresponsive", () => {
      if (offer !== undefined) return;
      const asked = new AbortController();
      offer = asked;
      log.warn("the window's page does not answer");
      const { t } = words();
      const buttons = [t("window.wait"), t("window.reload")];
      void this.#ask({ message: t("window.hangs"), buttons, signal: asked.signal }).then((choice) => {
        if (offer === asked) offer = undefined;
        // `render-process-gone` follows, which loads it again.
        if (choice === 1 && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
      });
    });
  }

  #onCrash(window: ElectronWindow): void {
    const { words, log, onEnd } = this.#options;
    const now = Date.now();
    this.#reloads = [...this.#reloads.filter((at) => now - at < 60_000), now];
    log.warn("the window's page fell over", { times: this.#reloads.length });
    if (this.#reloads.length <= maxReloads) window.webContents.reload();
    // Asked once, however often it falls over meanwhile.
    if (this.#reloads.length !== maxReloads + 1) return;
    const { t } = words();
    void this.#ask({ message: t("window.crashed"), buttons: [t("window.reload"), t("tray.quit")] }).then((choice) => {
      this.#reloads = [];
      if (choice === 1) onEnd();
      else if (!window.isDestroyed()) window.webContents.reload();
    });
  }

  /** Place of the button that the person chose; the first where they chose none. */
  async #ask(question: {
    readonly message: string;
    readonly buttons: string[];
    readonly signal?: AbortSignal;
  }): Promise<number> {
    const asked = { type: "warning", title: "Hallway", defaultId: 0, cancelId: 0, ...question } as const;
    const { response } = await this.#electron.dialog.showMessageBox(asked);
    return response;
  }

  #showUnread(window: ElectronWindow): void {
    const { platform, folder, words } = this.#options;
    const count = this.#unread;
    window.setTitle(count > 0 ? `(${count}) Hallway` : "Hallway");
    if (platform !== "win32") return;
    const picture = count > 0 ? this.#electron.nativeImage.createFromPath(join(folder, "unread.png")) : null;
    window.setOverlayIcon(picture, count > 0 ? words().t("window.unread") : "");
  }

  #take(event: ElectronCall, text: unknown): void {
    const { log, onCall } = this.#options;
    const frame = event.senderFrame;
    const window = this.#whole();
    if (window === undefined || frame === null || frame !== window.webContents.mainFrame || !isOwnUrl(frame.url)) {
      log.warn("a call from something that is not our page was refused");
      return;
    }
    const call = typeof text === "string" ? parseCall(text) : undefined;
    if (call === undefined) log.warn("a call that is none was refused");
    else onCall(call);
  }
}
