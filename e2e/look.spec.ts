import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium, expect, type Page, test } from "@playwright/test";
import { build } from "esbuild";
import { root } from "../build/root.ts";
import { findBrowser } from "../main/host/chromium/browser.ts";
import { pageHeaders } from "../main/host/pages.ts";

/**
 * How the window looks and feels, over a stand-in for main: every state in which it is looked at has no violation that
 * axe finds, none of the content security policy, and no error. With LOOK_SHOTS=folder each state is also left as a picture.
 */
interface Look {
  readonly name: string;
  /** One of renderer/dev/scenarios.ts. */
  readonly scenario: string;
  readonly locale?: "en-GB" | "fr-FR";
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly forced?: boolean;
  readonly act?: (page: Page) => Promise<void>;
}

const julietOpen = async (page: Page): Promise<void> => {
  await page
    .getByRole("treeitem", { name: /^Juliet/ })
    .first()
    .click();
  await page.getByRole("article").filter({ hasText: /CPIM/ }).waitFor();
};
const settingsOpen = async (page: Page): Promise<void> => {
  await page.keyboard.press("Control+,");
  await page.locator(".settings").waitFor();
};
const exportOpen = async (page: Page): Promise<void> => {
  await julietOpen(page);
  await page.getByRole("button", { name: /^(Export this chat|Exporter cette conversation)/ }).click();
  await page.getByRole("dialog").waitFor();
};
const exportRunning = async (page: Page): Promise<void> => {
  await exportOpen(page);
  await page.keyboard.press("Enter");
  await page.locator("dialog progress").waitFor();
};
const deleting = async (page: Page): Promise<void> => {
  await julietOpen(page);
  await page.getByRole("button", { name: /^(Delete conversation|Supprimer la discussion)/ }).click();
  await dialogOpen(page);
};
const deleted = async (page: Page): Promise<void> => {
  await deleting(page);
  await page.locator("dialog .button.danger").click();
  await page.locator("dialog [role=status]").waitFor();
};
const policyOpen = async (page: Page): Promise<void> => {
  await page.keyboard.press("Control+,");
  await page
    .getByRole("navigation")
    .getByRole("button", { name: /^(Policy|Stratégie)$/ })
    .click();
  await page.locator(".policy-entry").first().waitFor();
  for (const summary of (await page.locator(".policy-entry summary").all()).slice(0, 5)) await summary.click();
};
const dialogOpen = (page: Page): Promise<void> => page.getByRole("dialog").waitFor();

const searching =
  (text: string) =>
  async (page: Page): Promise<void> => {
    await page.keyboard.press("Control+Shift+F");
    await page.keyboard.type(text);
    await page.clock.runFor(500);
    await page.waitForTimeout(200);
  };

/** Goes down to the n-th hit, so that what was said around it unfolds. */
const unfolding =
  (text: string, downs: number) =>
  async (page: Page): Promise<void> => {
    await searching(text)(page);
    await page
      .locator(".hit")
      .nth(downs - 1)
      .waitFor();
    for (let n = 0; n < downs; n++) await page.keyboard.press("ArrowDown");
    await page.clock.runFor(500);
    await page.locator(".around-hit").waitFor();
  };

const romeoOpen = async (page: Page): Promise<void> => {
  await page.getByRole("treeitem", { name: /^Romeo/ }).click();
  await page.getByRole("article").last().waitFor();
};
const editing = async (page: Page): Promise<void> => {
  await romeoOpen(page);
  await page.getByRole("textbox", { name: /Romeo/ }).press("ArrowUp");
  await page.locator(".composer-editing").waitFor();
};
const messageMenu = async (page: Page): Promise<void> => {
  await romeoOpen(page);
  await page.getByRole("log").focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menu").waitFor();
};

