import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type Page, chromium as playwright } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Call } from "../../../shared/ipc/transport.ts";
import type { Log } from "../../networks/log.ts";
import type { SecretStore } from "../../secrets/secret-store.ts";
import type { Host } from "../host.ts";
import { bindingName } from "./bridge.ts";
import { findBrowser } from "./browser.ts";
import { createChromiumHost } from "./create.ts";
import { HostUnavailable } from "./unavailable.ts";

/** These run in a real browser, without a display. The page is ours, small, and served as the product's is. */

const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hallway</title>
<script src="main.js"></script></head><body><a id="away" href="https://example.com/" target="_blank">away</a>
<script>document.documentElement.dataset.inline = "ran";</script></body></html>`;
const script = `globalThis.got = []; hallway.listen((message) => got.push(message)); hallway.post({ id: 1, method: "hello", args: { text: "Grüße 🚪" } });`;

const secrets: SecretStore = {
  probe: async () => "absent",
  get: async () => undefined,
  set: async () => undefined,
  delete: async () => undefined,
};
const root = process.getuid?.() === 0;
const flags = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", ...(root ? ["--no-sandbox"] : [])];
const browserPath = findBrowser();

/** Waits for what must come, asking again; fails with the last value. */
function eventually<T>(read: () => T | Promise<T>, good: (value: T) => boolean): Promise<T> {
  return vi.waitFor(
    async () => {
      const value = await read();
      expect(value).toSatisfy(good);
      return value;
    },
    { interval: 20 },
  );
}

interface Running {
  readonly host: Host;
  readonly folder: string;
  readonly calls: Call[];
  readonly warnings: string[];
  readonly quits: () => number;
}

async function start(extra: readonly string[], again?: string): Promise<Running> {
  const folder = again ?? (await mkdtemp(join(tmpdir(), "hallway-host-")));
  await writeFile(join(folder, "index.html"), html);
  await writeFile(join(folder, "main.js"), script);
  const calls: Call[] = [];
  const warnings: string[] = [];
  let quits = 0;
  const log: Log = { debug: (what) => warnings.push(what), info: () => undefined, warn: (what) => warnings.push(what) };
  const host = await createChromiumHost({
    pages: folder,
    browser: { profile: join(folder, "profile"), extraArgs: [...flags, ...extra] },
    secrets,
    log,
  });
  host.onCall((call) => {
    calls.push(call);
    // Answered while the page is still loading, as the first snapshot is.
    if (call.method === "hello") host.send({ kind: "reply", id: call.id, ok: true, result: "at once" });
  });
  host.onQuit(() => quits++);
  await host.showWindow();
  return { host, folder, calls, warnings, quits: () => quits };
}

async function end(running: Running): Promise<void> {
  await running.host.quit();
  await rm(running.folder, { recursive: true, force: true, maxRetries: 5 });
}

if (browserPath === undefined) console.warn("Left out: no Chromium, Chrome or Edge is on this machine.");

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

describe.skipIf(browserPath === undefined)("the Chromium host's end", () => {
  it("opens no port, tells that its window was closed, and leaves no process behind", async () => {
    const running = await start([]);
    const pids = await processesOf(running.folder);
    if (process.platform === "linux") {
      expect(pids.length).toBeGreaterThan(0);
      expect(await listeningSockets(pids)).toEqual([]);
    }
    // As if the person had closed it.
    process.kill(await browserOf(running.folder), "SIGTERM");
    await eventually(running.quits, (count) => count === 1);
    await end(running);
    expect(running.quits()).toBe(1);
    await nothingRuns(running.folder);
  });

  it.skipIf(process.platform !== "linux")(
    "comes back when the browser falls over, and gives up when it does so again",
    async () => {
      const running = await start([]);
      const hellos = (): number => running.calls.filter((call) => call.method === "hello").length;
      await eventually(hellos, (count) => count === 1);
      process.kill(await browserOf(running.folder), "SIGKILL");
      await eventually(hellos, (count) => count === 2);
      expect(running.quits()).toBe(0);
      await running.host.showWindow();
      process.kill(await browserOf(running.folder), "SIGKILL");
      await eventually(running.quits, (count) => count === 1);
      await end(running);
    },
  );

  it("quits without calling that a closed window, twice without harm", async () => {
    const running = await start([]);
    await running.host.quit();
    await end(running);
    expect(running.quits()).toBe(0);
    await nothingRuns(running.folder);
  });
});

describe.skipIf(browserPath === undefined)("the Chromium host, started again", () => {
  it("waits for a browser that still goes down with the same folder", async () => {
    const before = await start([]);
    const going = before.host.quit();
    const after = await start([], before.folder);
    await eventually(
      () => after.calls.length,
      (count) => count === 1,
    );
    await going;
    expect([before.quits(), after.quits()]).toEqual([0, 0]);
    await end(after);
  });
});

describe("the Chromium host where it cannot work", () => {
  it("says so in a sentence", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hallway-host-"));
    const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
    const options = { pages: folder, secrets, log };
    const browser = { profile: join(folder, "p"), browser: "/bin/true" };
    if (root)
      await expect(createChromiumHost({ ...options, browser })).rejects.toThrow(/does not open a window for root/u);
    await expect(createChromiumHost({ ...options, browser: { ...browser, extraArgs: flags } })).rejects.toThrow(
      /no index.html/u,
    );
    await writeFile(join(folder, "index.html"), html);
    const host = await createChromiumHost({ ...options, browser: { ...browser, extraArgs: flags } });
    await expect(host.showWindow()).rejects.toBeInstanceOf(HostUnavailable);
    await host.quit();
    await rm(folder, { recursive: true, force: true });
  });

  it("waits for no window any more once Hallway ends", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hallway-host-"));
    await writeFile(join(folder, "index.html"), html);
    // A browser that shows nothing, and goes when it is told to.
    const browser = join(folder, "browser");
    const source = `const { createReadStream, writeFileSync } = require("node:fs");
      createReadStream("", { fd: 3 }).on("data", (text) => String(text).includes("Browser.close") && process.exit());
      writeFileSync(${JSON.stringify(join(folder, "pid"))}, String(process.pid));`;
    await writeFile(browser, `#!${process.execPath}\n${source}`, { mode: 0o755 });
    const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
    const host = await createChromiumHost({
      pages: folder,
      browser: { profile: join(folder, "p"), browser, extraArgs: flags },
      secrets,
      log,
    });
    const shown = host.showWindow();
    const pid = await vi.waitFor(async () => {
      const written = Number(await readFile(join(folder, "pid"), "utf8"));
      expect(written).toBeGreaterThan(0);
      return written;
    }, 20_000);
    await host.quit();
    await shown;
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
});

