import { join } from "node:path";
import type { Log } from "../../networks/log.ts";
import type { ElectronModules, ElectronTray } from "./modules.ts";

export interface TrayOptions {
  /** Folder of tray.png. */
  readonly folder: string;
  /** Words of its menu, in the person's language. */
  readonly words: { readonly open: string; readonly quit: string };
  readonly log: Log;
  readonly onOpen: () => void;
  readonly onQuit: () => void;
}

/** The icon beside the clock, with its menu; undefined: this desktop has no tray. */
export function createTray(electron: ElectronModules, options: TrayOptions): ElectronTray | undefined {
  const { folder, words, log, onOpen, onQuit } = options;
  try {
    const tray = new electron.Tray(join(folder, "tray.png"));
    tray.setToolTip("Hallway");
    tray.setContextMenu(
      electron.Menu.buildFromTemplate([
        { label: words.open, click: onOpen },
        { label: words.quit, click: onQuit },
      ]),
    );
    tray.on("click", onOpen);
    return tray;
  } catch (cause) {
    log.warn("there is no tray on this desktop", { cause });
    return undefined;
  }
}
