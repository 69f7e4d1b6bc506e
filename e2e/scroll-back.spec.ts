import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

const count = 420;
const friend = "friend@example.test";
const minute = 60_000;

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
