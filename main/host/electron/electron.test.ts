import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Call } from "../../../shared/ipc/transport.ts";
import type { Log } from "../../networks/log.ts";
import type { SecretStore } from "../../secrets/secret-store.ts";
import type { Host } from "../host.ts";
import { notificationBody } from "../notification-markup.ts";
import { contentSecurityPolicy } from "../pages.ts";
import { callChannel, messageChannel } from "./channels.ts";
import { createElectronHost } from "./create.ts";
import {
  createFakeElectron,
  type FakeElectron,
  FakeNotification,
  type FakeWindow,
  prevented,
} from "./fake-electron.test-helper.ts";
import { registerScheme } from "./scheme.ts";

const secrets: SecretStore = {
  probe: async () => "absent",
  get: async () => undefined,
  set: async () => undefined,
  delete: async () => undefined,
};
const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

let folder: string;
let fake: FakeElectron;
let host: Host;
let calls: Call[];
let quits: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-electron-"));
  await writeFile(join(folder, "index.html"), "<!doctype html>");
  await writeFile(join(folder, "main.js"), "1;");
  await writeFile(join(folder, "secret.txt"), "not for the page");
  await begin({ tray: true });
});

afterEach(async () => {
  await host.quit();
  await rm(folder, { recursive: true, force: true });
});

async function begin({
  platform,
  ...options
}: {
  readonly tray: boolean;
  readonly platform?: NodeJS.Platform;
}): Promise<void> {
  fake = createFakeElectron(options);
  FakeNotification.all.length = 0;
  calls = [];
  quits = 0;
  host = await createElectronHost(fake.modules, {
    pages: folder,
    folder,
    secrets,
    log,
    words: { open: "Open", quit: "Quit" },
    command: ["/opt/hallway"],
    ...(platform ? { platform } : {}),
  });
  host.onCall((call) => calls.push(call));
  host.onQuit(() => quits++);
}

async function open(): Promise<FakeWindow> {
  await host.showWindow();
  const window = fake.windows[0];
  if (window === undefined) throw new Error("no window was made");
  return window;
}

describe("the Electron host's window", () => {
  it("is sandboxed, isolated, without Node, on our own scheme", async () => {
    const window = await open();
    expect(window.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      devTools: false,
      preload: join(folder, "preload.cjs"),
      session: fake.session,
    });
    expect(window.webContents.mainFrame.url).toBe("app://hallway/");
    registerScheme(fake.modules);
    expect(fake.schemes).toEqual([[{ scheme: "app", privileges: { standard: true, secure: true } }]]);
  });

  it("is made once and then brought to the front", async () => {
    const window = await open();
    window.minimized = true;
    await host.showWindow();
    expect(fake.windows.length).toBe(1);
    expect(window.shown).toEqual(["show", "restore", "show", "focus"]);
    fake.app.emit("second-instance");
    expect(window.shown.at(-1)).toBe("focus");
  });

  it("is served the window's files with the policy, and nothing else", async () => {
    const serve = fake.session.served.get("app");
    const get = async (url: string, method = "GET"): Promise<Response> =>
      (await serve?.(new Request(url, { method }))) ?? Response.error();
    const index = await get("app://hallway/");
    expect(index.status).toBe(200);
    expect(index.headers.get("content-security-policy")).toBe(contentSecurityPolicy);
    expect(await (await get("app://hallway/main.js?x")).text()).toBe("1;");
    for (const url of [
      "app://hallway/secret.txt",
      "app://hallway/../main.js/",
      "app://hallway/%2e%2e/secret.txt",
      "app://other/main.js",
      "app://hallway//main.js",
    ]) {
      expect((await get(url)).status, url).toBe(404);
    }
    expect((await get("app://hallway/main.js", "POST")).status).toBe(404);
  });

  it("cannot be led away, opens no other window, attaches no webview", async () => {
    const { webContents } = await open();
    for (const name of ["will-navigate", "will-frame-navigate", "will-redirect"]) {
      for (const url of [
        "https://example.com/",
        "file:///etc/passwd",
        "app://hallwayx/",
        "app://other/",
        "about:blank",
      ])
        expect(prevented(webContents, name, { url }), `${name} ${url}`).toBe(true);
      expect(prevented(webContents, name, { url: "app://hallway/" })).toBe(false);
    }
    expect(webContents.openHandler?.()).toEqual({ action: "deny" });
    expect(prevented(webContents, "will-attach-webview")).toBe(true);
  });

  it("is denied every permission but writing to the clipboard, every device, download and foreign request", () => {
    const { permissionRequest, permissionCheck, devicePermission, beforeRequest } = fake.session;
    const asked = (permission: string): unknown[] => {
      const answers: unknown[] = [];
      permissionRequest?.(...([null, permission, (answer: boolean) => answers.push(answer)] as never[]));
      return [...answers, permissionCheck?.(...([null, permission] as never[]))];
    };
    for (const permission of ["media", "geolocation", "notifications", "openExternal", "clipboard-read", "fullscreen"])
      expect(asked(permission)).toEqual([false, false]);
    expect(asked("clipboard-sanitized-write")).toEqual([true, true]);
    expect(devicePermission?.()).toBe(false);
    expect(prevented(fake.session, "will-download")).toBe(true);
    const cancelled = (url: string): boolean | undefined => {
      let cancel: boolean | undefined;
      beforeRequest?.({ url }, (answer) => {
        cancel = answer.cancel;
      });
      return cancel;
    };
    expect(["app://hallway/main.js", "data:image/png;base64,AA=="].map(cancelled)).toEqual([false, false]);
    expect(
      ["https://example.com/", "http://127.0.0.1/", "file:///etc/passwd", "app://other/", "ws://x/"].map(cancelled),
    ).toEqual([true, true, true, true, true]);
  });

  it("hides when closed, and lives on", async () => {
    const window = await open();
    expect(prevented(window, "close")).toBe(true);
    expect(window.shown.at(-1)).toBe("hide");
    expect(quits).toBe(0);
  });

  it("asks to quit when closed where there is no tray to bring it back", async () => {
    await host.quit();
    await begin({ tray: false });
    const window = await open();
    expect(prevented(window, "close")).toBe(true);
    expect(quits).toBe(1);
    expect(fake.app.quits).toBe(0);
  });

  it("is loaded again when its page falls over, but not for ever", async () => {
    const { webContents } = await open();
    for (let i = 0; i < 10; i++) webContents.emit("render-process-gone", {}, { reason: "crashed" });
    expect(webContents.reloads).toBe(3);
  });
});

