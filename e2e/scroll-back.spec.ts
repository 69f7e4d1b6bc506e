import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

const count = 420;
const friend = "friend@example.test";
const minute = 60_000;

/** The message that stands at the top of what is in view, and how far below the edge, in CSS pixels. */
function topMessage(page: Page): Promise<{ readonly text: string; readonly offset: number }> {
  return page.evaluate(() => {
    const log = document.querySelector(".log");
    const edge = log?.getBoundingClientRect().top ?? 0;
    const rows = [...document.querySelectorAll("[data-message]")].map((row) => ({
      row,
      offset: row.getBoundingClientRect().top - edge,
    }));
    const [first] = rows.filter(({ offset }) => offset >= 0).sort((a, b) => a.offset - b.offset);
    return { text: /Line \d+\./.exec(first?.row.textContent ?? "")?.[0] ?? "", offset: Math.round(first?.offset ?? 0) };
  });
}

const loaded = (page: Page): Promise<number> => page.evaluate(() => document.querySelector(".log")?.scrollHeight ?? 0);

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
  await page.setViewportSize({ width: 1200, height: 3200 });
  await screen.person("Friend").click();
  await expect(page.getByText(`Line ${count - 1}.`, { exact: true })).toBeVisible();
  // Nobody has scrolled, and more than is in view is loaded.
  await expect.poll(() => loaded(page)).toBeGreaterThan(2 * 3200);

  await page.setViewportSize({ width: 1200, height: 700 });
  const log = page.getByRole("log");
  await log.hover();
  // A page that comes does not move what is read.
  await page.mouse.wheel(0, -1_000);
  await expect.poll(async () => (await topMessage(page)).text).not.toBe("");
  await log.evaluate((element) => void element.scrollTo({ top: 3_000 }));
  // What is in view there is drawn a frame later.
  await expect.poll(async () => (await topMessage(page)).offset).toBeLessThan(100);
  const before = await topMessage(page);
  const height = await loaded(page);
  await expect.poll(() => loaded(page)).toBeGreaterThanOrEqual(height);
  const after = await topMessage(page);
  expect(after.text).toBe(before.text);
  expect(Math.abs(after.offset - before.offset)).toBeLessThan(4);

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
