import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** How long the browser may take to go by itself, in milliseconds. */
const graceTime = 3_000;

const crashSignals: ReadonlySet<NodeJS.Signals> = new Set([
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGILL",
  "SIGKILL",
  "SIGSEGV",
  "SIGTRAP",
] as const);

export interface BrowserProcess {
  readonly pid: number | undefined;
  readonly input: Writable;
  readonly output: Readable;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  /** It has fallen over, or the system took it (no memory); not: it was asked to go. */
  readonly crashed: boolean;
  /** Waits a little for it to go, then ends it and its helpers. */
  stop(): Promise<void>;
}

/**
 * Variables with which whoever set them would read what is encrypted, choose whom to trust, run code in a child
 * process, or give the browser switches.
 */
const withheld =
  /^(?:SSLKEYLOGFILE|SSL_CERT_(?:FILE|DIR)|NODE_.*|ELECTRON_.*|CHROM(?:E|IUM)_(?:.*_)?FLAGS|CHROME_LOG_FILE)$/i;

/** The time zone that whoever started Hallway set; a later one is that of this process (host/time-zone.ts). */
const startedIn = process.env["TZ"];

/** The environment for the window's browser. */
export function browserEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(own).filter(([name]) => !withheld.test(name)));
}

/** Starts the browser with the two pipes of `--remote-debugging-pipe` on descriptors 3 (to it) and 4 (from it). */
export function startBrowser(path: string, args: readonly string[]): BrowserProcess {
  // A process group of its own, so that its helpers can be ended with it, and Ctrl+C reaches only us.
  const child = spawn(path, [...args], {
    env: { ...browserEnvironment(process.env), TZ: startedIn },
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const input = child.stdio[3] as Writable;
  const output = child.stdio[4] as Readable;
  const onExit = (): void => kill(child, "SIGKILL");
  process.once("exit", onExit);
  ended.then(() => process.removeListener("exit", onExit));
  let ending = false;
  return {
    get crashed() {
      return !ending && child.signalCode !== null && crashSignals.has(child.signalCode);
    },
    pid: child.pid,
    input,
    output,
    ended,
    async stop() {
      const timer = setTimeout(() => {
        ending = true;
        kill(child, "SIGKILL");
      }, graceTime);
      await ended;
      clearTimeout(timer);
    },
  };
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It went between the check and the call.
  }
}
