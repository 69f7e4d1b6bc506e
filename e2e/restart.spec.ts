import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { acquaint } from "./acquaint.ts";
import { ask } from "./ask.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

for (const protocol of ["xmpp", "simple"] as const) {
  test(`closed and opened again over ${protocol}: account, list, history and draft are there, with the server away`, async ({
    openChat,
    launch,
    words,
  }) => {
    const { account, name, peer, door, hallway: before, screen: first } = await openChat(protocol);
    await first.say(name, "Remember this");
    await peer.message("Remember this");
    await peer.say(account.address, "I will");
    await expect(first.message("I will")).toBeVisible();
    await first.composer(name).fill("a draft that is not fini");
    await first.view("chats");
    await before.page.keyboard.press("Control+W");
    await expect(before.page.getByText(words.t("chats.draft", { text: "a draft that is not fini" }))).toBeVisible();
    await before.stop();
    await door.refuse();
    const after = await launch({ accounts: [account] });
    const screen = screenOf(after.page, words);
    await expect(screen.person(name)).toBeVisible();
    await screen.open(name);
    await expect(screen.log.getByRole("article")).toContainText(["Remember this", "I will"]);
    await expect(screen.composer(name)).toHaveValue("a draft that is not fini");
    await expect(after.page.getByText(words.t("app.banner.waiting", { address: account.address }))).toBeVisible();
    await door.restore();
    await expect(screen.person(name)).toContainText("At my desk");
  });
}

test("folded groups and the place where a chat was read are as they were left", async ({
  launch,
  world,
  peers,
  words,
}) => {
  const { account, name, group, peer } = await acquaint(world, peers, "xmpp");
  const lines = Array.from({ length: 80 }, (_, n) => ({
    from: peer.address,
    to: account.address,
    body: `Line ${n}`,
    at: Date.now() - (100 - n) * 60_000,
    id: randomUUID(),
  }));
  await world.prosody.seedArchive(account.address.split("@")[0] ?? "", lines);
  const before = await launch({ accounts: [account] });
  const first = screenOf(before.page, words);
  await first.open(name);
  await expect(first.message("Line 79")).toBeInViewport();
  await first.log.hover();
  await before.page.mouse.wheel(0, -1_500);
  await expect(first.message("Line 79")).not.toBeInViewport();
  const lineOf = (text: string): number => Number(/Line (\d+)/.exec(text)?.[1] ?? -1);
  /** The number of the first line in view; the one above it may show a sliver. */
  const topmost = async (page: Page): Promise<number> =>
    lineOf(
      await page.getByRole("log").evaluate((log) => {
        const top = log.getBoundingClientRect().top;
        const first = [...log.querySelectorAll("article")].find(
          (article) => article.getBoundingClientRect().bottom > top,
        );
        return first?.querySelector(".message-body")?.textContent ?? "";
      }),
    );
  await first.group(group).click();
  await expect(first.person(name)).toBeHidden();
  // It is kept a little after the last change: the folded group, and the place that the log has come to rest at.
  let place = -1;
  await expect(async () => {
    place = await topmost(before.page);
    const { state } = await ask(before.page, "app.windowState", {});
    expect(state?.folded).toHaveLength(1);
    const kept = first.log.locator(`[data-message="${state?.places[0]?.messageId}"]`);
    expect(
      Math.abs(lineOf((await kept.locator(".message-body").textContent({ timeout: 1_000 })) ?? "") - place),
    ).toBeLessThanOrEqual(1);
  }).toPass();
  expect(place).toBeGreaterThan(0);
  await before.stop();

  const after = await launch({ accounts: [account] });
  const screen = screenOf(after.page, words);
  await expect(screen.group(group)).toHaveAttribute("aria-expanded", "false");
  await screen.group(group).click();
  await screen.open(name);
  await expect.poll(async () => Math.abs((await topmost(after.page)) - place)).toBeLessThanOrEqual(1);
  await expect(screen.message("Line 79")).not.toBeInViewport();
});

test("nothing readable is left on the disk", async ({ openChat, testHome }) => {
  const { account, name, peer, hallway, screen } = await openChat();
  await screen.say(name, "Unmistakable-plain-text");
  await peer.message("Unmistakable-plain-text");
  await hallway.stop();
  const { execFileSync } = await import("node:child_process");
  // the stand-in for the desktop's secret store is left out: it is what a real one keeps elsewhere
  const found = (text: string): string => {
    try {
      return execFileSync("grep", ["-rlaF", "--exclude=secrets.json", text, `${testHome.folder}/profile`], {
        encoding: "utf8",
      });
    } catch {
      return "";
    }
  };
  expect(found("Unmistakable-plain-text")).toBe("");
  expect(found(account.password)).toBe("");
  expect(found(name)).toBe("");
});