describe("the Electron host's bridge", () => {
  const call = (frame: unknown, text: unknown): boolean => fake.ipcMain.emit(callChannel, { senderFrame: frame }, text);

  it("takes calls from the main frame of its own page only", async () => {
    const { webContents } = await open();
    call(webContents.mainFrame, '{"id":1,"method":"app.snapshot","args":{}}');
    call({ url: "app://hallway/" }, '{"id":2,"method":"app.quit","args":{}}');
    call(null, '{"id":3,"method":"app.quit","args":{}}');
    webContents.mainFrame.url = "https://example.com/";
    call(webContents.mainFrame, '{"id":4,"method":"app.quit","args":{}}');
    expect(calls).toEqual([{ id: 1, method: "app.snapshot", args: {} }]);
  });

  it("drops what is no call or too large", async () => {
    const { webContents } = await open();
    const bad = [
      undefined,
      5,
      {},
      "",
      "{",
      "[]",
      '{"id":1}',
      '{"id":-1,"method":"m"}',
      '{"id":1.5,"method":"m"}',
      '{"id":1,"method":""}',
      `{"id":1,"method":"m","args":"${"x".repeat(5_000_000)}"}`,
    ];
    for (const text of bad) call(webContents.mainFrame, text);
    expect(calls).toEqual([]);
  });

  it("sends to the window, and into the void before there is one", async () => {
    host.send({ kind: "reply", id: 1, ok: true, result: null });
    const { webContents } = await open();
    host.send({ kind: "reply", id: 2, ok: true, result: { a: 1 } });
    expect(webContents.sent).toEqual([[messageChannel, { kind: "reply", id: 2, ok: true, result: { a: 1 } }]]);
  });
});

