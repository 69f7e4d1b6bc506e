import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Why no bus can be had here; undefined: it can. */
export function missingBus(): string | undefined {
  const absent = (process.env["PATH"] ?? "")
    .split(delimiter)
    .every((folder) => !existsSync(join(folder, "dbus-daemon")));
  const gi = existsSync("/usr/lib/python3/dist-packages/gi");
  return absent || !gi ? "not installed: dbus-daemon, python3-gi" : undefined;
}

/** Services on a bus, written with GLib's own D-Bus. */
const services = fileURLToPath(new URL("./services.test-helper.py", import.meta.url));

/** A program with services on a bus. */
export interface BusServices {
  /** Does one step, and waits until the bus has it. */
  step(line: string): Promise<void>;
}

/** A message bus of the test's own, on a socket in a folder of its own. */
export interface TestBus {
  readonly path: string;
  /** Starts another program with services. */
  services(): Promise<BusServices>;
  stop(): Promise<void>;
}

export async function startBus(): Promise<TestBus> {
  const folder = await mkdtemp(join(tmpdir(), "hallway-bus-"));
  const path = join(folder, "bus");
  const started: ChildProcessWithoutNullStreams[] = [];
  const start = (command: string, args: readonly string[]): (() => Promise<string>) => {
    const child = spawn(command, args, { env: { PATH: "/usr/bin:/bin", HOME: folder } });
    started.push(child);
    let errors = "";
    child.stderr.on("data", (text) => {
      errors += text;
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return async () => {
      const { done, value } = await lines.next();
      if (done) throw new Error(`${command} has ended: ${errors}`);
      return value;
    };
  };
  const address = `unix:path=${path}`;
  await start("dbus-daemon", ["--session", "--nofork", "--print-address", `--address=${address}`])();
  return {
    path,
    async services() {
      const next = start("/usr/bin/python3", [services, address]);
      const child = started.at(-1);
      await next();
      return {
        async step(line) {
          child?.stdin.write(`${line}\n`);
          await next();
        },
      };
    },
    async stop() {
      for (const child of started.toReversed()) {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        if (child.exitCode === null && child.kill("SIGTERM")) await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
