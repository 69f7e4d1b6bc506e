import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type Page, chromium as playwright } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { bindingName } from "./bridge.ts";
import { browserPath, end, eventually, type Running, start } from "./chromium.test-helper.ts";

describe.skipIf(browserPath === undefined)("the Chromium host", () => {
  let running: Running;
  let driver: Browser;
  let page: Page;

  beforeAll(async () => {
    running = await start(["--remote-debugging-port=0"]);
    // Written by the browser once its test port is open.
    const port = await eventually(
      () => readFile(join(running.folder, "profile/DevToolsActivePort"), "utf8").catch(() => ""),
      (text) => /^\d+\n/u.test(text),
    );
    driver = await playwright.connectOverCDP(`http://127.0.0.1:${port.split("\n")[0]}`);
    const only = driver.contexts()[0]?.pages()[0];
    if (only === undefined) throw new Error("there is no page");
    page = only;
  });

  afterAll(async () => {
    await driver?.close();
    if (running !== undefined) await end(running);
  });

  // Scripts for the page are texts: main is compiled without the DOM's types.
  const inPage = <T = unknown>(expression: string): Promise<T> => page.evaluate(expression);
  const got = (): Promise<unknown[]> => inPage("got");
  const stillOurs = async (): Promise<void> => {
    running.calls.length = 0;
    // A page that is just being left for another cannot be asked.
    await vi.waitFor(() => inPage('hallway.post({ id: 90, method: "alive", args: {} })'));
    await eventually(
      () => running.calls.map((call) => call.method),
      (methods) => methods.includes("alive"),
    );
  };

  it("hears the page's first call and answers it, characters intact", async () => {
    await eventually(
      () => running.calls,
      (calls) => calls.length > 0,
    );
    expect(running.calls[0]).toEqual({ id: 1, method: "hello", args: { text: "Grüße 🚪" } });
    expect(await eventually(got, (all) => all.length > 0)).toEqual([
      { kind: "reply", id: 1, ok: true, result: "at once" },
    ]);
    const result = { text: "\u2028 ' \" \\ </script> 🚪", long: "ö".repeat(1_000_000) };
    running.host.send({ kind: "reply", id: 1, ok: true, result });
    const answers = await eventually(got, (all) => all.length > 1);
    expect(answers[1]).toEqual({ kind: "reply", id: 1, ok: true, result });
  });

  it("keeps the order of what is sent", async () => {
    await inPage("got.splice(0)");
    for (let id = 0; id < 3000; id++) running.host.send({ kind: "reply", id, ok: true, result: null });
    const answers = await eventually(got, (all) => all.length === 3000);
    expect(answers.map((answer) => (answer as { id: number }).id)).toEqual(Array.from({ length: 3000 }, (_, i) => i));
  });

  it("serves the page under its policy: no inline script ran, nothing can be fetched", async () => {
    expect(page.url()).toBe("https://hallway/");
    expect(await inPage("document.documentElement.dataset.inline")).toBeUndefined();
    for (const url of ["https://example.com/", "http://127.0.0.1:1/", "https://hallway/main.js"]) {
      expect(await inPage(`fetch(${JSON.stringify(url)}).then(() => "fetched", (error) => error.name)`)).toBe(
        "TypeError",
      );
    }
  });

  it("exposes post and listen, frozen, and hides the binding", async () => {
    const seen = await inPage(
      `({ keys: Object.keys(hallway), frozen: Object.isFrozen(hallway), binding: "${bindingName}" in globalThis })`,
    );
    expect(seen).toEqual({ keys: ["post", "listen"], frozen: true, binding: false });
  });

  it.each(["https://example.com/", "http://127.0.0.1/", "file:///etc/passwd", "about:blank", "data:text/html,x"])(
    "does not let the page be led to %s",
    async (url) => {
      await inPage(`location.href = ${JSON.stringify(url)}`);
      await eventually(
        () => page.url(),
        (at) => at === "https://hallway/",
      );
      await page.waitForFunction('"hallway" in globalThis');
      await stillOurs();
    },
  );

  it("opens no second window", async () => {
    expect(await inPage('open("https://example.com/")')).toBeNull();
    await page.click("#away");
    await page.keyboard.press("Control+Shift+I");
    await stillOurs();
    await eventually(
      () => driver.contexts().flatMap((context) => context.pages()).length,
      (count) => count === 1,
    );
  });

  it("takes no call from another world in the same page", async () => {
    running.calls.length = 0;
    running.warnings.length = 0;
    const session = await page.context().newCDPSession(page);
    const { frameTree } = await session.send("Page.getFrameTree");
    const { executionContextId } = await session.send("Page.createIsolatedWorld", {
      frameId: frameTree.frame.id,
      worldName: "foreign",
    });
    const expression = `typeof ${bindingName} === "function" && ${bindingName}('C{"id":7,"method":"app.quit","args":{}}')`;
    await session.send("Runtime.evaluate", { contextId: executionContextId, expression });
    await stillOurs();
    expect(running.calls.map((call) => call.method)).toEqual(["alive"]);
    expect(running.warnings).toContain("a call from something that is not our page was refused");
  });

  it("answers a call that is too large without passing it on, and drops what is no call", async () => {
    running.calls.length = 0;
    await inPage(`got.splice(0);
      hallway.post({ id: 8, method: "big", args: { text: "x".repeat(5_000_000) } });
      for (const bad of [{}, 5, "text", [], { id: "1", method: "m" }, { id: 1 }, { id: 2, method: "m".repeat(200) }]) hallway.post(bad);`);
    const answers = await eventually(got, (all) => all.length > 0);
    expect(answers).toEqual([{ kind: "reply", id: 8, ok: false, error: { code: "too-large" } }]);
    await stillOurs();
    expect(running.calls.map((call) => call.method)).toEqual(["alive"]);
  });

  it("shows the unread count in the title", async () => {
    running.host.setBadge(3);
    await eventually(
      () => page.title(),
      (title) => title === "(3) Hallway",
    );
    running.host.setBadge(0);
    await eventually(
      () => page.title(),
      (title) => title === "Hallway",
    );
  });

  it("notifies, and a click comes back once to its own notification", async () => {
    expect(await inPage("Notification.permission")).toBe("granted");
    await inPage(
      "globalThis.made = []; globalThis.Notification = class { constructor(title, options) { Object.assign(this, { title, options }); made.push(this); } close() { this.closed = true; } }",
    );
    const clicked: string[] = [];
    for (const tag of ["a", "b"])
      running.host.notify({ tag, title: `from ${tag}`, body: "text", silent: true, onClick: () => clicked.push(tag) });
    await eventually(
      () => inPage("made.length"),
      (count) => count === 2,
    );
    expect(await inPage("made[1].title")).toBe("from b");
    expect(await inPage("made[1].options.icon")).toBe("/icon.png");
    running.host.closeNotification("a");
    await eventually(
      () => inPage("made.map(({ closed }) => closed === true)"),
      (closed) => JSON.stringify(closed) === "[true,false]",
    );
    await inPage("made[1].onclick()");
    await eventually(
      () => clicked,
      (tags) => tags.length > 0,
    );
    await inPage("made[1].onclick()");
    await stillOurs();
    expect(clicked).toEqual(["b"]);
    running.host.clearNotifications();
    await eventually(
      () => inPage("made.every(({ closed }) => closed)"),
      (closed) => closed === true,
    );
    await inPage("made[0].onclick()");
    await stillOurs();
    expect(clicked).toEqual(["b"]);
  });

  it("refuses permissions that are not its own", async () => {
    const state = (name: string): Promise<string> =>
      inPage(`navigator.permissions.query({ name: "${name}" }).then((permission) => permission.state)`);
    expect(await state("geolocation")).toBe("denied");
    expect(await state("camera")).toBe("denied");
    expect(await state("microphone")).toBe("denied");
  });

  it("lets the page put text on the clipboard only while that is allowed", async () => {
    const state = (): Promise<string> =>
      inPage('navigator.permissions.query({ name: "clipboard-write" }).then((permission) => permission.state)');
    running.host.restrict({ clipboard: false, capture: true });
    await eventually(state, (said) => said === "denied");
    running.host.restrict({ clipboard: true, capture: true });
    await eventually(state, (said) => said === "granted");
  });

  it("opens only web and mail links outside", async () => {
    for (const url of ["file:///etc/passwd", "javascript:alert(1)", "--help", "https://a:b@example.com/", "smb://x/"]) {
      await expect(running.host.openExternal(url)).rejects.toMatchObject({ code: "invalid-argument" });
    }
  });

  it("comes back when the page is reloaded and when it falls over", async () => {
    running.calls.length = 0;
    await page.reload();
    await eventually(
      () => running.calls.length,
      (count) => count === 1,
    );
    const session = await page.context().newCDPSession(page);
    await session.send("Page.crash").catch(() => undefined);
    await eventually(
      () => running.calls.length,
      (count) => count === 2,
    );
  });
});
