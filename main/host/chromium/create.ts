import { spawn } from "node:child_process";
import { HallwayError } from "../../../shared/errors.ts";
import type { Call, CommandMessage, Reply, UpdateMessage } from "../../../shared/ipc/transport.ts";
import { Listeners } from "../../../shared/listeners.ts";
import type { Log } from "../../networks/log.ts";
import type { SecretStore } from "../../secrets/secret-store.ts";
import { setAutostart } from "../autostart.ts";
import { downloadFolder } from "../download-folder.ts";
import { externalUrl, openCommand } from "../external.ts";
import type { Host, HostNotification, WindowFreedoms } from "../host.ts";
import { type Pages, readPages } from "../pages.ts";
import { watchWake } from "../wake.ts";
import type { PageReport } from "./bridge.ts";
import { IdleReports } from "./idle-reports.ts";
import { LastingWindow } from "./lasting-window.ts";
import { type BrowserOptions, Launcher } from "./launch.ts";
import { PageNotifications } from "./page-notifications.ts";
import type { Window } from "./window.ts";

export interface ChromiumHostOptions {
  /** Folder of the window's files (dist/renderer). */
  readonly pages: string;
  /** The browser, or what starts it, where it was started ahead. */
  readonly browser: BrowserOptions | Launcher;
  readonly secrets: SecretStore;
  readonly log: Log;
  /** Starts this program; absent: it cannot be started with the session. */
  readonly command?: readonly string[];
}

/**
 * A window of a system Chromium, Chrome or Edge, over a pipe: no port, no network, no other page. Nothing is shown
 * before `showWindow`. Rejects with HostUnavailable, whose message is a sentence for the person, when it cannot work
 * here.
 */
export async function createChromiumHost(options: ChromiumHostOptions): Promise<Host> {
  const launcher = "take" in options.browser ? options.browser : new Launcher(options.browser);
  return new ChromiumHost(options, launcher, await readPages(options.pages));
}

class ChromiumHost implements Host {
  readonly name = "chromium";
  readonly locale: string;
  readonly secrets: SecretStore;
  readonly #command: readonly string[] | undefined;
  readonly #window: LastingWindow;
  readonly #notifications: PageNotifications;
  readonly #idle = new IdleReports();
  readonly #wakes = new Listeners<void>();
  readonly #stopWatching = watchWake(() => this.#wakes.emit());
  #badge = 0;
  #clipboard = true;

  constructor({ secrets, command, log }: ChromiumHostOptions, launcher: Launcher, pages: Pages) {
    this.locale = launcher.locale;
    this.secrets = secrets;
    this.#command = command;
    this.#window = new LastingWindow({
      launcher,
      pages,
      log,
      onReport: (report) => this.#onReport(report),
      onOpen: (window) => this.#onOpen(window),
    });
    this.#notifications = new PageNotifications((delivery) => this.#window.deliver(delivery));
  }

  showWindow(): Promise<void> {
    return this.#window.show();
  }

  send(message: Reply | UpdateMessage | CommandMessage): void {
    this.#window.deliver({ kind: "message", message });
  }

  onCall(listener: (call: Call) => void): () => void {
    return this.#window.calls.add(listener);
  }

  onQuit(listener: () => void): () => void {
    return this.#window.quits.add(listener);
  }

  onLockScreen(listener: (locked: boolean) => void): () => void {
    return this.#idle.locks.add(listener);
  }

  onWake(listener: () => void): () => void {
    return this.#wakes.add(listener);
  }

  collectGarbage(): void {
    this.#window.window?.collectGarbage();
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
    if (count === this.#badge) return;
    this.#badge = count;
    this.#showBadge();
  }

  restrict({ clipboard }: WindowFreedoms): void {
    this.#clipboard = clipboard;
    this.#window.window?.mayCopy(clipboard);
  }

  async setStartAtLogin(on: boolean): Promise<void> {
    if (this.#command === undefined) return;
    if (process.platform !== "linux") throw new HallwayError("unsupported");
    await setAutostart(on, this.#command);
  }

  async idleSeconds(): Promise<number | undefined> {
    return this.#idle.seconds;
  }

  async openExternal(text: string): Promise<void> {
    const url = externalUrl(text);
    if (url === undefined) throw new HallwayError("invalid-argument");
    const { file, args } = openCommand(process.platform, url);
    await started(file, args);
  }

  // A dialog of the browser would hand the files to the page, not their folder to us.
  chooseFolder(): Promise<string> {
    return downloadFolder();
  }

  async quit(): Promise<void> {
    this.#stopWatching();
    await this.#window.close();
  }

  #onReport(report: PageReport): void {
    if (report.kind === "notification-click") this.#notifications.clicked(report.number);
    else this.#idle.take(report);
  }

  #onOpen(window: Window): void {
    window.mayCopy(this.#clipboard);
    this.#showBadge();
  }

  #showBadge(): void {
    const title = this.#badge > 0 ? `(${this.#badge}) Hallway` : "Hallway";
    this.#window.deliver({ kind: "title", title, badge: this.#badge });
  }
}

/** Starts a program that outlives us; rejects with `not-found` when it cannot be started. */
function started(file: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], { stdio: "ignore", detached: true });
    child.once("spawn", () => {
      child.unref();
      resolve();
    });
    child.once("error", (cause) => reject(new HallwayError("not-found", { name: file }, cause)));
  });
}
