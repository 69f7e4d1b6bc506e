import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

/** Why no bus can be had here; undefined: it can. */
export function missingBus(): string | undefined {
  const absent = (process.env["PATH"] ?? "")
    .split(delimiter)
    .every((folder) => !existsSync(join(folder, "dbus-daemon")));
  return absent ? "not installed: dbus-daemon" : undefined;
}

/**
 * Services on a bus, written with GLib's own D-Bus (python3-gi). It reads a line for each step and answers "done":
 * `own NAME`, `drop NAME`, `set INTERFACE MEMBER VALUE` (a property or the answer of a method, true or false),
 * `emit PATH INTERFACE MEMBER [VALUE]`, `to DESTINATION PATH INTERFACE MEMBER [VALUE]` (to one program alone).
 */
const services = `
import sys, threading
import gi
from gi.repository import Gio, GLib
bus = Gio.DBusConnection.new_for_address_sync(sys.argv[1],
    Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
values, owned = {}, {}
def node(text): return Gio.DBusNodeInfo.new_for_xml("<node>" + text + "</node>").interfaces[0]
def answer(c, sender, path, interface, member, args, call):
    if member == "GetSession": return call.return_value(GLib.Variant("(o)", ("/org/freedesktop/login1/session/_32",)))
    call.return_value(GLib.Variant("(b)", (values.get((interface, member), False),)))
def prop(c, sender, path, interface, name):
    return GLib.Variant("b", values.get((interface, name), False))
for path, text in [
    ("/StatusNotifierWatcher", '<interface name="org.kde.StatusNotifierWatcher"><property name="IsStatusNotifierHostRegistered" type="b" access="read"/></interface>'),
    ("/org/freedesktop/ScreenSaver", '<interface name="org.freedesktop.ScreenSaver"><method name="GetActive"><arg type="b" direction="out"/></method></interface>'),
    ("/org/gnome/ScreenSaver", '<interface name="org.gnome.ScreenSaver"><method name="GetActive"><arg type="b" direction="out"/></method></interface>'),
    ("/org/freedesktop/login1", '<interface name="org.freedesktop.login1.Manager"><method name="GetSession"><arg type="s" direction="in"/><arg type="o" direction="out"/></method></interface>'),
    ("/org/freedesktop/login1/session/_32", '<interface name="org.freedesktop.login1.Session"><property name="LockedHint" type="b" access="read"/></interface>'),
]: bus.register_object(path, node(text), answer, prop, None)
def body(words):
    if not words: return None
    if words[0] in ("true", "false"): return GLib.Variant("(b)", (words[0] == "true",))
    return GLib.Variant("(sa{sv}as)", (words[0], {"LockedHint": GLib.Variant("b", True)}, ["IdleHint"]))
def step(line):
    word, *rest = line.split()
    if word in ("own", "drop"):
        reply = bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "RequestName" if word == "own" else "ReleaseName",
            GLib.Variant("(su)", (rest[0], 4)) if word == "own" else GLib.Variant("(s)", (rest[0],)), None, 0, -1, None)
    elif word == "set": values[(rest[0], rest[1])] = rest[2] == "true"
    elif word == "emit": bus.emit_signal(None, rest[0], rest[1], rest[2], body(rest[3:]))
    elif word == "to": bus.emit_signal(rest[0], rest[1], rest[2], rest[3], body(rest[4:]))
    bus.flush_sync(None)
    print("done", flush=True)
loop = GLib.MainLoop()
def read():
    for line in sys.stdin: GLib.idle_add(step, line)
    loop.quit()
threading.Thread(target=read, daemon=True).start()
print("done", flush=True)
loop.run()
`;

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
  await writeFile(join(folder, "services.py"), services);
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
      const next = start("/usr/bin/python3", [join(folder, "services.py"), address]);
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
