import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createRunFolder, type RunFolder, serverUser } from "../servers/run-folder.ts";

const run = promisify(execFile);
const patience = 20_000;

/** A program in a terminal that nobody looks at (tmux), with a home folder of its own. */
export interface Terminal {
  readonly folder: RunFolder;
  /** Types a line and presses Enter. */
  line(text: string): Promise<void>;
  /** What the screen shows, with its last 500 lines. */
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

/** Starts `command` (a shell line) in `folder`, as an unprivileged user when we are root. */
export async function startTerminal(command: string, folder: RunFolder, environment: Readonly<Record<string, string>> = {}): Promise<Terminal> {
  const user = serverUser();
  const socket = join(folder.path, "tmux");
  const env = { PATH: process.env.PATH ?? "/usr/bin:/bin", HOME: folder.path, SHELL: "/bin/sh", TERM: "xterm-256color", LANG: "C.UTF-8", ...environment };
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  const tmux = async (...args: readonly string[]): Promise<string> =>
    (await run("tmux", ["-u", "-S", socket, ...args], { env, cwd: folder.path, ...identity })).stdout;
  await tmux("new-session", "-d", "-x", "160", "-y", "50", command);
  const pid = Number((await tmux("display-message", "-p", "#{pid}")).trim());

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
        if (Date.now() > end) throw new Error(`${command.split(" ")[0]} does not show ${what} after ${patience} ms:\n${text.replace(/\n{3,}/g, "\n")}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async stop() {
      await tmux("kill-server").catch(() => process.kill(pid, "SIGKILL"));
      await folder.remove();
    },
  };
}

/** A folder for a program in a terminal. */
export const terminalFolder = (name: string): Promise<RunFolder> => createRunFolder(name);
