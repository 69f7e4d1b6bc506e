import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { waitForSocket } from "../servers/ports.ts";
import { createRunFolder, type RunFolder, serverUser } from "../servers/run-folder.ts";
import { startProcess } from "../servers/server-process.ts";

const run = promisify(execFile);
const patience = 30_000;

/** A program in a terminal that nobody looks at (tmux), with a home folder of its own. */
export interface Terminal {
  readonly folder: RunFolder;
  /** Types a line and presses Enter. */
  line(text: string): Promise<void>;
  /** Text on the screen, with its last 500 lines. */
  screen(): Promise<string>;
  /** Resolves when the screen shows it. */
  shows(what: string | RegExp): Promise<void>;
  /** Ends the program and its terminal, and removes the folder. */
  stop(): Promise<void>;
}

/** Why a program cannot be started here, or undefined when it can. */
export function missing(programs: readonly string[]): string | undefined {
  const absent = programs.filter((program) => spawnSync("which", [program]).status !== 0);
  return absent.length === 0 ? undefined : `not installed: ${absent.join(", ")}`;
}

/**
 * Starts `command` (a shell line) in `folder`, as an unprivileged user when we are root. Its tmux is no daemon: it ends
 * when we do, however we end, and takes the program with it. Nothing is left when it cannot be started.
 */
export async function startTerminal(
  command: string,
  folder: RunFolder,
  environment: Readonly<Record<string, string>> = {},
): Promise<Terminal> {
  const user = serverUser();
  const socket = join(folder.path, "tmux");
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  const env = { SHELL: "/bin/sh", TERM: "xterm-256color", ...environment };
  const server = startProcess({
    command: "tmux",
    args: ["-u", "-D", "-S", socket],
    folder: folder.path,
    log: join(folder.path, "tmux.log"),
    env,
  });
  const tmux = async (...args: readonly string[]): Promise<string> =>
    (
      await run("tmux", ["-u", "-S", socket, ...args], {
        env: { ...env, PATH: process.env.PATH ?? "/usr/bin:/bin", LANG: "C.UTF-8" },
        cwd: folder.path,
        ...identity,
      })
    ).stdout;
  let group: number | undefined;
  const stop = async (): Promise<void> => {
    // the program first: it writes its files when it ends, and its terminal is who asks after it
    if (group !== undefined) await endGroup(group);
    await server.stop();
    await folder.remove();
  };
  try {
    await waitForSocket(socket, patience, server.ended);
    group = Number(
      (await tmux("new-session", "-d", "-P", "-F", "#{pane_pid}", "-x", "160", "-y", "50", command)).trim(),
    );
  } catch (error) {
    await stop();
    throw error;
  }

  const screen = (): Promise<string> => tmux("capture-pane", "-p", "-S", "-500");
  return {
    folder,
    screen,
    async line(text) {
      await tmux("send-keys", "-l", text);
      await tmux("send-keys", "Enter");
    },
    async shows(what) {
      const end = Date.now() + patience;
      for (;;) {
        const text = await screen();
        if (typeof what === "string" ? text.includes(what) : what.test(text)) return;
        if (Date.now() > end)
          throw new Error(
            `${command.split(" ")[0]} does not show ${what} after ${patience} ms:\n${text.replace(/\n{3,}/g, "\n")}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    stop,
  };
}

/** Ends a process group as closing its terminal does, and by force when it is still there after 3 s. */
async function endGroup(group: number): Promise<void> {
  const end = Date.now() + 3_000;
  const signal = (name: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(-group, name);
    } catch {
      return false;
    }
  };
  signal("SIGHUP");
  while (signal(0)) {
    if (Date.now() > end) return void signal("SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A folder for a program in a terminal. */
export const terminalFolder = (name: string): Promise<RunFolder> => createRunFolder(name);
