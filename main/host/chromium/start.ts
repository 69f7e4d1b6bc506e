import { existsSync } from "node:fs";
import type { Launcher } from "./launch.ts";
import { createPipe } from "./pipe.ts";
import { HostUnavailable } from "./unavailable.ts";
import { createChromiumWindow, type Window, type WindowOptions } from "./window.ts";

/** How long the window may take to appear, in milliseconds. */
const openTimeout = 30_000;
/**
 * A browser that still goes down holds its folder for a moment (we were killed and started again); a new one then ends
 * at once. So it is tried this often, with this pause in milliseconds.
 */
const tries = 6;
const pause = 500;

export interface StartOptions extends Omit<WindowOptions, "onClosed"> {
  readonly launcher: Launcher;
  /** Hallway ends: no window is waited for any more. */
  readonly signal: AbortSignal;
  /**
   * There is a window to send to, from its page's first call on, which comes before `openWindow` resolves; again at
   * each try.
   */
  readonly onWindow: (window: Window) => void;
  /**
   * The window was closed, or the browser ended (`crashed`: not in good order). Once, and only after `openWindow`
   * resolved.
   */
  readonly onGone: (crashed: boolean) => void;
}

export interface OpenWindow {
  readonly window: Window;
  /** Ends the browser; resolves when its process is gone. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts the browser and loads our page; undefined: `signal` came first. Rejects with HostUnavailable when no window
 * comes of it.
 */
export async function openWindow(options: StartOptions): Promise<OpenWindow | undefined> {
  for (let i = 1; ; i++) {
    const opened = await tryOpen(options);
    if (opened !== undefined || options.signal.aborted) return opened;
    if (i === tries)
      throw new HostUnavailable("The window's browser ended before its window was there. Is Hallway open already?");
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** For tests alone; the browser then writes the port down in its profile. */
function asksForPort(argument: string): boolean {
  return argument.startsWith("--remote-debugging-port");
}

/** Undefined: the browser ended by itself before the window stood, or nobody waits for it any more. */
async function tryOpen(options: StartOptions): Promise<OpenWindow | undefined> {
  const { signal } = options;
  const { extraArgs, portFile } = options.launcher;
  const child = await options.launcher.take();
  const ended = Promise.withResolvers<"ended">();
  let gone = false;
  let wasClosed = false;
  let state: "opening" | "open" | "over" = "opening";
  let stopping: Promise<void> | undefined;

  function stop(): Promise<void> {
    state = "over";
    pipe.send("Browser.close").catch(() => undefined);
    stopping ??= child.stop().then(() => pipe.close());
    return stopping;
  }

  function onGone(): void {
    gone = true;
    ended.resolve("ended");
    if (state !== "open") return;
    // How it ended is known when it has.
    void stop().then(() => options.onGone(!wasClosed && child.crashed));
  }

  function onClosed(): void {
    wasClosed = true;
    onGone();
  }

  const pipe = createPipe(child, { onEvent: (event) => window.handle(event), onEnd: onGone });
  const window = createChromiumWindow(pipe, { ...options, onClosed });
  options.onWindow(window);
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), openTimeout);
  // When the pipe ends, what was asked over it fails too; that it ended is what counts.
  const opened = window.open().then(
    () => "open" as const,
    (error: unknown) => {
      if (gone) return "ended" as const;
      options.log.warn("the browser refused what the window needs", { error });
      return "refused" as const;
    },
  );
  const over = Promise.withResolvers<"over">();
  const onAbort = (): void => over.resolve("over");
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  const outcome = await Promise.race([ended.promise, late.promise, over.promise, opened]);
  clearTimeout(timer);
  signal.removeEventListener("abort", onAbort);
  if (outcome === "open" && !extraArgs.some(asksForPort) && existsSync(portFile)) {
    await stop();
    throw new HostUnavailable(
      "The window's browser opens a debugging port, through which other programs could read it: its own settings or start file ask for that.",
    );
  }
  if (outcome === "open") {
    state = "open";
    return { window, stop };
  }
  await stop();
  if (outcome === "late") throw new HostUnavailable(`The window did not appear within ${openTimeout / 1000} seconds.`);
  if (outcome === "refused")
    throw new HostUnavailable(
      "This browser cannot show Hallway's window: it is too old, or its administrator forbids it.",
    );
  return undefined;
}
