import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { notificationBody } from "../notification-markup.ts";
import { callChannel } from "./channels.ts";
import { FakeNotification } from "./fake-electron.test-helper.ts";
import { prevented } from "./fake-window.test-helper.ts";
import { hostedElectron } from "./hosted-electron.test-helper.ts";
import { startedBySession } from "./login-item.ts";

const electron = hostedElectron();

describe("the Electron host's desktop", () => {
  it("quits in good order: asked first, then for good", async () => {
    await electron.open();
    electron.fake.press("Quit");
    expect([electron.quits, electron.fake.app.quits]).toEqual([1, 0]);
    await electron.host.quit();
    expect([electron.quits, electron.fake.app.quits]).toEqual([1, 1]);
    expect(electron.fake.windows[0]?.destroyed).toBe(true);
    expect(electron.fake.ipcMain.listenerCount(callChannel)).toBe(0);
  });

  it("notifies; the same tag replaces, a click comes back once", () => {
    const clicked: string[] = [];
    for (const name of ["first", "second"])
      electron.host.notify({ tag: "t", title: name, body: "b", silent: false, onClick: () => clicked.push(name) });
    const [first, second] = FakeNotification.all;
    expect([first?.state, second?.state]).toEqual(["closed", "shown"]);
    second?.emit("click");
    expect(clicked).toEqual(["second"]);
    expect(second).toMatchObject({ state: "closed", options: { icon: join(electron.folder, "icon.png") } });
    for (const tag of ["v", "w"])
      electron.host.notify({ tag, title: tag, body: "b", silent: false, onClick: () => undefined });
    electron.host.closeNotification("v");
    expect(FakeNotification.all.slice(-2).map(({ state }) => state)).toEqual(["closed", "shown"]);
    electron.host.notify({ tag: "u", title: "third", body: "b", silent: false, onClick: () => undefined });
    electron.host.clearNotifications();
    expect(FakeNotification.all.at(-1)?.state).toBe("closed");
  });

  it("lets nobody put a link or a picture into a notification", () => {
    const said = 'AT&T <a href="https://evil.example">Your bank</a><img src="file:///etc/passwd"/>';
    const escaped =
      'AT&amp;T &lt;a href="https://evil.example"&gt;Your bank&lt;/a&gt;&lt;img src="file:///etc/passwd"/&gt;';
    expect(notificationBody("linux", said)).toBe(escaped);
    for (const platform of ["darwin", "win32"] as const) expect(notificationBody(platform, said)).toBe(said);
    electron.host.notify({ tag: "markup", title: "Robin", body: said, silent: true, onClick: () => undefined });
    expect(FakeNotification.all.at(-1)?.options).toMatchObject({ body: notificationBody(process.platform, said) });
  });

  it("keeps text and picture in the window where they may not get out", async () => {
    electron.host.restrict({ clipboard: true, capture: false });
    const window = await electron.open();
    expect(window.contentProtected).toBe(true);
    electron.host.restrict({ clipboard: true, capture: true });
    expect(window.contentProtected).toBe(false);
    const mayCopy = (): unknown => electron.fake.session.permissionCheck?.(null, "clipboard-sanitized-write");
    expect(mayCopy()).toBe(true);
    electron.host.restrict({ clipboard: false, capture: true });
    expect(mayCopy()).toBe(false);
  });

  it("starts with the session: a desktop entry on Linux, the system's own list elsewhere", async () => {
    vi.stubEnv("XDG_CONFIG_HOME", electron.folder);
    const file = join(electron.folder, "autostart", "hallway.desktop");
    await electron.begin({ tray: true, platform: "linux" });
    await electron.host.setStartAtLogin(true);
    expect(await readFile(file, "utf8")).toContain('Exec="/opt/hallway" "--hidden"');
    await electron.host.setStartAtLogin(false);
    await expect(readFile(file)).rejects.toThrow("ENOENT");
    await electron.begin({ tray: true, platform: "darwin" });
    await electron.host.setStartAtLogin(true);
    expect(electron.fake.app.loginItemSettings).toEqual([{ openAtLogin: true }]);
    await expect(readFile(file)).rejects.toThrow("ENOENT");
    vi.unstubAllEnvs();
  });

  it("leaves off what the person has switched off in the system's own list", async () => {
    await electron.begin({ tray: true, platform: "win32" });
    const { app } = electron.fake;
    await electron.host.setStartAtLogin(true);
    const item = {
      name: "Hallway",
      path: "C:\\Hallway.exe",
      args: ["--hidden"] as string[],
      scope: "user",
      enabled: false,
    } as const;
    app.loginItem = { ...app.loginItem, launchItems: [item] };
    await electron.host.setStartAtLogin(true);
    expect(app.loginItemSettings).toEqual([
      { openAtLogin: true, args: ["--hidden"], enabled: true },
      { openAtLogin: true, args: ["--hidden"], enabled: false },
    ]);
    await electron.begin({ tray: true, platform: "darwin" });
    const mac = electron.fake.app;
    mac.loginItem = { ...mac.loginItem, status: "requires-approval" };
    await electron.host.setStartAtLogin(true);
    mac.loginItem = { ...mac.loginItem, status: "enabled", openAtLogin: true };
    await electron.host.setStartAtLogin(true);
    expect(mac.loginItemSettings).toEqual([]);
    await electron.host.setStartAtLogin(false);
    expect(mac.loginItemSettings).toEqual([{ openAtLogin: false }]);
  });

  it("stays hidden when the session has started it, unless nothing would bring it back", async () => {
    await electron.begin({ tray: true, hidden: true });
    expect(electron.host.startsHidden).toBe(true);
    await electron.begin({ tray: false, hidden: true });
    expect(electron.host.startsHidden).toBe(false);
    const { app } = electron.fake;
    expect(startedBySession(app, "win32", ["hallway.exe", "--hidden"])).toBe(true);
    expect(startedBySession(app, "linux", ["/opt/hallway"])).toBe(false);
    expect(startedBySession(app, "darwin", ["hallway", "--hidden"])).toBe(false);
    app.loginItem = { ...app.loginItem, wasOpenedAtLogin: true };
    expect(startedBySession(app, "darwin", ["hallway"])).toBe(true);
  });

  it("keeps a notification that Windows has moved to its notification centre", () => {
    const show = (tag: string): FakeNotification | undefined => {
      electron.host.notify({ tag, title: tag, body: "b", silent: false, onClick: () => undefined });
      return FakeNotification.all.at(-1);
    };
    const [moved, dismissed] = [show("a"), show("b")];
    moved?.emit("close", { reason: "timedOut" });
    dismissed?.emit("close", { reason: "userCanceled" });
    for (const tag of ["a", "b"]) electron.host.closeNotification(tag);
    expect([moved?.state, dismissed?.state]).toEqual(["closed", "shown"]);
  });

  it("shows a dot on the taskbar of Windows while something is unread", async () => {
    await electron.begin({ tray: true, platform: "win32" });
    electron.host.setBadge(2);
    const window = await electron.open();
    expect(window.overlay).toMatchObject({ image: expect.anything(), description: "Unread messages" });
    electron.host.setBadge(0);
    expect(window.overlay).toEqual({ image: null, description: "" });
    await electron.begin({ tray: true, platform: "linux" });
    electron.host.setBadge(2);
    expect((await electron.open()).overlay).toBeUndefined();
  });

  it("shows the badge, also in the title", async () => {
    const window = await electron.open();
    electron.host.setBadge(7);
    expect([electron.fake.app.badge, window.title, electron.fake.trayTip()]).toEqual([7, "(7) Hallway", "(7) Hallway"]);
    electron.host.setBadge(0);
    expect([electron.fake.app.badge, window.title]).toEqual([0, "Hallway"]);
    expect(prevented(window, "page-title-updated")).toBe(true);
  });

  it("knows idle time, the lock screen, waking and the language", async () => {
    const locks: boolean[] = [];
    let wakes = 0;
    await electron.host.quit();
    await electron.begin({ tray: true, platform: "win32" });
    const stop = electron.host.onLockScreen((locked) => locks.push(locked));
    electron.host.onWake(() => wakes++);
    for (const name of ["lock-screen", "unlock-screen", "resume"]) electron.fake.powerMonitor.emit(name);
    stop();
    electron.fake.powerMonitor.emit("lock-screen");
    expect(locks).toEqual([true, false]);
    expect(wakes).toBe(1);
    expect(await electron.host.idleSeconds()).toBe(42);
    expect(electron.host.locale).toBe("fr-FR");
  });

  it("opens only web and mail links outside", async () => {
    await electron.host.openExternal("https://example.com/a b".replace(" ", "%20"));
    for (const url of [
      "file:///etc/passwd",
      "javascript:alert(1)",
      "https://user:secret@example.com/",
      "vscode://x",
      "https://exa mple.com/",
    ]) {
      await expect(electron.host.openExternal(url), url).rejects.toMatchObject({ code: "invalid-argument" });
    }
    expect(electron.fake.opened).toEqual(["https://example.com/a%20b"]);
  });

  it("asks for a folder, and shows one", async () => {
    expect(await electron.host.chooseFolder("Where to?")).toBe("/home/alice/Exports");
    expect(await electron.host.chooseFolder("Not now")).toBeUndefined();
    await electron.host.showFolder?.("/home/alice/Exports/one");
    expect(electron.fake.opened).toEqual(["/home/alice/Exports/one"]);
  });
});

it("asks the system, or a script, for proxies in sessions that are not the window's", async () => {
  const script = "https://wpad.example/proxy.pac";
  expect(await electron.host.resolveProxy?.("https://chat.example:5222/", undefined)).toBe("PROXY chat.example:1");
  expect(await electron.host.resolveProxy?.("https://chat.example:5222/", script)).toBe("PROXY chat.example:1");
  expect(electron.fake.session.proxies).toEqual([]);
  expect(electron.fake.sessions.get("hallway-system-proxy")?.proxies).toEqual([{ mode: "system" }]);
  expect(electron.fake.sessions.get("hallway-script-proxy")?.proxies).toEqual([
    { mode: "pac_script", pacScript: script },
  ]);
});
