import type { Page } from "@playwright/test";
import { deleted, julietOpen } from "./screenshots/acts.ts";
import { expect, test } from "./screenshots/fixtures.ts";

/** Walks through the window over a stand-in for main: by keyboard alone, by wheel, with an input method. */

test("a burst of 10,000 presence changes arrives, and moves nobody", async ({ open }) => {
  const { page } = await open({ scenario: "large" });
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
});

test("everything is reached by keyboard: find, read, write, and back", async ({ open }) => {
  const { page, errors } = await open({ scenario: "company" });
  await page.getByRole("searchbox", { name: "Find people" }).focus();
  await page.keyboard.type("emil lef");
  await expect(page.getByRole("treeitem", { name: /^Émilie/ })).toBeVisible();
  await expect(page.getByRole("treeitem", { level: 2 })).toHaveCount(1);
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
});

test("the tree is walked with arrows, folded, and has a menu, all by keyboard", async ({ open }) => {
  const { page } = await open({ scenario: "company" });
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
  await expect(page.getByRole("menuitem", { name: "Chat", exact: true })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(item("Nadia")).toBeFocused();
  await page.keyboard.press("F2");
  await expect(page.getByRole("dialog").getByRole("textbox")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(item("Nadia")).toBeFocused();
});

test("the policy page is reached from what is managed, searched and unfolded, all by keyboard", async ({ open }) => {
  const { page } = await open({ scenario: "governed" });
  await page.keyboard.press("Control+,");
  await page.getByRole("button", { name: "See every rule" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Policy", exact: true })).toBeFocused();
  await expect(page.getByText("all accounts stay offline")).toBeVisible();
  await page.getByRole("searchbox", { name: "Find a setting" }).focus();
  await page.keyboard.type("historymode");
  await expect(page.locator(".policy-entry")).toHaveCount(1);
  // Past the button that clears the box, to the first setting's details.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Not at all (Mandatory policy)")).toBeVisible();
});

test("older messages come when scrolled to, back to the start", async ({ open }) => {
  const { page } = await open({ scenario: "company" });
  await julietOpen(page);
  const start = page.getByText(/This is the start of your chat/);
  await page.mouse.move(680, 300);
  for (let n = 0; n < 80 && !(await start.isVisible()); n++) {
    const top = await page.getByRole("log").evaluate((element) => element.scrollTop);
    await page.mouse.wheel(0, -2_000);
    await page.waitForFunction(
      (was) => document.querySelector(".log")?.scrollTop !== was || document.querySelector(".log-start") !== null,
      top,
    );
  }
  await expect(start).toBeVisible();
  await expect(page.getByRole("article").filter({ hasText: "Line 0:" })).toBeVisible();
  await page.getByRole("button", { name: "Go to the newest message" }).click();
  await expect(page.getByRole("article").filter({ hasText: "CPIM" })).toBeVisible();
});

test("the end is kept when the window shrinks and the box grows; what is sent from further up leads there", async ({
  open,
}) => {
  const { page } = await open({ scenario: "company" });
  await julietOpen(page);
  const log = page.locator(".log");
  const fromEnd = (): Promise<number> =>
    log.evaluate((element) => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight));
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
});

for (const [place, top] of [
  ["further down", 200],
  ["at the very top", 0],
] as const)
  test(`what is being read stays where it is when older messages come before it: ${place}`, async ({ open }) => {
    const { page } = await open({ scenario: "company" });
    await julietOpen(page);
    // It has come to rest when it has been read.
    await page.waitForFunction(() =>
      (
        globalThis as unknown as { readonly fake: { readonly calls: readonly { readonly method: string }[] } }
      ).fake.calls.some(({ method }) => method === "conversations.markRead"),
    );
    const moved = await page.evaluate(async (offset) => {
      const { fake } = globalThis as unknown as { readonly fake: { hold(method: string): () => void } };
      const release = fake.hold("conversations.page");
      const log = document.querySelector<HTMLElement>(".log");
      if (log === null) return Number.NaN;
      const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
      const until = async (done: () => boolean): Promise<void> => {
        while (!done()) await frame();
      };
      log.scrollTop = offset;
      await frame();
      await frame();
      await frame();
      const read = [...log.querySelectorAll<HTMLElement>("article")].find(
        (article) => article.getBoundingClientRect().top > log.getBoundingClientRect().top,
      );
      if (read === undefined) return Number.NaN;
      const text = read.textContent;
      const before = read.getBoundingClientRect().top;
      const height = log.scrollHeight;
      release();
      await until(() => log.scrollHeight > height + 500);
      for (let n = 0; n < 10; n++) await frame();
      const after = [...log.querySelectorAll<HTMLElement>("article")]
        .find((article) => article.textContent === text)
        ?.getBoundingClientRect().top;
      return (after ?? Number.NaN) - before;
    }, top);
    expect(Math.abs(moved)).toBeLessThan(3);
  });

test("an input method composes without sending, and a refused message goes back to the box", async ({ open }) => {
  const { page } = await open({ scenario: "company" });
  await page.getByRole("treeitem", { name: /^Carol/ }).click();
  const box = page.getByRole("textbox", { name: /^Message to Carol/ });
  await expect(box).toBeFocused();
  const session = await page.context().newCDPSession(page);
  await session.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
  await box.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true });
  await expect(page.getByRole("article")).toHaveCount(0);
  await session.send("Input.insertText", { text: "日本" });
  await expect(box).toHaveValue("日本");
  await page.evaluate(() =>
    (globalThis as unknown as { readonly fake: { failNext(method: string, error: object): void } }).fake.failNext(
      "messages.send",
      {
        code: "blocked-by-policy",
      },
    ),
  );
  await box.press("Enter");
  await expect(page.getByRole("alert")).toContainText("Your organization does not allow this.");
  await expect(box).toHaveValue("日本");
  await box.press("Enter");
  await expect(page.getByRole("article")).toContainText("日本");
});

test("in a narrow window a password is asked for beside the list, too, and the chat that is being written keeps the focus", async ({
  open,
}) => {
  const { page, errors } = await open({ scenario: "wrongPassword", width: 400 });
  const password = page.getByLabel("Password for me@corp.example");
  await expect(page.getByRole("treeitem", { name: /^Juliet/ })).toBeVisible();
  await expect(password).toBeInViewport();
  // Nothing had the focus: the next key finds somebody, and no password is typed by chance.
  await expect(page.getByRole("searchbox", { name: "Find people" })).toBeFocused();
  await julietOpen(page);
  await expect(password).toBeInViewport();
  await expect(page.getByRole("textbox", { name: /^Message to Juliet/ })).toBeFocused();
  expect(errors).toEqual([]);
});

test("what was kept of a deleted chat has the focus on its way out, which leads back to where it was asked for", async ({
  open,
}) => {
  const { page } = await open({ scenario: "recorded" });
  await deleted(page);
  await expect(page.getByRole("dialog").getByRole("button", { name: "Close" }).last()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Delete chat/ })).toBeFocused();
});

