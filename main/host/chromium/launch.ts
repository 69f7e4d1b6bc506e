import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemLocale } from "../locale.ts";
import { findBrowser } from "./browser.ts";
import { browserFlags } from "./flags.ts";
import { BrowserProcess } from "./process.ts";
import { HostUnavailable } from "./unavailable.ts";

/** Which browser makes the window, and how it is started. */
export interface BrowserOptions {
  /** Folder of the browser's own files; made if missing, only for this person. */
  readonly profile: string;
  /** Path of the browser; looked for when absent. */
  readonly browser?: string;
  /** BCP 47 tag; the desktop's when absent. */
  readonly locale?: string;
  /** For tests only, e.g. `--headless=new`, `--no-sandbox`, `--remote-debugging-port=0`. The product passes none. */
  readonly extraArgs?: readonly string[];
}

/** The window's browser, which may be on its way before the program knows what to show in it. */
export class Launcher {
  readonly locale: string;
  readonly extraArgs: readonly string[];
  /** The browser writes its debugging port here, where it opens one. */
  readonly portFile: string;
  readonly #profile: string;
  readonly #browser: string;
  /** Started ahead, and not taken yet. */
  #waiting: Promise<BrowserProcess> | undefined;

  /**
   * Starts nothing yet. Error: HostUnavailable, whose message is a sentence for the person, when no window can be
   * opened here.
   */
  constructor({ profile, extraArgs = [], locale = systemLocale(), browser = findBrowser() }: BrowserOptions) {
    checkMachine(browser, extraArgs);
    this.locale = locale;
    this.extraArgs = extraArgs;
    this.portFile = join(profile, "DevToolsActivePort");
    this.#profile = profile;
    this.#browser = browser;
  }

  /** Starts it now, with its blank page, for the next `take`. */
  ahead(): void {
    this.#waiting ??= this.#launch();
    // `take` hears of a failure.
    this.#waiting.catch(() => undefined);
  }

  /** Gives the browser that was started ahead, else a new one. */
  take(): Promise<BrowserProcess> {
    const taken = this.#waiting ?? this.#launch();
    this.#waiting = undefined;
    return taken;
  }

  /** Ends the one that was started ahead, where nobody has taken it. */
  async stop(): Promise<void> {
    const left = await this.#waiting?.catch(() => undefined);
    this.#waiting = undefined;
    if (left === undefined) return;
    // It ends when its pipe does.
    left.input.destroy();
    left.output.destroy();
    await left.stop();
  }

  async #launch(): Promise<BrowserProcess> {
    const { locale, extraArgs: extra } = this;
    const profile = this.#profile;
    await mkdir(profile, { recursive: true, mode: 0o700 });
    await rm(this.portFile, { force: true });
    const firstStart = !existsSync(join(profile, "Default"));
    return new BrowserProcess(this.#browser, browserFlags({ profile, locale, firstStart, extra }));
  }
}

function checkMachine(browser: string | undefined, extra: readonly string[]): asserts browser is string {
  if (browser === undefined) {
    throw new HostUnavailable(
      "No Chromium, Chrome or Edge was found on this computer. Install one of them (on Debian: apt install chromium) and start Hallway again.",
    );
  }
  if (process.getuid?.() === 0 && !extra.includes("--no-sandbox")) {
    throw new HostUnavailable(
      "Hallway does not open a window for root, because the browser's sandbox does not work there. Start it as an ordinary user.",
    );
  }
  const headless = extra.some((arg) => arg.startsWith("--headless"));
  if (process.platform === "linux" && !headless && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) {
    throw new HostUnavailable("There is no display here: neither DISPLAY nor WAYLAND_DISPLAY is set.");
  }
}
