import { spawn } from "node:child_process";
import { HallwayError } from "../../../shared/errors.ts";
import type { Call } from "../../../shared/ipc/transport.ts";
import { createListeners } from "../../../shared/listeners.ts";
import type { Log } from "../../networks/log.ts";
import type { SecretStore } from "../../secrets/secret-store.ts";
import { setAutostart } from "../autostart.ts";
import { downloadFolder } from "../download-folder.ts";
import { externalUrl, openCommand } from "../external.ts";
import type { Host, HostNotification } from "../host.ts";
import { readPages } from "../pages.ts";
import { watchWake } from "../wake.ts";
import { type Delivery, idleThreshold, type PageReport } from "./bridge.ts";
import { type BrowserOptions, createLauncher, type Launcher } from "./launch.ts";
import { type OpenWindow, openWindow } from "./start.ts";
import type { Window } from "./window.ts";

/** A browser that falls over more often than this, in milliseconds, is not started again. */
const crashesApart = 60_000;

/** Clicks are remembered for this many notifications. */
const maxNotifications = 200;

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
  const { log } = options;
  const launcher = "take" in options.browser ? options.browser : createLauncher(options.browser);
  const { locale } = launcher;
  const pages = await readPages(options.pages);

  const calls = createListeners<Call>();
  const quits = createListeners<void>();
  const locks = createListeners<boolean>();
  const wakes = createListeners<void>();
  const stopWatching = watchWake(() => wakes.emit());
  const clicks = new Map<number, () => void>();
  let lastNotification = 0;
  let badge = 0;
  let clipboard = true;
  /** Since when the desktop is idle, milliseconds; undefined: in use; "unknown": the browser cannot tell. */
  let idleSince: number | undefined | "unknown" = "unknown";
  let locked = false;
  let opened: OpenWindow | undefined;
  let window: Window | undefined;
  let opening: Promise<void> | undefined;
  const over = new AbortController();
  let lastCrash = Number.NEGATIVE_INFINITY;

  function onReport(report: PageReport): void {
    if (report.kind === "notification-click") {
      const onClick = clicks.get(report.number);
      clicks.delete(report.number);
      onClick?.();
      return;
    }
    idleSince = report.idle ? Date.now() - idleThreshold * 1000 : undefined;
    if (report.locked !== locked) {
      locked = report.locked;
      locks.emit(locked);
    }
  }

  function onGone(crashed: boolean): void {
    opened = undefined;
    window = undefined;
    if (over.signal.aborted) return;
    const now = performance.now();
    if (!crashed || now - lastCrash < crashesApart) {
      quits.emit();
      return;
    }
    // The person has not closed it: the window comes back, and what main holds is in it.
    lastCrash = now;
    log.warn("the window's browser fell over and is started again");
    show().catch((error: unknown) => {
      log.warn("the window did not come back", { error });
      quits.emit();
    });
  }

  async function show(): Promise<void> {
    if (over.signal.aborted) return;
    if (opened === undefined && opening === undefined) {
      opening = open().finally(() => {
        opening = undefined;
      });
    }
    if (opening === undefined) await opened?.window.show();
    else await opening;
  }

  async function open(): Promise<void> {
    const made = await openWindow({
      launcher,
      signal: over.signal,
      pages,
      log,
      onCall: (call) => calls.emit(call),
      onReport,
      onWindow(made) {
        window = made;
      },
      onGone,
    });
    if (made === undefined) return;
    opened = made;
    made.window.mayCopy(clipboard);
    if (over.signal.aborted) await made.stop();
    else showBadge();
  }

  function deliver(delivery: Delivery): void {
    window?.deliver(delivery);
  }

  function showBadge(): void {
    deliver({ kind: "title", title: badge > 0 ? `(${badge}) Hallway` : "Hallway", badge });
  }

  return {
    name: "chromium",
    locale,
    secrets: options.secrets,
    showWindow: show,
    send: (message) => deliver({ kind: "message", message }),
    onCall: (listener) => calls.add(listener),
    onQuit: (listener) => quits.add(listener),
    onLockScreen: (listener) => locks.add(listener),
    onWake: (listener) => wakes.add(listener),
    collectGarbage: () => window?.collectGarbage(),
    notify(notification: HostNotification) {
      const number = ++lastNotification;
      clicks.set(number, notification.onClick);
      for (const old of clicks.keys()) {
        if (clicks.size <= maxNotifications) break;
        clicks.delete(old);
      }
      const { tag, title, body, silent } = notification;
      deliver({ kind: "notify", number, tag, title, body, silent });
    },
    closeNotification(tag) {
      deliver({ kind: "close-notification", tag });
    },
    clearNotifications() {
      clicks.clear();
      deliver({ kind: "clear-notifications" });
    },
    setBadge(count) {
      if (count === badge) return;
      badge = count;
      showBadge();
    },
    restrict(allowed) {
      clipboard = allowed.clipboard;
      window?.mayCopy(clipboard);
    },
    async setStartAtLogin(on) {
      if (options.command === undefined) return;
      if (process.platform !== "linux") throw new HallwayError("unsupported");
      await setAutostart(on, options.command);
    },
    async idleSeconds() {
      if (idleSince === "unknown") return undefined;
      return idleSince === undefined ? 0 : Math.max(0, Math.floor((Date.now() - idleSince) / 1000));
    },
    async openExternal(text) {
      const url = externalUrl(text);
      if (url === undefined) throw new HallwayError("invalid-argument");
      const { file, args } = openCommand(process.platform, url);
      await started(file, args);
    },
    // A dialog of the browser would hand the files to the page, not their folder to us.
    chooseFolder: () => downloadFolder(),
    async quit() {
      over.abort();
      stopWatching();
      await opening?.catch(() => undefined);
      await opened?.stop();
      await launcher.stop();
    },
  };
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
