import { join } from "node:path";
import type { Words } from "../../../shared/words/words.ts";
import { atMost } from "../../networks/at-most.ts";
import type { Log } from "../../networks/log.ts";
import { type FollowTrayHost, followTrayHost } from "../freedesktop/tray-host.ts";
import type { ElectronModules, ElectronTray } from "./modules.ts";

/** How long a program that the session has started waits for the desktop's panel, in milliseconds. */
const panelWithin = 10_000;

export interface TrayOptions {
  /** Folder of tray.png, and of trayTemplate.png with its double size for macOS. */
  readonly folder: string;
  readonly platform: NodeJS.Platform;
  readonly words: Words;
  readonly log: Log;
  readonly onOpen: () => void;
  readonly onQuit: () => void;
  /** Follows whether anything shows tray icons, where a test plays the desktop. */
  readonly follow?: FollowTrayHost;
}

/**
 * The icon beside the clock, with its menu. On Linux it is there only while something on the desktop shows such icons:
 * Electron makes one without a word where nothing does, and never shows it again after the panel has started anew.
 */
export class DesktopTray {
  readonly #electron: Pick<ElectronModules, "Menu" | "Tray">;
  readonly #options: TrayOptions;
  readonly #there = Promise.withResolvers<void>();
  #words: Words;
  #unread = 0;
  #tray: ElectronTray | undefined;
  #unfollow: () => void = () => undefined;

  constructor(electron: Pick<ElectronModules, "Menu" | "Tray">, options: TrayOptions) {
    this.#electron = electron;
    this.#options = options;
    this.#words = options.words;
  }

  /** Whether it is on the desktop, so that a hidden window can be brought back. */
  get isThere(): boolean {
    return this.#tray !== undefined;
  }

  /** Resolves when it is known whether there is one; `waits`: gives a panel that is still starting some time. */
  async begin({ waits }: { readonly waits: boolean }): Promise<void> {
    const { platform, follow = followTrayHost, log } = this.#options;
    if (platform !== "linux") return this.#put();
    try {
      this.#unfollow = await follow((there) => (there ? this.#put() : this.#take()));
    } catch (cause) {
      log.info("the desktop does not say whether it shows tray icons", { cause });
      return;
    }
    if (waits) await atMost(this.#there.promise, panelWithin);
  }

  setUnread(count: number): void {
    this.#unread = count;
    this.#tray?.setToolTip(count > 0 ? `(${count}) Hallway` : "Hallway");
  }

  /** Speaks this language from now on. */
  speak(words: Words): void {
    this.#words = words;
    this.#setMenu();
  }

  close(): void {
    this.#unfollow();
    this.#take();
  }

  #put(): void {
    const { folder, platform, log, onOpen } = this.#options;
    if (this.#tray !== undefined) return;
    this.#there.resolve();
    try {
      // macOS colours a picture of that name as its menu bar is, and takes the one with @2x where pixels are small.
      this.#tray = new this.#electron.Tray(join(folder, platform === "darwin" ? "trayTemplate.png" : "tray.png"));
    } catch (cause) {
      log.warn("there is no tray on this desktop", { cause });
      return;
    }
    this.setUnread(this.#unread);
    this.#setMenu();
    this.#tray.on("click", onOpen);
  }

  #take(): void {
    this.#tray?.destroy();
    this.#tray = undefined;
  }

  #setMenu(): void {
    const { onOpen, onQuit } = this.#options;
    const { t } = this.#words;
    this.#tray?.setContextMenu(
      this.#electron.Menu.buildFromTemplate([
        { label: t("tray.open"), click: onOpen },
        { label: t("tray.quit"), click: onQuit },
      ]),
    );
  }
}
