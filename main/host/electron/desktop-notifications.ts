import type { HostNotification } from "../host.ts";
import { notificationBody } from "../notification-markup.ts";
import type { ElectronModules, ElectronNotification } from "./modules.ts";

/** Notifications of the system, by tag; one replaces another of the same tag. */
export class DesktopNotifications {
  readonly #electron: ElectronModules;
  readonly #icon: string;
  /** Kept, or they would be collected and their clicks lost. */
  readonly #shown = new Map<string, ElectronNotification>();

  /** `icon`: path of a picture. */
  constructor(electron: ElectronModules, icon: string) {
    this.#electron = electron;
    this.#icon = icon;
  }

  show({ tag, title, body, silent, onClick }: HostNotification): void {
    if (!this.#electron.Notification.isSupported()) return;
    this.#shown.get(tag)?.close();
    const notification = new this.#electron.Notification({
      title,
      body: notificationBody(process.platform, body),
      silent,
      icon: this.#icon,
    });
    const forget = (): void => {
      if (this.#shown.get(tag) === notification) this.#shown.delete(tag);
    };
    notification.on("click", () => {
      // Some desktops leave it where it is.
      notification.close();
      forget();
      onClick();
    });
    notification.on("close", ({ reason }) => {
      // Windows has only moved it to the notification centre, where it is still clicked, and taken away when read.
      if (reason !== "timedOut") forget();
    });
    notification.on("failed", forget);
    this.#shown.set(tag, notification);
    notification.show();
  }

  close(tag: string): void {
    this.#shown.get(tag)?.close();
    this.#shown.delete(tag);
  }

  clear(): void {
    for (const notification of this.#shown.values()) notification.close();
    this.#shown.clear();
  }
}
