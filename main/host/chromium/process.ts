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

/** The browser, with the two pipes of `--remote-debugging-pipe` on descriptors 3 (to it) and 4 (from it). */
export class BrowserProcess {
  readonly input: Writable;
  readonly output: Readable;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  #isKilled = false;

  /** Starts it. */
  constructor(path: string, args: readonly string[]) {
    // A process group of its own, so that its helpers can be ended with it, and Ctrl+C reaches only us.
    const child = spawn(path, [...args], {
      env: { ...browserEnvironment(process.env), TZ: startedIn },
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    this.#child = child;
    this.ended = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
    this.input = child.stdio[3] as Writable;
    this.output = child.stdio[4] as Readable;
    const onExit = (): void => kill(child, "SIGKILL");
    process.once("exit", onExit);
    this.ended.then(() => process.removeListener("exit", onExit));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** It has fallen over, or the system took it (no memory); not: it was asked to go. */
  get crashed(): boolean {
    const { signalCode } = this.#child;
    return !this.#isKilled && signalCode !== null && crashSignals.has(signalCode);
  }

  /** Waits a little for it to go, then ends it and its helpers. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => {
      this.#isKilled = true;
      kill(this.#child, "SIGKILL");
    }, graceTime);
    await this.ended;
    clearTimeout(timer);
  }
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