const looks: readonly Look[] = [
  { name: "export", scenario: "company", act: exportOpen },
  { name: "export-fr-dark", scenario: "company", locale: "fr-FR", dark: true, act: exportOpen },
  { name: "export-running", scenario: "company", act: exportRunning },
  { name: "light", scenario: "company", act: julietOpen },
  { name: "dark", scenario: "company", dark: true, act: julietOpen },
  { name: "french", scenario: "company", locale: "fr-FR", act: julietOpen },
  { name: "forced-colours", scenario: "managed", forced: true, act: julietOpen },
  { name: "zoom-200", scenario: "company", width: 640, height: 380, act: julietOpen },
  { name: "narrow", scenario: "company", locale: "fr-FR", width: 420 },
  { name: "narrow-chat", scenario: "company", width: 420, act: julietOpen },
  { name: "managed", scenario: "managed", act: julietOpen },
  { name: "managed-settings", scenario: "managed", act: settingsOpen },
  { name: "policy", scenario: "governed", height: 1400, act: policyOpen },
  { name: "policy-dark-french-narrow", scenario: "governed", locale: "fr-FR", dark: true, width: 420, act: policyOpen },
  { name: "policy-forced-colours", scenario: "governed", forced: true, act: policyOpen },
  { name: "policy-none", scenario: "company", act: policyOpen },
  { name: "recorded", scenario: "recorded", height: 1100, act: julietOpen },
  { name: "recorded-dark", scenario: "recorded", height: 1100, dark: true, act: julietOpen },
  { name: "recorded-french", scenario: "recorded", height: 1100, locale: "fr-FR", act: julietOpen },
  { name: "recorded-200", scenario: "recorded", width: 640, height: 420, act: julietOpen },
  { name: "recorded-policy", scenario: "recorded", height: 2600, act: policyOpen },
  { name: "unkept", scenario: "unkept", act: romeoOpen },
  { name: "unkept-french-dark-narrow", scenario: "unkept", locale: "fr-FR", dark: true, width: 420, act: romeoOpen },
  { name: "unkept-200-forced-colours", scenario: "unkept", forced: true, width: 640, height: 380, act: romeoOpen },
  { name: "deletion-off-french-dark", scenario: "deletionOff", locale: "fr-FR", dark: true, act: deleting },
  { name: "deletion-asked", scenario: "recorded", act: deleting },
  { name: "deletion-kept", scenario: "recorded", act: deleted },
  { name: "deletion-kept-french", scenario: "recorded", locale: "fr-FR", act: deleted },
  { name: "settings-dark-french", scenario: "company", locale: "fr-FR", dark: true, act: settingsOpen },
  { name: "offline", scenario: "offline", act: julietOpen },
  { name: "empty", scenario: "empty" },
  { name: "large", scenario: "large" },
  { name: "start", scenario: "start", act: (page) => page.getByText("Advanced", { exact: true }).click() },
  { name: "start-dark", scenario: "start", dark: true },
  { name: "vault-new", scenario: "vaultNew" },
  { name: "vault-locked", scenario: "vaultLocked", locale: "fr-FR" },
  { name: "vault-failed", scenario: "vaultFailed" },
  { name: "key-changing-dark", scenario: "keyChanging", dark: true },
  {
    name: "security-french",
    scenario: "passphrase",
    locale: "fr-FR",
    act: async (page) => {
      await settingsOpen(page);
      await page.getByRole("navigation").getByRole("button", { name: "Sécurité" }).click();
    },
  },
  {
    name: "key-dialog",
    scenario: "passphrase",
    act: async (page) => {
      await settingsOpen(page);
      await page.getByRole("button", { name: "Change passphrase…" }).click();
      await dialogOpen(page);
    },
  },
  {
    name: "covered",
    scenario: "confined",
    act: async (page) => {
      await julietOpen(page);
      await page.evaluate(() => {
        document.hasFocus = () => false;
        window.dispatchEvent(new Event("blur"));
      });
      await page.getByText("Hallway is hidden while you use another program.").waitFor();
      await expect(page.getByRole("article")).toHaveCount(0);
    },
  },
  { name: "policy-captures", scenario: "confined", act: policyOpen },
  { name: "locked", scenario: "locked" },
  { name: "locked-dark-french", scenario: "locked", dark: true, locale: "fr-FR" },
  { name: "locked-sign-in-forced-colours", scenario: "lockedSignIn", forced: true },
  {
    name: "palette",
    scenario: "company",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("e");
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "presence",
    scenario: "offline",
    dark: true,
    act: async (page) => {
      await page.locator(".me").click();
      await dialogOpen(page);
    },
  },
  {
    name: "menu",
    scenario: "company",
    act: async (page) => {
      await page.getByRole("treeitem", { name: /^Bob/ }).click({ button: "right" });
      await page.getByRole("menu").waitFor();
    },
  },
  { name: "requests", scenario: "company", act: (page) => page.getByRole("button", { name: /^Requests/ }).click() },
  {
    name: "requests-dark-french",
    scenario: "company",
    dark: true,
    locale: "fr-FR",
    height: 1100,
    act: async (page) => {
      await page.getByRole("button", { name: /^Demandes/ }).click();
      await page.locator(".look-alike").waitFor();
    },
  },
  {
    name: "new-chat-look-alike",
    scenario: "company",
    act: async (page) => {
      await page.keyboard.press("Control+n");
      await dialogOpen(page);
      await page.getByRole("dialog").getByRole("textbox").fill("ju1iet@bank.example");
      await page.locator(".look-alike").waitFor();
    },
  },
  { name: "chats", scenario: "company", locale: "fr-FR", act: (page) => page.getByRole("button", { name: /^Discussions/ }).click() },
  {
    name: "history",
    scenario: "company",
    act: async (page) => {
      await page.keyboard.press("Control+Shift+F");
      await page.keyboard.type("settlem");
      await page.locator(".hit").nth(20).click();
      await page.locator(".marked").waitFor();
    },
  },
  { name: "changed-messages", scenario: "company", act: romeoOpen },
  { name: "changed-messages-french-dark", scenario: "company", locale: "fr-FR", dark: true, act: editing },
  { name: "changed-messages-200", scenario: "company", width: 640, height: 420, act: editing },
  { name: "changed-messages-forced-colours", scenario: "company", forced: true, act: messageMenu },
  { name: "message-menu", scenario: "company", act: messageMenu },
  {
    name: "delete-message-french",
    scenario: "company",
    locale: "fr-FR",
    act: async (page) => {
      await messageMenu(page);
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
      await dialogOpen(page);
    },
  },
  { name: "history-filters", scenario: "company", act: searching("") },
  { name: "history-filters-french-dark-narrow", scenario: "company", locale: "fr-FR", dark: true, width: 420, act: searching("") },
  { name: "history-suggestions", scenario: "company", act: searching("settlement from:j") },
  { name: "history-suggestions-forced-colours", scenario: "company", forced: true, act: searching("from:") },
  { name: "history-filtered-french-dark", scenario: "company", locale: "fr-FR", dark: true, act: searching("settlement de:juliet avant:hier ") },
  { name: "history-filtered-200", scenario: "company", width: 640, height: 380, act: searching("window from:juliet after:2026-11-01 ") },
  { name: "history-around", scenario: "company", act: unfolding("settlem", 3) },
  { name: "history-around-dark", scenario: "company", dark: true, act: unfolding("voice", 1) },
  { name: "history-around-french-narrow", scenario: "company", locale: "fr-FR", width: 420, act: unfolding("draft", 1) },
  { name: "history-around-200", scenario: "company", width: 640, height: 380, act: unfolding("settlem", 2) },
  { name: "history-around-forced-colours", scenario: "company", forced: true, act: unfolding("settlem", 2) },
  { name: "history-bad-date", scenario: "company", act: searching("settlement on:sometime ") },
  {
    name: "add-contact",
    scenario: "company",
    dark: true,
    act: async (page) => {
      await page.getByRole("button", { name: "Add a contact" }).click();
      await dialogOpen(page);
    },
  },
  {
    name: "new-chat",
    scenario: "company",
    dark: true,
    locale: "fr-FR",
    act: async (page) => {
      await page.keyboard.press("Control+n");
      await dialogOpen(page);
    },
  },
  {
    name: "palette-address",
    scenario: "company",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("somebody@elsewhere.example");
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "start-simple",
    scenario: "start",
    act: async (page) => {
      await page.getByText("Advanced", { exact: true }).click();
      await page.getByLabel("Network").selectOption("simple");
      await page.getByLabel("Contact list server (XCAP)").fill("http://in.the.clear.example");
      await page.getByText("Enter an address that begins with https://.").waitFor();
    },
  },
  {
    name: "mirrored",
    scenario: "company",
    act: async (page) => {
      await julietOpen(page);
      await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    },
  },
];

