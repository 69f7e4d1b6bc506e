import type { Call, CommandMessage, Reply, UpdateMessage } from "../../shared/ipc/transport.ts";
import type { Words } from "../../shared/words/words.ts";
import type { SecretStore } from "../secrets/secret-store.ts";

/** The one interface to the desktop. Implemented by main/host/electron and main/host/chromium. */
export interface Host {
  readonly name: "electron" | "chromium";
  /** BCP 47 tag of the desktop's language. */
  readonly locale: string;
  /** True: the session has started the program, so its window waits until it is asked for or needed. */
  readonly startsHidden?: boolean;
  /** Language of what the host says itself, its tray and its dialogs; absent: it says nothing. */
  speak?(words: Words): void;
  /** Shows the window (makes it on the first call) or brings it to the front. */
  showWindow(): Promise<void>;
  /** To the renderer; dropped while there is no window. */
  send(message: Reply | UpdateMessage | CommandMessage): void;
  /** Calls from our own page only (the host checks the sender). Returns a disposer. */
  onCall(listener: (call: Call) => void): () => void;
  /** The window was closed: the host without tray ends the program, others hide. */
  onQuit(listener: () => void): () => void;
  /** Has the page give back the memory that it does not need now; absent: this host cannot ask for it. */
  collectGarbage?(): void;
  notify(notification: HostNotification): void;
  /** Takes away the notification of this tag, if it still stands. */
  closeNotification(tag: string): void;
  /** Takes away every notification that still stands, wherever the desktop keeps them. */
  clearNotifications(): void;
  /** Unread messages; 0 clears. */
  setBadge(count: number): void;
  /**
   * Restricts what may leave the window: text by the clipboard, its picture by a capture of the screen. For windows to
   * come, too.
   */
  restrict(allowed: WindowFreedoms): void;
  /** Starts Hallway with the person's session, or no longer. Rejects where that cannot be set. */
  setStartAtLogin(on: boolean): Promise<void>;
  /** Seconds since the last input on this desktop; undefined: cannot be known here. */
  idleSeconds(): Promise<number | undefined>;
  onLockScreen(listener: (locked: boolean) => void): () => void;
  /** The machine woke or the network changed: connections should be checked. */
  onWake(listener: () => void): () => void;
  /** http(s) and mailto only; anything else is refused by the caller and again here. */
  openExternal(url: string): Promise<void>;
  /**
   * A folder to write an export to: asks the person, or where the desktop cannot ask, the one for downloads. Undefined:
   * the person did not say. Errors: `export-no-folder`.
   */
  chooseFolder(title: string): Promise<string | undefined>;
  /** Shows a folder to the person; absent: this desktop cannot. */
  showFolder?(folder: string): Promise<void>;
  /**
   * The ways to a URL as proxy auto-configuration answers (`PROXY a:3128; DIRECT`): by the system's settings, or by the
   * script at a URL. Absent: this host cannot say.
   */
  readonly resolveProxy?: (url: string, script: string | undefined) => Promise<string>;
  readonly secrets: SecretStore;
  quit(): Promise<void>;
}

export interface WindowFreedoms {
  readonly clipboard: boolean;
  /**
   * Where the desktop has no way to forbid it (anything but Electron on Windows), the page hides itself while it is not
   * looked at.
   */
  readonly capture: boolean;
}

export interface HostNotification {
  /** Same tag replaces. */
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
  readonly onClick: () => void;
}
