import type { Page } from "@playwright/test";
import { acquaint } from "./acquaint.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

interface Shown {
  readonly title: string;
  readonly body: string;
}

/** Puts a recorder where the desktop's notifications are; a headless window has none of its own. */
async function record(page: Page): Promise<{
  shown(): Promise<readonly Shown[]>;
  click(): Promise<void>;
  lastIsClosed(): Promise<boolean | undefined>;
}> {
  await page.evaluate(() => {
    const world = globalThis as unknown as {
      shown: { title: string; body: string; onclick: (() => void) | null }[];
      Notification: unknown;
    };
    world.shown = [];
    world.Notification = class {
      onclick: (() => void) | null = null;
      closed = false;
      title: string;
      body: string;
      constructor(title: string, options: { body: string }) {
        this.title = title;
        this.body = options.body;
        world.shown.push(this);
      }
      close(): void {
        this.closed = true;
      }
    };
  });
  return {
    shown: () =>
      page.evaluate(() =>
        (globalThis as unknown as { shown: Shown[] }).shown.map(({ title, body }) => ({ title, body })),
      ),
    click: () =>
      page.evaluate(() =>
        (globalThis as unknown as { shown: { onclick: (() => void) | null }[] }).shown.at(-1)?.onclick?.(),
      ),
    lastIsClosed: () =>
      page.evaluate(() => (globalThis as unknown as { shown: { closed: boolean }[] }).shown.at(-1)?.closed),
  };
}

for (const protocol of ["xmpp", "simple"] as const) {
  test(`a message over ${protocol} notifies when nobody looks at its chat; a click opens it; busy silences`, async ({
    launch,
    world,
    peers,
    words,
  }) => {
    const { account, name, peer } = await acquaint(world, peers, protocol);
    const { page } = await launch({ accounts: [account] });
    const screen = screenOf(page, words);
    await expect(screen.person(name)).toContainText(words.t("presence.available"));
    const notifications = await record(page);
    await peer.say(account.address, "Are you there?");
    await expect.poll(() => notifications.shown()).toEqual([{ title: name, body: "Are you there?" }]);
    await expect(page).toHaveTitle("(1) Hallway");
    expect(await notifications.lastIsClosed()).toBe(false);
    await notifications.click();
    expect(await notifications.lastIsClosed()).toBe(true);
    await expect(screen.composer(name)).toBeFocused();
    await expect(screen.message("Are you there?")).toBeVisible();
    await expect(page).toHaveTitle("Hallway");
    const seen = await peer.say(account.address, "You see this");
    await expect(screen.message("You see this")).toBeVisible();
    // Only what has been in sight for a moment counts as read.
    await peer.event(
      (event) =>
        (event.type === "read-up-to" || (event.type === "delivery" && event.state === "read")) && event.id === seen,
    );
    await page.keyboard.press("Control+W");
    await page.keyboard.press("Control+K");
    await page.keyboard.type(words.t("presence.busy"));
    await page.keyboard.press("Enter");
    await peer.event((event) => event.type === "presence" && event.presence.availability === "busy");
    await peer.say(account.address, "Not now");
    await expect(screen.person(name)).toContainText("1");
    expect(await notifications.shown()).toHaveLength(1);
  });
}
