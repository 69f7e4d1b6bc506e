import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createWords } from "../../../shared/words/words.ts";
import { contentSecurityPolicy } from "../pages.ts";
import { callChannel, messageChannel } from "./channels.ts";
import { FakeEvent, prevented } from "./fake-window.test-helper.ts";
import { hostedElectron } from "./hosted-electron.test-helper.ts";
import { registerScheme } from "./scheme.ts";

const electron = hostedElectron();
const words = createWords("en");
/** Lets what stands ready happen. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the Electron host's window", () => {
  it("is sandboxed, isolated, without Node, on our own scheme", async () => {
    const window = await electron.open();
    expect(window.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      devTools: false,
      preload: join(electron.folder, "preload.cjs"),
      session: electron.fake.session,
    });
    expect(window.webContents.mainFrame.url).toBe("app://hallway/");
    registerScheme(electron.fake.modules);
    expect(electron.fake.schemes).toEqual([[{ scheme: "app", privileges: { standard: true, secure: true } }]]);
  });

  it("is made once and then brought to the front", async () => {
    const window = await electron.open();
    window.minimized = true;
    await electron.host.showWindow();
    expect(electron.fake.windows.length).toBe(1);
    expect(window.shown).toEqual(["show", "restore", "show", "focus"]);
    electron.fake.app.emit("second-instance");
    expect(window.shown.at(-1)).toBe("focus");
  });

  it("is served the window's files with the policy, and nothing else", async () => {
    const serve = electron.fake.session.served.get("app");
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
    const { webContents } = await electron.open();
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
    const { permissionRequest, permissionCheck, devicePermission, beforeRequest } = electron.fake.session;
    const asked = (permission: string): unknown[] => {
      const answers: unknown[] = [];
      permissionRequest?.(null, permission, (answer) => answers.push(answer));
      return [...answers, permissionCheck?.(null, permission)];
    };
    for (const permission of ["media", "geolocation", "notifications", "openExternal", "clipboard-read", "fullscreen"])
      expect(asked(permission)).toEqual([false, false]);
    expect(asked("clipboard-sanitized-write")).toEqual([true, true]);
    expect(devicePermission?.()).toBe(false);
    expect(prevented(electron.fake.session, "will-download")).toBe(true);
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
    const window = await electron.open();
    expect(prevented(window, "close")).toBe(true);
    expect(window.shown.at(-1)).toBe("hide");
    expect(electron.quits).toBe(0);
  });

  it("asks to quit when closed where there is no tray to bring it back", async () => {
    await electron.host.quit();
    await electron.begin({ tray: false });
    const window = await electron.open();
    expect(prevented(window, "close")).toBe(true);
    expect(electron.quits).toBe(1);
    expect(electron.fake.app.quits).toBe(0);
  });

  it("is loaded again when its page falls over, but not for ever", async () => {
    const { webContents } = await electron.open();
    for (let i = 0; i < 10; i++) webContents.emit("render-process-gone", {}, { reason: "crashed" });
    expect(webContents.reloads).toBe(3);
    // Then the person decides, asked once.
    const { dialog } = electron.fake;
    expect(dialog.asked).toMatchObject([{ message: words.t("window.crashed"), buttons: ["Reload", "Quit"] }]);
    dialog.answer(0);
    await vi.waitFor(() => expect(webContents.reloads).toBe(4));
    for (let i = 0; i < 4; i++) webContents.emit("render-process-gone", {}, { reason: "crashed" });
    expect(webContents.reloads).toBe(7);
    dialog.answer(1);
    await vi.waitFor(() => expect(electron.quits).toBe(1));
    expect(webContents.reloads).toBe(7);
  });

  it("offers to load a page again that does not answer, and takes the offer back when it does", async () => {
    const window = await electron.open();
    const { dialog } = electron.fake;
    window.emit("unresponsive");
    window.emit("unresponsive");
    expect(dialog.asked).toMatchObject([
      { message: words.t("window.hangs"), buttons: ["Wait", "Reload"], cancelId: 0 },
    ]);
    window.emit("responsive");
    expect(dialog.asked[0]?.signal?.aborted).toBe(true);
    await settled();
    expect(window.webContents.reloads).toBe(0);
    window.emit("unresponsive");
    dialog.answer(0);
    await settled();
    expect(window.webContents.reloads).toBe(0);
    window.emit("unresponsive");
    dialog.answer(1);
    await settled();
    expect(window.webContents.reloads).toBe(1);
    expect(dialog.asked).toHaveLength(3);
  });

  it("tells why it cannot be shown, and can be shown later", async () => {
    electron.fake.onWindow = (window) => {
      window.failure = new Error("ERR_FAILED");
    };
    await expect(electron.host.showWindow()).rejects.toThrow("ERR_FAILED");
    expect(electron.fake.windows[0]?.destroyed).toBe(true);
    electron.host.setBadge(1);
    electron.host.send({ kind: "reply", id: 1, ok: true, result: null });
    electron.fake.onWindow = () => undefined;
    await electron.host.showWindow();
    expect(electron.fake.windows.map(({ shown }) => shown)).toEqual([[], ["show"]]);
  });

  it("is one, also when it is asked for twice at once", async () => {
    await Promise.all([electron.host.showWindow(), electron.host.showWindow()]);
    expect(electron.fake.windows).toHaveLength(1);
  });

  it("opens where and as large as it was", async () => {
    const window = await electron.open();
    expect(window.options).toMatchObject({ width: 1180, height: 760 });
    expect(window.options.x).toBeUndefined();
    window.bounds = { x: 300, y: 200, width: 900, height: 700 };
    window.emit("move");
    window.minimized = true;
    window.emit("resize");
    window.minimized = false;
    window.maximized = true;
    window.emit("resize");
    await electron.host.quit();
    await electron.begin({ tray: true });
    const again = await electron.open();
    expect(again.options).toMatchObject({ x: 300, y: 200, width: 900, height: 700 });
    expect(again.maximized).toBe(true);
  });

  it("leaves the full screen before it hides on macOS, and not elsewhere", async () => {
    for (const [platform, expected] of [
      ["darwin", ["show", "hide"]],
      ["linux", ["show", "hide"]],
    ] as const) {
      await electron.host.quit();
      await electron.begin({ tray: true, platform });
      const window = await electron.open();
      window.fullScreen = true;
      expect(prevented(window, "close")).toBe(true);
      const atOnce = window.shown.length;
      await settled();
      expect([platform, atOnce, window.shown, window.fullScreen]).toEqual([
        platform,
        platform === "darwin" ? 1 : 2,
        expected,
        platform !== "darwin",
      ]);
    }
  });

  it("ends in good order with the person's session on Windows, which asks windows only", async () => {
    for (const [platform, expected] of [
      ["win32", 1],
      ["linux", 0],
    ] as const) {
      await electron.host.quit();
      await electron.begin({ tray: true, platform });
      const window = await electron.open();
      expect(prevented(window, "query-session-end")).toBe(false);
      expect(electron.quits).toBe(0);
      window.emit("session-end", new FakeEvent());
      expect(electron.quits).toBe(expected);
    }
  });
});

describe("the Electron host's bridge", () => {
  const call = (frame: unknown, text: unknown): boolean =>
    electron.fake.ipcMain.emit(callChannel, { senderFrame: frame }, text);

  it("takes calls from the main frame of its own page only", async () => {
    const { webContents } = await electron.open();
    call(webContents.mainFrame, '{"id":1,"method":"app.snapshot","args":{}}');
    call({ url: "app://hallway/" }, '{"id":2,"method":"app.quit","args":{}}');
    call(null, '{"id":3,"method":"app.quit","args":{}}');
    webContents.mainFrame.url = "https://example.com/";
    call(webContents.mainFrame, '{"id":4,"method":"app.quit","args":{}}');
    expect(electron.calls).toEqual([{ id: 1, method: "app.snapshot", args: {} }]);
  });

  it("drops what is no call or too large", async () => {
    const { webContents } = await electron.open();
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
    expect(electron.calls).toEqual([]);
  });

  it("says nothing to a window that the system has taken away", async () => {
    const window = await electron.open();
    window.destroyed = true;
    electron.host.send({ kind: "reply", id: 1, ok: true, result: null });
    electron.host.setBadge(3);
    electron.host.restrict({ clipboard: true, capture: false });
    await electron.host.quit();
  });

  it("sends to the window, and into the void before there is one", async () => {
    electron.host.send({ kind: "reply", id: 1, ok: true, result: null });
    const { webContents } = await electron.open();
    electron.host.send({ kind: "reply", id: 2, ok: true, result: { a: 1 } });
    expect(webContents.sent).toEqual([[messageChannel, { kind: "reply", id: 2, ok: true, result: { a: 1 } }]]);
  });
});
