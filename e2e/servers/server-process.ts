import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { serverUser } from "./run-folder.ts";

/** A server that we started: stopped by its own pid, its helpers by its process group. */
export interface ServerProcess {
  readonly pid: number;
  /** Why it ended, when it did so by itself. */
  ended(): string | undefined;
  /** SIGTERM, and SIGKILL to its process group when it is still there after 5 s. Idempotent. */
  stop(): Promise<void>;
  /** SIGKILL to the whole group: what a power cut does. */
  kill(): Promise<void>;
}

export interface ProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** stdout and stderr go here. */
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
  /** It keeps the privileges that we have, and gives them up itself. */
  readonly privileged?: true;
}

const graceful = 5_000;

/**
 * Starts a server as leader of a process group of its own, without privileges. On Linux it is told to end when we
 * do, however we end, so that no run leaves a server behind.
 */
export function startProcess(options: ProcessOptions): ServerProcess {
  const log = openSync(options.log, "a", 0o644);
  const { command, args, identity } = options.privileged
    ? { ...options, identity: {} }
    : withoutPrivileges(options.command, options.args);
  const child = spawn(command, args, {
    cwd: options.folder,
    detached: true,
    stdio: ["ignore", log, log],
    env: {
      PATH: process.env.PATH ?? "/usr/bin:/bin:/usr/sbin:/sbin",
      LANG: "C.UTF-8",
      HOME: options.folder,
      ...options.env,
    },
    ...identity,
  });
  closeSync(log);
  const { pid } = child;
  let end: string | undefined;
  child.once("error", (error) => {
    end = `${options.command} cannot be started: ${error.message}`;
  });
  const exited = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", (code, signal) => {
      end ??= `${options.command} ended (${code ?? signal}): ${tail(options.log)}`;
      resolve();
    });
  });
  const stopWithUs = (): void => signal(child, "SIGKILL");
  // before the folders go (run-folder.ts)
  process.prependOnceListener("exit", stopWithUs);
  void exited.then(() => process.off("exit", stopWithUs));
  return {
    pid: pid ?? -1,
    ended: () => end,
    async stop() {
      if (end === undefined && pid !== undefined) process.kill(pid, "SIGTERM");
      const timer = setTimeout(() => signal(child, "SIGKILL"), graceful);
      await exited;
      clearTimeout(timer);
    },
    async kill() {
      signal(child, "SIGKILL");
      await exited;
    },
  };
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // the group has gone in the meantime
  }
}

let setpriv: boolean | undefined;

/**
 * Options before a command that have the system end it (SIGTERM) when we end, however we end; empty where it cannot.
 */
export function endingWithUs(): readonly string[] {
  setpriv ??= process.platform === "linux" && spawnSync("setpriv", ["--pdeathsig", "TERM", "true"]).status === 0;
  return setpriv ? ["setpriv", "--pdeathsig", "TERM"] : [];
}

function withoutPrivileges(
  command: string,
  args: readonly string[],
): { command: string; args: readonly string[]; identity: { uid?: number; gid?: number } } {
  const user = serverUser();
  const [wrapper, ...ending] = endingWithUs();
  if (wrapper === undefined) return { command, args, identity: user ?? {} };
  const identity = user ? [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups", "--no-new-privs"] : [];
  return { command: wrapper, args: [...identity, ...ending, command, ...args], identity: {} };
}

function tail(file: string): string {
  try {
    return readFileSync(file, "utf8").split("\n").slice(-12).join("\n");
  } catch {
    return "";
  }
}