test("the arrow down leads from the search box to whom its text finds, never into the list of before", async ({
  open,
}) => {
  const { page } = await open({ scenario: "company" });
  const people = page.getByRole("treeitem");
  await expect(people.filter({ hasText: "Romeo" })).toBeVisible();
  const release = await holdRoster(page);
  const box = page.getByRole("searchbox", { name: "Find people" });
  await box.fill("juliet");
  await box.press("ArrowDown");
  await expect(people.filter({ hasText: "Romeo" })).toBeVisible();
  await expect(box).toBeFocused();
  await release();
  await expect(people.first()).toBeFocused();
  await expect(people.filter({ hasText: "Romeo" })).toHaveCount(0);
  await page.keyboard.press("Escape");

  // However often it is pressed meanwhile.
  const twice = await holdRoster(page);
  await box.fill("bob");
  await box.press("ArrowDown");
  await box.press("ArrowDown");
  await expect(box).toBeFocused();
  await twice();
  await expect(people.nth(1)).toBeFocused();
  await page.keyboard.press("Escape");

  // Who types on has not left the box.
  const again = await holdRoster(page);
  await box.fill("romeo");
  await box.press("ArrowDown");
  await box.pressSequentially(" ");
  await again();
  await expect(people.filter({ hasText: "Romeo" })).toBeVisible();
  await expect(box).toBeFocused();
});

/** Holds what main answers of the contact list, until the function that it resolves with is called. */
async function holdRoster(page: Page): Promise<() => Promise<void>> {
  const release = await page.evaluateHandle(() => {
    const { fake } = globalThis as unknown as { readonly fake: { hold(method: string): () => void } };
    return fake.hold("roster.show");
  });
  return () => release.evaluate((letGo) => letGo());
}
