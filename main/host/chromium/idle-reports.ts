import { Listeners } from "../../../shared/listeners.ts";
import { idleThreshold, type PageReport } from "./bridge.ts";

/** Use of the desktop as the page's Idle Detection API reports it. */
export class IdleReports {
  /** The screen was locked or unlocked. */
  readonly locks = new Listeners<boolean>();
  /** Since when the desktop is idle, milliseconds; undefined: in use; "unknown": the browser cannot tell. */
  #since: number | undefined | "unknown" = "unknown";
  #locked = false;

  take(report: Extract<PageReport, { kind: "idle" }>): void {
    this.#since = report.idle ? Date.now() - idleThreshold * 1000 : undefined;
    if (report.locked === this.#locked) return;
    this.#locked = report.locked;
    this.locks.emit(this.#locked);
  }

  /** Since the last input; undefined: it cannot be known. */
  get seconds(): number | undefined {
    if (this.#since === "unknown") return undefined;
    return this.#since === undefined ? 0 : Math.max(0, Math.floor((Date.now() - this.#since) / 1000));
  }
}
