import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { ask } from "./ask.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

const count = 420;
const friend = "friend@example.test";
const minute = 60_000;

const loaded = (page: Page): Promise<number> => page.evaluate(() => document.querySelector(".log")?.scrollHeight ?? 0);

const top = (page: Page): Promise<number> => page.evaluate(() => document.querySelector(".log")?.scrollTop ?? 0);

/** More messages are asked for within 600 CSS pixels of the edge (renderer/conversation/log/use-log-scroll.ts). */
const [beforeEdge, step] = [720, 200];
/** A page of messages is taller than this, in CSS pixels; what the measuring of rows changes is less. */
const leastPage = 1_000;

/**
 * Scrolls to the edge of what is loaded and answers by how much the older page that comes moves what is read, in CSS
 * pixels. Undefined: none came after the step that was to bring it.
 */
const moveOfPage = (page: Page): Promise<number | undefined> =>
  page.evaluate(
    async ({ beforeEdge, step, leastPage }) => {
      const log = document.querySelector(".log");
      if (!log) throw new Error("no chat is open");
      const frames = async (count: number): Promise<void> => {
        for (let frame = 0; frame < count; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
      };
      const topOf = (row: Element): number => row.getBoundingClientRect().top - log.getBoundingClientRect().top;
      log.scrollTo({ top: beforeEdge });
      // What is in view there is drawn and measured in the next frames.
      await frames(10);
      const read = [...document.querySelectorAll("[data-message]")].find((row) => topOf(row) >= 0);
      const id = read?.getAttribute("data-message");
      if (!read || !id) return undefined;
      const height = log.scrollHeight;
      const expected = topOf(read) + step;
      log.scrollBy({ top: -step });
      for (let waited = 0; log.scrollHeight < height + leastPage; waited++) {
        if (waited === 200) return undefined;
        await frames(1);
      }
      await frames(10);
      const now = document.querySelector(`[data-message="${CSS.escape(id)}"]`);
      return now === null ? Number.MAX_SAFE_INTEGER : Math.abs(topOf(now) - expected);
    },
    { beforeEdge, step, leastPage },
  );

test("older messages are there before anybody comes to the edge, by wheel and in a window taller than a page of them", async ({
  launch,
  world,
  words,
}) => {
  const own = await world.newAccount("xmpp");
  const { account } = await world.behindDoor(own);
  const me = `${own.user}@example.test`;
  await world.prosody.seedRoster(own.user, [{ address: friend, name: "Friend", subscription: "none" }]);
  const begin = Date.now() - count * minute;
  const lines = Array.from({ length: count }, (_, n) => ({
    id: randomUUID(),
    from: friend,
    to: me,
    body: `Line ${n}.`,
    at: begin + n * minute,
  }));
  await world.prosody.seedArchive(own.user, lines);
  const { page } = await launch({ accounts: [account] });
  const screen = screenOf(page, words);
  // All is in the history before the chat is open: what comes later is shown as it comes, not loaded.
  await expect
    .poll(async () => {
      const { accounts, conversations } = (await ask(page, "app.snapshot", {})).tables;
      return accounts.every(({ syncing }) => syncing !== true) && conversations[0]?.last?.text;
    })
    .toBe(`Line ${count - 1}.`);
  await page.setViewportSize({ width: 1200, height: 3200 });
  await screen.person("Friend").click();
  await expect(page.getByText(`Line ${count - 1}.`, { exact: true })).toBeVisible();
  // Nobody has scrolled, and more than is in view is loaded.
  await expect.poll(() => loaded(page)).toBeGreaterThan(2 * 3200);

  await page.setViewportSize({ width: 1200, height: 700 });
  const log = page.getByRole("log");
  await log.hover();
  // A page that comes does not move what is read.
  const end = await top(page);
  await page.mouse.wheel(0, -1_000);
  await expect.poll(() => top(page)).toBeLessThan(end - 900);
  let moved: number | undefined;
  await expect
    .poll(async () => {
      moved = await moveOfPage(page);
      return moved;
    })
    .toBeDefined();
  expect(moved).toBeLessThan(4);

  // The wheel goes on to the very first message, with never a scroll event at the top to help it.
  await expect(async () => {
    await page.mouse.wheel(0, -20_000);
    await expect(page.getByText("Line 0.", { exact: true })).toBeInViewport({ timeout: 200 });
  }).toPass();
  // And back.
  await expect(async () => {
    await page.mouse.wheel(0, 20_000);
    await expect(page.getByText(`Line ${count - 1}.`, { exact: true })).toBeInViewport({ timeout: 200 });
  }).toPass();
});
