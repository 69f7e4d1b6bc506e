import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type BusServices, missingBus, startBus, type TestBus } from "./bus.test-helper.ts";
import { FollowedState } from "./followed-state.ts";
import { MessageBus } from "./message-bus.ts";
import { ScreenLock } from "./screen-lock.ts";
import { trayHost } from "./tray-host.ts";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const missing = missingBus();

describe.skipIf(missing !== undefined)("a real bus (dbus-daemon, services of GLib)", () => {
  let bus: TestBus;
  let services: BusServices;
  let client: MessageBus;

  beforeAll(async () => {
    bus = await startBus();
    services = await bus.services();
    client = await MessageBus.connect(bus.path);
  });
  afterAll(async () => {
    client.close();
    await bus.stop();
  });

  it("answers calls, with values of every kind, and with its errors", async () => {
    const driver = { destination: "org.freedesktop.DBus", path: "/", interface: "org.freedesktop.DBus" };
    const [names] = await client.call({ ...driver, member: "ListNames" });
    expect(names).toContain("org.freedesktop.DBus");
    const [credentials] = await client.call({
      ...driver,
      member: "GetConnectionCredentials",
      args: ["org.freedesktop.DBus"],
    });
    expect(credentials).toBeInstanceOf(Map);
    expect(credentials instanceof Map && credentials.get("UnixUserID")).toBe(process.getuid?.());
    await expect(client.call({ ...driver, member: "GetNameOwner", args: ["im.hallway.nobody"] })).rejects.toThrow(
      "NameHasNoOwner",
    );
  });

  it("follows whether anything shows tray icons: a host that comes, goes, and a watcher that ends", async () => {
    const seen: boolean[] = [];
    await new FollowedState(client, trayHost, (there) => seen.push(there)).begin();
    expect(seen).toEqual([false]);
    const watcher = "org.kde.StatusNotifierWatcher";
    const steps = [
      [[`set ${watcher} IsStatusNotifierHostRegistered true`, `own ${watcher}`], true],
      [
        [
          `set ${watcher} IsStatusNotifierHostRegistered false`,
          `emit /StatusNotifierWatcher ${watcher} StatusNotifierHostUnregistered`,
        ],
        false,
      ],
      [
        [
          `set ${watcher} IsStatusNotifierHostRegistered true`,
          `emit /StatusNotifierWatcher ${watcher} StatusNotifierHostRegistered`,
        ],
        true,
      ],
      [[`drop ${watcher}`], false],
    ] as const;
    for (const [lines, there] of steps) {
      for (const line of lines) await services.step(line);
      await vi.waitFor(() => expect(seen.at(-1)).toBe(there));
    }
    expect(seen).toEqual([false, true, false, true, false]);
  });

  it("hears a signal only from the owner of the service's name", async () => {
    const saver = "org.freedesktop.ScreenSaver";
    const stranger = await bus.services();
    await services.step(`own ${saver}`);
    const heard: unknown[] = [];
    await client.listen({ sender: saver, interface: saver, member: "ActiveChanged" }, ({ body }) =>
      heard.push(body[0]),
    );
    const [names] = await client.call({
      ...{ destination: "org.freedesktop.DBus", path: "/", interface: "org.freedesktop.DBus" },
      member: "ListNames",
    });
    const unique = Array.isArray(names) ? names.filter((name) => String(name).startsWith(":")) : [];
    // To everybody on the bus by name, which the bus delivers whatever is listened to.
    for (const name of unique)
      await stranger.step(`to ${name} /org/freedesktop/ScreenSaver ${saver} ActiveChanged true`);
    await services.step(`emit /org/freedesktop/ScreenSaver ${saver} ActiveChanged false`);
    await vi.waitFor(() => expect(heard).toEqual([false]));
    await services.step(`drop ${saver}`);
  });

  it("knows when the screen is locked, from the desktop's locker and from logind", async () => {
    const seen: boolean[] = [];
    await services.step("own org.freedesktop.login1");
    const lock = new ScreenLock({
      onChange: (locked) => seen.push(locked),
      log,
      sessionBus: bus.path,
      systemBus: bus.path,
    });
    await lock.begin();
    expect(seen).toEqual([]);
    const gnome = "org.gnome.ScreenSaver";
    const session = "org.freedesktop.login1.Session";
    const path = "/org/freedesktop/login1/session/_32";
    const steps = [
      [["own org.gnome.ScreenSaver", `set ${gnome} GetActive true`, emit(gnome)], true],
      [[`set ${gnome} GetActive false`, emit(gnome)], false],
      [[`set ${session} LockedHint true`, properties(path, session)], true],
      [[`set ${session} LockedHint false`, properties(path, session)], false],
      [[`emit ${path} ${session} Lock`], true],
      [[`emit ${path} ${session} Unlock`], false],
      // A locker that crashes leaves nothing locked.
      [[`set ${gnome} GetActive true`, emit(gnome)], true],
      [["drop org.gnome.ScreenSaver"], false],
    ] as const;
    for (const [lines, locked] of steps) {
      for (const line of lines) await services.step(line);
      await vi.waitFor(() => expect(seen.at(-1)).toBe(locked));
    }
    expect(seen).toEqual(steps.map(([, locked]) => locked));
    lock.close();
  });

  function emit(service: string): string {
    return `emit /org/gnome/ScreenSaver ${service} ActiveChanged true`;
  }

  function properties(path: string, of: string): string {
    return `emit ${path} org.freedesktop.DBus.Properties PropertiesChanged ${of}`;
  }
});

describe("what is no bus", () => {
  async function answering(answer: (socket: Socket) => void): Promise<{ path: string; close: () => void }> {
    const path = join(tmpdir(), `hallway-no-bus-${process.pid}-${Math.random().toString(36).slice(2)}`);
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      answer(socket);
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return { path, close: () => server.close() };
  }

  it.each([
    ["refuses", (socket: Socket) => socket.write("REJECTED EXTERNAL\r\n")],
    ["talks without an end", (socket: Socket) => socket.write("O".repeat(5_000))],
    ["hangs up", (socket: Socket) => socket.end()],
    ["sends no message", (socket: Socket) => socket.write(`OK 0\r\n${"x".repeat(50)}`)],
    [
      "sends a message without end",
      (socket: Socket) => socket.write(Buffer.concat([Buffer.from("OK 0\r\nl\u0002\0\u0001"), Buffer.alloc(12, 0xff)])),
    ],
  ])("is told apart: it %s", async (_, answer) => {
    const server = await answering(answer);
    await expect(MessageBus.connect(server.path)).rejects.toThrow();
    server.close();
  });

  it("is nothing at all", async () => {
    await expect(MessageBus.connect("/nonexistent/bus")).rejects.toThrow("ENOENT");
    const lock = new ScreenLock({ onChange: () => undefined, log, sessionBus: "/nonexistent/bus", systemBus: "/no" });
    await lock.begin();
    lock.close();
  });
});
