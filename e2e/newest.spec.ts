import type { Page } from "@playwright/test";
import { press } from "./focus.ts";
import { julietOpen } from "./screenshots/acts.ts";
import { expect, test } from "./screenshots/fixtures.ts";

/** The end of a chat: where it opens, and the messages that come while it is out of view. */

/** Juliet writes. `click`: the button that is pressed just before. */
const say = (page: Page, body: string, click?: string): Promise<void> =>
  page.evaluate(
    ([text, button]) => {
      if (button !== undefined) document.querySelector<HTMLElement>(button)?.click();
      (globalThis as unknown as { readonly fake: { receive(id: string, body: string): void } }).fake.receive(
        "account-xmpp|juliet@bank.example",
        text,
      );
    },
    [body, click] as const,
  );

for (const [name, scenario, width, height] of [
  ["1,280 px", "company", 1280, 760],
  ["200 %", "company", 640, 380],
  ["2,560 px", "company", 2560, 1300],
  ["banners above", "offline", 1280, 760],
] as const) {
  test(`a chat opens at its newest messages and stays there: ${name}`, async ({ open }) => {
    const { page } = await open({ scenario, width, height });
    await julietOpen(page);
    const newest = page.getByRole("article").filter({ hasText: /CPIM/ });
    await expect
      .poll(() => page.getByRole("log").evaluate((log) => log.scrollHeight - 2 * log.clientHeight))
      .toBeGreaterThanOrEqual(0);
    await expect(newest).toBeInViewport();
    await expect(page.locator(".to-end")).toHaveCount(0);
  });
}

test("messages that come while the end is out of view are counted, and stand under the divider", async ({ open }) => {
  const { page } = await open({ scenario: "company" });
  await julietOpen(page);
  await page.getByRole("log").focus();
  await press(page, "PageUp", "PageUp", "PageUp");
  await expect(page.locator(".to-end")).toBeVisible();
  await say(page, "first of two");
  await say(page, "second of two");
  const newest = page.getByRole("button", { name: /^2 new messages/ });
  await newest.focus();
  await press(page, "Enter");
  await expect(page.getByText("New", { exact: true })).toBeVisible();
  const [divider, first] = [
    await page.locator(".new-divider").boundingBox(),
    await page.getByText("first of two").boundingBox(),
  ];
  expect(divider?.y ?? 0).toBeLessThan(first?.y ?? 0);
  // What comes now is seen as it comes: the divider has done its work.
  await expect(page.getByRole("treeitem", { name: /^Juliet/ }).locator(".unread")).toHaveCount(0);
  await say(page, "seen at once");
  await expect(page.getByText("seen at once")).toBeVisible();
  await expect(page.locator(".new-divider")).toHaveCount(0);
});

test("a message that comes on the way to the end is in view and read", async ({ open }) => {
  const { page } = await open({ scenario: "company" });
  await julietOpen(page);
  await page.getByRole("log").focus();
  await press(page, "PageUp", "PageUp");
  await expect(page.locator(".to-end")).toBeVisible();
  await say(page, "on the way", ".to-end");
  await expect(page.getByText("on the way")).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole("treeitem", { name: /^Juliet/ }).locator(".unread")).toHaveCount(0);
  await expect(page.locator(".to-end")).toHaveCount(0);
  // Nor does an arrow that goes from message to message and scrolls nothing take anybody from the end.
  await page.getByRole("log").focus();
  await press(page, "ArrowUp");
  await expect(page.locator("[data-message]:focus")).toBeInViewport();
  await say(page, "more than a line, ".repeat(40));
  await expect(page.getByRole("log").getByText("more than a line, ")).toBeInViewport({ ratio: 1 });
  await expect(page.locator(".to-end")).toHaveCount(0);
});

test("Home leads to the very beginning, past a glide down that is still under way", async ({ open }) => {
  const { page } = await open({ scenario: "company" });
  await julietOpen(page);
  const log = page.getByRole("log");
  await log.focus();
  await press(page, "PageUp", "PageUp", "PageUp");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("Home");
  await expect.poll(() => log.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
  await expect(page.locator(".to-end")).toBeVisible();
});
