import { join } from "node:path";
import { HallwayError } from "../../../shared/errors.ts";
import type { Call, CommandMessage, Reply, UpdateMessage } from "../../../shared/ipc/transport.ts";
import { Listeners } from "../../../shared/listeners.ts";
import type { Words } from "../../../shared/words/words.ts";
import type { Log } from "../../networks/log.ts";
import type { SecretStore } from "../../secrets/secret-store.ts";
import { setAutostart } from "../autostart.ts";
import { externalUrl } from "../external.ts";
import { ScreenLock } from "../freedesktop/screen-lock.ts";
import type { FollowTrayHost } from "../freedesktop/tray-host.ts";
import type { Host, HostNotification, WindowFreedoms } from "../host.ts";
import { readPages } from "../pages.ts";
import { watchWake } from "../wake.ts";
import { DesktopIdle, isWayland } from "./desktop-idle.ts";
import { DesktopNotifications } from "./desktop-notifications.ts";
import { lockContents, lockSession } from "./lockdown.ts";
import { hiddenSwitch, setLoginItem } from "./login-item.ts";
import type { ElectronModules, ElectronSession, PreventableEvent } from "./modules.ts";
import { servePages } from "./scheme.ts";
import { DesktopTray } from "./tray.ts";
import { MainWindow } from "./window.ts";
import { WindowPlaceFile } from "./window-place.ts";

export interface ElectronHostOptions {
  /** Folder of the window's files (dist/renderer). */
  readonly pages: string;
  /** Folder of preload.cjs, the tray's pictures, unread.png and icon.png (dist/electron). */
  readonly folder: string;
  /** File in which the place of the window is kept. */
  readonly place: string;
  /** The session has started the program: the window waits until it is asked for. */
  readonly hidden: boolean;
  readonly secrets: SecretStore;
  /** Starts this program, on Linux; absent: its executable. */
  readonly command?: readonly string[];
  /** The system that this runs on, where a test plays another. */
  readonly platform?: NodeJS.Platform;
  /** Where a test plays the desktop: whether it shows tray icons, the sockets of its buses. */
  readonly desktop?: { readonly tray: FollowTrayHost; readonly sessionBus: string; readonly systemBus: string };
  readonly log: Log;
  /** Words of the tray's menu and of the window's dialogs, until `speak` hands in others. */
  readonly words: Words;
}

/**
 * The desktop through Electron. The app must be ready, hold the single instance lock, and have its scheme registered
 * (scheme.ts). Closing the window hides it; `onQuit` tells that the person wants the program to end, and `quit` ends
 * it.
 */
export async function createElectronHost(electron: ElectronModules, options: ElectronHostOptions): Promise<Host> {
  // In memory: no cookies, caches or storage of the page's on disk.
  const session = electron.session.fromPartition("hallway");
  servePages(session.protocol, await readPages(options.pages));
  const host = new ElectronHost(electron, options, session);
  await host.begin();
  return host;
}

class ElectronHost implements Host {
  readonly name = "electron";
  readonly locale: string;
  readonly secrets: SecretStore;
  readonly #electron: ElectronModules;
  readonly #options: ElectronHostOptions;
  readonly #calls = new Listeners<Call>();
  readonly #quits = new Listeners<void>();
  readonly #locks = new Listeners<boolean>();
  readonly #wakes = new Listeners<void>();
  readonly #platform: NodeJS.Platform;
  readonly #window: MainWindow;
  readonly #tray: DesktopTray;
  readonly #screenLock: ScreenLock | undefined;
  readonly #idle: DesktopIdle;
  readonly #notifications: DesktopNotifications;
  readonly #stopWatching: () => void;
  #quitting = false;
  #words: Words;
  #freedoms: WindowFreedoms = { clipboard: true, capture: true };

