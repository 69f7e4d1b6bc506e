import { execFile, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { startDns, type Zone } from "../servers/dns.ts";
import { waitForSocket } from "../servers/ports.ts";
import { createRunFolder, type RunFolder, serverUser } from "../servers/run-folder.ts";
import { type ServerProcess, startProcess } from "../servers/server-process.ts";
import { missing } from "./terminal.ts";

const run = promisify(execFile);
const patience = 30_000;
/**
 * Programs that ask the system find a name server at port 53 alone; an address of the loopback by chance is nobody
 * else's.
 */
const nameServer = () => ({ address: `127.53.${randomInt(1, 255)}.${randomInt(1, 255)}`, port: 53 });

/** Why a program with a window cannot be started here, or undefined when it can. */
export function desktopMissing(programs: readonly string[]): string | undefined {
  const absent = missing(["Xvfb", "dbus-daemon", "gdbus", "xdotool", "unshare", "setpriv", ...programs]);
  if (absent !== undefined) return absent;
  const own = spawnSync("unshare", ["--mount", "true"]).status === 0 && serverUser() !== undefined;
  return own
    ? undefined
    : "needs to be root: other people's programs get a resolv.conf and an authority of their own by a mount namespace";
}

export interface DesktopProgram {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A desktop that nobody looks at: a display, a message bus and a home folder, where names and certificates are those of
 * a test's world.
 */
export interface Desktop {
  readonly folder: RunFolder;
  /** Starts a program, unprivileged, under a name of ours. */
  start(name: string, program: DesktopProgram): ServerProcess;
  /** Text that it has written so far. */
  log(name: string): Promise<string>;
  /** Runs a small program to its end and answers its output. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  /** Ends all of it and removes the folder. */
  stop(): Promise<void>;
}

/** `zone`: all names that its programs can resolve. `authorityPem`: the only authority that they trust. */
export async function openDesktop(
  kind: string,
  parts: { readonly zone: Zone; readonly authorityPem: string },
): Promise<Desktop> {
  const folder = await createRunFolder(kind);
  const at = (name: string): string => join(folder.path, name);
  const running: ServerProcess[] = [];
  const place = nameServer();
  const dns = await startDns(parts.zone, place);
  const stop = async (): Promise<void> => {
    for (const one of running.toReversed()) await one.stop();
    await dns.close();
    await folder.remove();
  };
  const service = (command: string, args: readonly string[]): ServerProcess => {
    const started = startProcess({ command, args, folder: folder.path, log: at(`${command}.log`) });
    running.push(started);
    return started;
  };
  try {
    await writeFile(at("resolv.conf"), `nameserver ${place.address}\n`);
    await writeFile(at("authority.pem"), parts.authorityPem);
    await mkdir(at("runtime"), { mode: 0o700 });
    for (const made of ["resolv.conf", "authority.pem", "runtime"]) await folder.give(at(made));
    const bus = service("dbus-daemon", ["--session", "--nofork", `--address=unix:path=${at("bus")}`]);
    // The program picks a display number that is free and writes it to its third file: that is its log here, on a line
    // of its own.
    const server = service("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
    await waitForSocket(at("bus"), patience, bus.ended);
    const display = await displayNumber(at("Xvfb.log"), server);
    const base = {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      LANG: "C.UTF-8",
      HOME: folder.path,
      XDG_RUNTIME_DIR: at("runtime"),
      XDG_DATA_DIRS: "/usr/share",
      DISPLAY: `:${display}`,
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${at("bus")}`,
      GDK_BACKEND: "x11",
      GSK_RENDERER: "cairo",
      GTK_A11Y: "none",
      NO_AT_BRIDGE: "1",
      LIBGL_ALWAYS_SOFTWARE: "1",
    };
    return {
      folder,
      start(name, { command, args = [], env = {} }) {
        const started = startProcess({
          command: "unshare",
          args: inWorld(at, command, args),
          folder: folder.path,
          log: at(`${name}.log`),
          env: { ...base, ...env },
          privileged: true,
        });
        running.push(started);
        return started;
      },
      log: (name) => readFile(at(`${name}.log`), "utf8").catch(() => ""),
      run: async (command, ...args) =>
        (await run(command, [...args], { env: base, cwd: folder.path, timeout: patience, ...serverUser() })).stdout,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Arguments of `unshare` by which a program sees the test's names and authority instead of the machine's, and runs
 * unprivileged.
 */
function inWorld(at: (name: string) => string, command: string, args: readonly string[]): readonly string[] {
  const user = serverUser();
  const steps =
    'mount --bind "$1" /etc/resolv.conf && mount --bind "$2" /etc/ssl/certs/ca-certificates.crt && shift 2 && exec "$@"';
  const unprivileged = [
    "setpriv",
    `--reuid=${user?.uid}`,
    `--regid=${user?.gid}`,
    "--clear-groups",
    "--no-new-privs",
    "--pdeathsig",
    "TERM",
  ];
  return [
    "--mount",
    "sh",
    "-c",
    steps,
    "sh",
    at("resolv.conf"),
    at("authority.pem"),
    ...unprivileged,
    command,
    ...args,
  ];
}

async function displayNumber(log: string, server: ServerProcess): Promise<string> {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    const found = /^(\d+)$/m.exec(await readFile(log, "utf8").catch(() => ""))?.[1];
    if (found !== undefined) return found;
    if (server.ended() !== undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(server.ended() ?? "the display does not start");
}