/**
 * Processes whose command line names the folder (Linux; elsewhere none is seen). `helpers`: those that the browser
 * started, too.
 */
async function processesOf(folder: string, helpers = true): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/u.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (line.includes(`--user-data-dir=${folder}`) && (helpers || !line.includes("--type="))) found.push(Number(name));
  }
  return found;
}

/**
 * The browser itself. Its number says nothing: numbers begin anew, and helpers of one that fell over outlive it for a
 * moment.
 */
async function browserOf(folder: string): Promise<number> {
  const [pid] = await eventually(
    () => processesOf(folder, false),
    (found) => found.length === 1,
  );
  if (pid === undefined) throw new Error("no browser");
  return pid;
}

const nothingRuns = (folder: string): Promise<number[]> =>
  eventually(
    () => processesOf(folder),
    (found) => found.length === 0,
  );

/** Listening TCP sockets among the descriptors of these processes. */
async function listeningSockets(pids: readonly number[]): Promise<string[]> {
  const inodes = new Map<string, string>();
  for (const table of ["tcp", "tcp6"]) {
    const lines = (await readFile(`/proc/net/${table}`, "utf8")).split("\n").slice(1);
    for (const line of lines) {
      const columns = line.trim().split(/\s+/u);
      // State 0A is LISTEN; column 9 is the inode.
      if (columns[3] === "0A" && columns[9] !== undefined) inodes.set(columns[9], `${table} ${columns[1]}`);
    }
  }
  const open: string[] = [];
  for (const pid of pids) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const inode = /^socket:\[(\d+)\]$/u.exec(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ""))?.[1];
      const socket = inode === undefined ? undefined : inodes.get(inode);
      if (socket !== undefined) open.push(socket);
    }
  }
  return open;
}