describe("the Electron host's desktop", () => {
  it("quits in good order: asked first, then for good", async () => {
    await open();
    fake
      .trayMenu()
      .find((item) => item.label === "Quit")
      ?.click?.();
    expect([quits, fake.app.quits]).toEqual([1, 0]);
    await host.quit();
    expect([quits, fake.app.quits]).toEqual([1, 1]);
    expect(fake.windows[0]?.destroyed).toBe(true);
    expect(fake.ipcMain.listenerCount(callChannel)).toBe(0);
  });

  it("notifies; the same tag replaces, a click comes back once", () => {
    const clicked: string[] = [];
    for (const name of ["first", "second"])
      host.notify({ tag: "t", title: name, body: "b", silent: false, onClick: () => clicked.push(name) });
    const [first, second] = FakeNotification.all;
    expect([first?.state, second?.state]).toEqual(["closed", "shown"]);
    second?.emit("click");
    expect(clicked).toEqual(["second"]);
    expect(second).toMatchObject({ state: "closed", options: { icon: join(folder, "icon.png") } });
    for (const tag of ["v", "w"]) host.notify({ tag, title: tag, body: "b", silent: false, onClick: () => undefined });
    host.closeNotification("v");
    expect(FakeNotification.all.slice(-2).map(({ state }) => state)).toEqual(["closed", "shown"]);
    host.notify({ tag: "u", title: "third", body: "b", silent: false, onClick: () => undefined });
    host.clearNotifications();
    expect(FakeNotification.all.at(-1)?.state).toBe("closed");
  });

  it("lets nobody put a link or a picture into a notification", () => {
    const said = 'AT&T <a href="https://evil.example">Your bank</a><img src="file:///etc/passwd"/>';
    const escaped =
      'AT&amp;T &lt;a href="https://evil.example"&gt;Your bank&lt;/a&gt;&lt;img src="file:///etc/passwd"/&gt;';
    expect(notificationBody("linux", said)).toBe(escaped);
    for (const platform of ["darwin", "win32"] as const) expect(notificationBody(platform, said)).toBe(said);
    host.notify({ tag: "markup", title: "Robin", body: said, silent: true, onClick: () => undefined });
    expect(FakeNotification.all.at(-1)?.options).toMatchObject({ body: notificationBody(process.platform, said) });
  });

  it("keeps text and picture in the window where they may not get out", async () => {
    host.restrict({ clipboard: true, capture: false });
    const window = await open();
    expect(window.contentProtected).toBe(true);
    host.restrict({ clipboard: true, capture: true });
    expect(window.contentProtected).toBe(false);
    const mayCopy = (): unknown => fake.session.permissionCheck?.(...([null, "clipboard-sanitized-write"] as never[]));
    expect(mayCopy()).toBe(true);
    host.restrict({ clipboard: false, capture: true });
    expect(mayCopy()).toBe(false);
  });

  it("starts with the session: a desktop entry on Linux, the system's own list elsewhere", async () => {
    vi.stubEnv("XDG_CONFIG_HOME", folder);
    const file = join(folder, "autostart", "hallway.desktop");
    await begin({ tray: true, platform: "linux" });
    await host.setStartAtLogin(true);
    expect(await readFile(file, "utf8")).toContain('Exec="/opt/hallway"');
    await host.setStartAtLogin(false);
    await expect(readFile(file)).rejects.toThrow("ENOENT");
    await begin({ tray: true, platform: "darwin" });
    await host.setStartAtLogin(true);
    expect(fake.app.loginItem).toEqual({ openAtLogin: true });
    await expect(readFile(file)).rejects.toThrow("ENOENT");
    vi.unstubAllEnvs();
  });

  it("shows the badge, also in the title", async () => {
    const window = await open();
    host.setBadge(7);
    expect([fake.app.badge, window.title, fake.trayTip()]).toEqual([7, "(7) Hallway", "(7) Hallway"]);
    host.setBadge(0);
    expect([fake.app.badge, window.title]).toEqual([0, "Hallway"]);
    expect(prevented(window, "page-title-updated")).toBe(true);
  });

  it("knows idle time, the lock screen, waking and the language", async () => {
    const locks: boolean[] = [];
    let wakes = 0;
    const stop = host.onLockScreen((locked) => locks.push(locked));
    host.onWake(() => wakes++);
    for (const name of ["lock-screen", "unlock-screen", "resume"]) fake.powerMonitor.emit(name);
    stop();
    fake.powerMonitor.emit("lock-screen");
    expect(locks).toEqual([true, false]);
    expect(wakes).toBe(1);
    expect(await host.idleSeconds()).toBe(42);
    expect(host.locale).toBe("fr-FR");
  });

  it("opens only web and mail links outside", async () => {
    await host.openExternal("https://example.com/a b".replace(" ", "%20"));
    for (const url of [
      "file:///etc/passwd",
      "javascript:alert(1)",
      "https://user:secret@example.com/",
      "vscode://x",
      "https://exa mple.com/",
    ]) {
      await expect(host.openExternal(url), url).rejects.toMatchObject({ code: "invalid-argument" });
    }
    expect(fake.opened).toEqual(["https://example.com/a%20b"]);
  });

  it("asks for a folder, and shows one", async () => {
    expect(await host.chooseFolder("Where to?")).toBe("/home/alice/Exports");
    expect(await host.chooseFolder("Not now")).toBeUndefined();
    await host.showFolder?.("/home/alice/Exports/one");
    expect(fake.opened).toEqual(["/home/alice/Exports/one"]);
  });
});

it("asks the system, or a script, for proxies in sessions that are not the window's", async () => {
  const script = "https://wpad.example/proxy.pac";
  expect(await host.resolveProxy?.("https://chat.example:5222/", undefined)).toBe("PROXY chat.example:1");
  expect(await host.resolveProxy?.("https://chat.example:5222/", script)).toBe("PROXY chat.example:1");
  expect(fake.session.proxies).toEqual([]);
  expect(fake.sessions.get("hallway-system-proxy")?.proxies).toEqual([{ mode: "system" }]);
  expect(fake.sessions.get("hallway-script-proxy")?.proxies).toEqual([{ mode: "pac_script", pacScript: script }]);
});