let browser: Browser;
let files: ReadonlyMap<string, Buffer>;

test.beforeAll(async () => {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error("No Chromium, Chrome or Edge was found");
  browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  files = await bundleWindow();
});
test.afterAll(() => browser?.close());

/** The window as it ships, with the stand-in loaded before it. */
async function bundleWindow(): Promise<ReadonlyMap<string, Buffer>> {
  const bundled = await build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: "iife",
    target: "chrome120",
    jsx: "automatic",
    jsxImportSource: "preact",
    entryPoints: { main: "renderer/main.tsx", fake: "renderer/dev/page.ts" },
    outdir: "/",
  });
  const html = await readFile(join(root, "renderer/index.html"), "utf8");
  return new Map([
    ["index.html", Buffer.from(html.replace('<script src="main.js">', '<script src="fake.js"></script><script src="main.js">'))],
    ["icon.svg", await readFile(join(root, "build/icons/hallway.svg"))],
    ...bundled.outputFiles.map((file): [string, Buffer] => [file.path.slice(1), Buffer.from(file.contents)]),
  ]);
}

async function open({
  scenario,
  locale = "en-GB",
  width = 1280,
  height = 760,
  dark = false,
  forced = false,
}: Look): Promise<{ readonly page: Page; readonly errors: string[] }> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    forcedColors: forced ? "active" : "none",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
  });
  await page.route("**/*", (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || "index.html";
    const body = files.get(name);
    return body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ body, headers: pageHeaders(name) });
  });
  await page.clock.setFixedTime(new Date(2026, 10, 20, 9, 42));
  await page.goto(`https://hallway.invalid/#${scenario}:${locale}`);
  await page.locator("main").waitFor();
  return { page, errors };
}