  constructor(electron: ElectronModules, options: ElectronHostOptions, session: ElectronSession) {
    const { app } = electron;
    const { folder, words, log, desktop } = options;
    this.#words = words;
    this.#electron = electron;
    this.#options = options;
    this.#platform = options.platform ?? process.platform;
    this.locale = app.getPreferredSystemLanguages()[0] ?? app.getLocale();
    this.secrets = options.secrets;
    lockSession(session, log, () => this.#freedoms.clipboard);
    app.on("web-contents-created", (_event, contents) => lockContents(contents, log));
    this.#window = new MainWindow(electron, {
      session,
      folder,
      platform: this.#platform,
      place: new WindowPlaceFile(options.place, log),
      words: () => this.#words,
      log,
      onCall: (call) => this.#calls.emit(call),
      onClose: () => this.#onClose(),
      onEnd: () => this.#quits.emit(),
    });
    this.#idle = new DesktopIdle(electron.powerMonitor, isWayland(this.#platform, process.env));
    this.#stopWatching = watchWake(() => this.#wakes.emit());
    this.#followApp();
    setMenus(electron);
    this.#tray = new DesktopTray(electron, {
      ...{ folder, words, log, platform: this.#platform },
      onOpen: () => this.#show(),
      onQuit: () => app.quit(),
      ...(desktop === undefined ? {} : { follow: desktop.tray }),
    });
    if (this.#platform === "linux")
      this.#screenLock = new ScreenLock({ ...desktop, onChange: (locked) => this.#locks.emit(locked), log });
    this.#notifications = new DesktopNotifications(electron, join(folder, "icon.png"));
  }

  /** Resolves when it is known what this desktop has. */
  async begin(): Promise<void> {
    void this.#screenLock?.begin();
    await this.#tray.begin({ waits: this.#options.hidden });
  }

  get startsHidden(): boolean {
    // Without a tray nothing would show it later.
    return this.#options.hidden && this.#tray.isThere;
  }

  speak(words: Words): void {
    this.#words = words;
    this.#tray.speak(words);
    this.#window.speak();
  }

  showWindow(): Promise<void> {
    return this.#window.show();
  }

  send(message: Reply | UpdateMessage | CommandMessage): void {
    this.#window.send(message);
  }

  onCall(listener: (call: Call) => void): () => void {
    return this.#calls.add(listener);
  }

  onQuit(listener: () => void): () => void {
    return this.#quits.add(listener);
  }

  onLockScreen(listener: (locked: boolean) => void): () => void {
    return this.#locks.add(listener);
  }

  onWake(listener: () => void): () => void {
    return this.#wakes.add(listener);
  }

  notify(notification: HostNotification): void {
    this.#notifications.show(notification);
  }

  closeNotification(tag: string): void {
    this.#notifications.close(tag);
  }

  clearNotifications(): void {
    this.#notifications.clear();
  }

  setBadge(count: number): void {
    this.#electron.app.setBadgeCount(count);
    this.#window.setUnread(count);
    this.#tray.setUnread(count);
  }

  restrict(allowed: WindowFreedoms): void {
    this.#freedoms = allowed;
    this.#window.protect(!allowed.capture);
  }

  async setStartAtLogin(on: boolean): Promise<void> {
    const { command = [process.env["APPIMAGE"] ?? process.execPath] } = this.#options;
    // Electron has no way to set it on Linux; the file of an AppImage is not the program that runs.
    if (this.#platform === "linux") await setAutostart(on, [...command, hiddenSwitch]);
    else setLoginItem(this.#electron.app, this.#platform, on);
  }

  async idleSeconds(): Promise<number | undefined> {
    return this.#idle.seconds();
  }

  readonly resolveProxy = async (url: string, script: string | undefined): Promise<string> => {
    // In sessions of their own: the window's has no network at all.
    const asked = this.#electron.session.fromPartition(
      script === undefined ? "hallway-system-proxy" : "hallway-script-proxy",
    );
    await asked.setProxy(script === undefined ? { mode: "system" } : { mode: "pac_script", pacScript: script });
    return asked.resolveProxy(url);
  };

  async openExternal(text: string): Promise<void> {
    const url = externalUrl(text);
    if (url === undefined) throw new HallwayError("invalid-argument");
    await this.#electron.shell.openExternal(url);
  }

  async chooseFolder(title: string): Promise<string | undefined> {
    const { canceled, filePaths } = await this.#electron.dialog.showOpenDialog({
      title,
      properties: ["openDirectory", "createDirectory"],
    });
    return canceled ? undefined : filePaths[0];
  }

  async showFolder(folder: string): Promise<void> {
    this.#electron.shell.showItemInFolder(folder);
  }

  async quit(): Promise<void> {
    this.#quitting = true;
    this.#stopWatching();
    this.#notifications.clear();
    this.#tray.close();
    this.#screenLock?.close();
    await this.#window.destroy();
    this.#electron.app.quit();
  }

  #followApp(): void {
    const { app, powerMonitor } = this.#electron;
    app.on("second-instance", () => this.#show());
    app.on("activate", () => this.#show());
    // The program lives on without a window: that is what the tray is for.
    app.on("window-all-closed", () => undefined);
    app.on("before-quit", (event: PreventableEvent) => {
      if (this.#quitting) return;
      // First everything is closed in good order; then `quit` comes back here.
      event.preventDefault();
      this.#quits.emit();
    });
    // On Linux it is asked for (screen-lock.ts).
    if (this.#platform !== "linux") {
      powerMonitor.on("lock-screen", () => this.#locks.emit(true));
      powerMonitor.on("unlock-screen", () => this.#locks.emit(false));
    }
    powerMonitor.on("resume", () => this.#wakes.emit());
  }

  #show(): void {
    this.#window.show().catch((cause: unknown) => {
      this.#options.log.warn("the window could not be shown", { cause });
    });
  }

  /** The person closes the window; false: it is hidden instead. */
  #onClose(): boolean {
    // Without a tray nothing would bring it back.
    if (!this.#quitting && !this.#tray.isThere) this.#electron.app.quit();
    return this.#quitting;
  }
}

/** On macOS the usual menus are needed for the usual keys; elsewhere there is none. */
function setMenus({ Menu }: ElectronModules): void {
  const roles = [{ role: "appMenu" }, { role: "editMenu" }, { role: "windowMenu" }] as const;
  Menu.setApplicationMenu(process.platform === "darwin" ? Menu.buildFromTemplate([...roles]) : null);
}
