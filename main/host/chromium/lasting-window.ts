import type { Call } from "../../../shared/ipc/transport.ts";
import { Listeners } from "../../../shared/listeners.ts";
import type { Log } from "../../networks/log.ts";
import type { Pages } from "../pages.ts";
import type { Delivery, PageReport } from "./bridge.ts";
import type { Launcher } from "./launch.ts";
import { type OpenWindow, openWindow } from "./start.ts";
import type { Window } from "./window.ts";

/** A browser that falls over more often than this, in milliseconds, is not started again. */
const crashesApart = 60_000;

export interface LastingWindowOptions {
  readonly launcher: Launcher;
  readonly pages: Pages;
  readonly log: Log;
  readonly onReport: (report: PageReport) => void;
  /** A window stands, the first or another in its place. */
  readonly onOpen: (window: Window) => void;
}

/**
 * The window over the life of the program: opened when it is first shown, and again when its browser fell over.
 *
 *   none -- show --> opening --> open -- closed, or fell over twice in a minute --> gone (quits)
 *                       ^         |
 *                       +---------+ fell over
 *   any -- close --> over
 */
export class LastingWindow {
  readonly calls = new Listeners<Call>();
  /** The person has closed it, or it does not come back. */
  readonly quits = new Listeners<void>();
  readonly #options: LastingWindowOptions;
  readonly #over = new AbortController();
  #opened: OpenWindow | undefined;
  /** From its page's first call on, which comes before it is `opened`. */
  #window: Window | undefined;
  #opening: Promise<void> | undefined;
  #lastCrash = Number.NEGATIVE_INFINITY;

  constructor(options: LastingWindowOptions) {
    this.#options = options;
  }

  /** Undefined while there is none to send to. */
  get window(): Window | undefined {
    return this.#window;
  }

  deliver(delivery: Delivery): void {
    this.#window?.deliver(delivery);
  }

  async show(): Promise<void> {
    if (this.#over.signal.aborted) return;
    if (this.#opened === undefined && this.#opening === undefined) {
      this.#opening = this.#open().finally(() => {
        this.#opening = undefined;
      });
    }
    if (this.#opening === undefined) await this.#opened?.window.show();
    else await this.#opening;
  }

  /** Resolves when the browser has ended. */
  async close(): Promise<void> {
    this.#over.abort();
    await this.#opening?.catch(() => undefined);
    await this.#opened?.stop();
    await this.#options.launcher.stop();
  }

  async #open(): Promise<void> {
    const { launcher, pages, log, onReport, onOpen } = this.#options;
    const opened = await openWindow({
      launcher,
      signal: this.#over.signal,
      pages,
      log,
      onCall: (call) => this.calls.emit(call),
      onReport,
      onWindow: (window) => {
        this.#window = window;
      },
      onGone: (crashed) => this.#onGone(crashed),
    });
    if (opened === undefined) return;
    this.#opened = opened;
    onOpen(opened.window);
    if (this.#over.signal.aborted) await opened.stop();
  }

  #onGone(crashed: boolean): void {
    this.#opened = undefined;
    this.#window = undefined;
    if (this.#over.signal.aborted) return;
    const now = performance.now();
    if (!crashed || now - this.#lastCrash < crashesApart) {
      this.quits.emit();
      return;
    }
    // The person has not closed it: the window comes back, and what main holds is in it.
    this.#lastCrash = now;
    this.#options.log.warn("the window's browser fell over and is started again");
    this.show().catch((error: unknown) => {
      this.#options.log.warn("the window did not come back", { error });
      this.quits.emit();
    });
  }
}