for (const look of looks) {
  test(`axe finds nothing: ${look.name}`, async () => {
    const { page, errors } = await open(look);
    await look.act?.(page);
    const folder = process.env["LOOK_SHOTS"];
    if (folder !== undefined) {
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${look.name}.png`) });
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });
}

test("a burst of 10,000 presence changes arrives, and moves nobody", async () => {
  const { page } = await open({ name: "burst", scenario: "large" });
  await page.getByRole("treeitem").first().waitFor();
  const order = (): Promise<string[]> => page.getByRole("treeitem").locator(".name").allInnerTexts();
  const before = await order();
  const longest = await page.evaluate(async () => {
    const fake = (globalThis as unknown as { readonly fake: { publish(ops: readonly object[]): void } }).fake;
    let last = performance.now();
    let worst = 0;
    let running = true;
    const watch = (): void => {
      const now = performance.now();
      worst = Math.max(worst, now - last);
      last = now;
      if (running) requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
    const ops = Array.from({ length: 10_000 }, (_, n) => ({
      op: "patch",
      table: "contacts",
      id: `account-xmpp|p${n}@corp.example`,
      fields: { presence: { availability: "in-meeting" } },
    }));
    // As main does: a few hundred in each update.
    for (let n = 0; n < ops.length; n += 250) fake.publish(ops.slice(n, n + 250));
    await new Promise((resolve) => {
      const settled = (): void => {
        const rows = [...document.querySelectorAll(".contact-row .sub")];
        if (rows.length > 0 && rows.every((row) => row.textContent === "In a meeting")) resolve(undefined);
        else requestAnimationFrame(settled);
      };
      settled();
    });
    running = false;
    return worst;
  });
  console.log(`longest frame: ${Math.round(longest)} ms`);
  expect(await order()).toEqual(before);
  await page.context().close();
});

test("everything is reached by keyboard: find, read, write, and back", async () => {
  const { page, errors } = await open({ name: "keys", scenario: "company" });
  await page.getByRole("searchbox", { name: "Find people" }).focus();
  await page.keyboard.type("emil lef");
  await expect(page.getByRole("treeitem", { name: /^Émilie/ })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("treeitem", { name: /^Émilie/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Message to Émilie Lefèvre" })).toBeFocused();
  await page.keyboard.type("Bonjour");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("log").getByRole("article")).toContainText("Bonjour");
  await expect(page.getByRole("textbox", { name: /^Message to/ })).toHaveValue("");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("bob");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Message to Bob Tanaka" })).toBeFocused();
  await expect(page.getByText("New", { exact: true })).toBeVisible();
  await page.keyboard.press("Control+w");
  await expect(page.getByText("No chat is open")).toBeVisible();
  expect(errors).toEqual([]);
  await page.context().close();
});

test("the tree is walked with arrows, folded, and has a menu, all by keyboard", async () => {
  const { page } = await open({ name: "tree", scenario: "company" });
  const item = (name: string) => page.getByRole("treeitem", { name: new RegExp(`^${name}`) }).first();
  await item("Pinned").focus();
  await page.keyboard.press("ArrowDown");
  await expect(item("Juliet")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowLeft");
  await expect(item("Operations")).toHaveAttribute("aria-expanded", "false");
  await expect(item("Nadia")).toHaveCount(0);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("n");
  await expect(item("Nadia")).toBeFocused();
  await page.keyboard.press("Shift+F10");
  await expect(page.getByRole("menuitem", { name: "Chat" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(item("Nadia")).toBeFocused();
  await page.keyboard.press("F2");
  await expect(page.getByRole("dialog").getByRole("textbox")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(item("Nadia")).toBeFocused();
  await page.context().close();
});

test("the policy page is reached from what is managed, searched and unfolded, all by keyboard", async () => {
  const { page } = await open({ name: "policy-keys", scenario: "governed" });
  await page.keyboard.press("Control+,");
  await page.getByRole("button", { name: "See every rule" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Policy", exact: true })).toBeFocused();
  await expect(page.getByText("all accounts stay off line")).toBeVisible();
  await page.getByRole("searchbox", { name: "Find a setting" }).focus();
  await page.keyboard.type("historymode");
  await expect(page.locator(".policy-entry")).toHaveCount(1);
  // Past the button that clears the box, to the first setting's details.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Not at all (Mandatory policy)")).toBeVisible();
  await page.context().close();
});

test("older messages come when scrolled to, back to the start", async () => {
  const { page } = await open({ name: "scroll", scenario: "company" });
  await julietOpen(page);
  const start = page.getByText(/This is the start of your chat/);
  await page.mouse.move(680, 300);
  for (let n = 0; n < 80 && !(await start.isVisible()); n++) {
    const top = await page.getByRole("log").evaluate((element) => element.scrollTop);
    await page.mouse.wheel(0, -2_000);
    await page.waitForFunction((was) => document.querySelector(".log")?.scrollTop !== was || document.querySelector(".log-start") !== null, top);
  }
  await expect(start).toBeVisible();
  await expect(page.getByRole("article").filter({ hasText: "Line 0:" })).toBeVisible();
  await page.getByRole("button", { name: "Go to the newest message" }).click();
  await expect(page.getByRole("article").filter({ hasText: "CPIM" })).toBeVisible();
  await page.context().close();
});

test("the end is kept when the window shrinks and the box grows; what is sent from further up leads there", async () => {
  const { page } = await open({ name: "end", scenario: "company" });
  await julietOpen(page);
  const log = page.locator(".log");
  const fromEnd = (): Promise<number> => log.evaluate((element) => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight));
  await expect.poll(fromEnd).toBeLessThan(3);
  await page.setViewportSize({ width: 900, height: 500 });
  await expect.poll(fromEnd).toBeLessThan(3);
  await page.setViewportSize({ width: 1280, height: 760 });
  await expect.poll(fromEnd).toBeLessThan(3);
  const box = page.getByRole("textbox", { name: /^Message to Juliet/ });
  await box.fill("one\ntwo\nthree\nfour");
  await expect.poll(fromEnd).toBeLessThan(3);
  await log.hover();
  await page.mouse.wheel(0, -1_200);
  await expect.poll(fromEnd).toBeGreaterThan(600);
  await page.setViewportSize({ width: 1280, height: 700 });
  await expect.poll(fromEnd).toBeGreaterThan(600);
  await box.press("Enter");
  await expect(page.getByRole("article").filter({ hasText: "four" })).toBeInViewport();
  await expect.poll(fromEnd).toBeLessThan(3);
  await page.context().close();
});

test("what is being read stays where it is when older messages come before it", async () => {
  const { page } = await open({ name: "anchor", scenario: "company" });
  await julietOpen(page);
  // It has come to rest when it has been read.
  await page.waitForFunction(() =>
    (globalThis as unknown as { readonly fake: { readonly calls: readonly { readonly method: string }[] } }).fake.calls.some(
      ({ method }) => method === "conversations.markRead",
    ),
  );
  const moved = await page.evaluate(async () => {
    const { fake } = globalThis as unknown as { readonly fake: { hold(method: string): () => void } };
    const release = fake.hold("conversations.page");
    const log = document.querySelector<HTMLElement>(".log");
    if (log === null) return Number.NaN;
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    const until = async (done: () => boolean): Promise<void> => {
      while (!done()) await frame();
    };
    log.scrollTop = 200;
    await frame();
    await frame();
    await frame();
    const read = [...log.querySelectorAll<HTMLElement>("article")].find((article) => article.getBoundingClientRect().top > log.getBoundingClientRect().top);
    if (read === undefined) return Number.NaN;
    const text = read.textContent;
    const before = read.getBoundingClientRect().top;
    const height = log.scrollHeight;
    release();
    await until(() => log.scrollHeight > height + 500);
    for (let n = 0; n < 10; n++) await frame();
    const after = [...log.querySelectorAll<HTMLElement>("article")].find((article) => article.textContent === text)?.getBoundingClientRect().top;
    return (after ?? Number.NaN) - before;
  });
  expect(Math.abs(moved)).toBeLessThan(3);
  await page.context().close();
});

test("an input method composes without sending, and a refused message goes back to the box", async () => {
  const { page } = await open({ name: "ime", scenario: "company" });
  await page.getByRole("treeitem", { name: /^Carol/ }).click();
  const box = page.getByRole("textbox", { name: /^Message to Carol/ });
  const session = await page.context().newCDPSession(page);
  await session.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
  await box.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true });
  await expect(page.getByRole("article")).toHaveCount(0);
  await session.send("Input.insertText", { text: "日本" });
  await expect(box).toHaveValue("日本");
  await page.evaluate(() =>
    (globalThis as unknown as { readonly fake: { failNext(method: string, error: object): void } }).fake.failNext("messages.send", {
      code: "blocked-by-policy",
    }),
  );
  await box.press("Enter");
  await expect(page.getByRole("alert")).toContainText("Your organization does not allow this.");
  await expect(box).toHaveValue("日本");
  await box.press("Enter");
  await expect(page.getByRole("article")).toContainText("日本");
  await page.context().close();
});
