import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { organization, policy } from "./organization.ts";

/** The messages of the open chat. */
const lines = (page: Page) => page.getByRole("log").getByRole("article");

test("when a chat may not be kept any more its lines leave the open window at once, with the reason; when it may again they are back", async ({
  openChat,
  words,
  testHome,
}) => {
  const { account, name, peer, page, screen } = await openChat();
  await screen.say(name, "before the rule");
  await peer.message("before the rule");
  await peer.say(account.address, "answered before the rule");
  await expect(lines(page)).toHaveCount(2);
  // Hits of a search, and a chat that was open, follow as well.
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("combobox", { name: words.t("history.placeholder") }).fill("before the rule");
  await expect(page.locator(".hit")).toHaveCount(2);

  // They are of the same domain: only chats with people outside are kept.
  await policy(testHome, { HistoryScope: "external" });
  await expect(lines(page)).toHaveCount(0);
  await expect(page.locator(".hit")).toHaveCount(0);
  await expect(page.getByText(words.t("chat.startOutOfScope", { name }))).toBeVisible();
  await expect(page.getByText(words.t("chat.historyOff"), { exact: true }).first()).toBeVisible();
  await expect(
    page.getByRole("log").getByText(words.t("chat.managedBy", { organization: organization.OrganizationName })),
  ).toBeVisible();

  // The chat goes on, and what is said stays as long as it is open.
  await screen.say(name, "under the rule");
  await peer.message("under the rule");
  await peer.say(account.address, "answered under the rule");
  await expect(lines(page)).toHaveCount(2);
  // It is the person's to delete, though it is nowhere but on the screen.
  await screen.message("answered under the rule").click({ button: "right" });
  await page.getByRole("menuitem", { name: words.t("delete.message") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: words.t("delete.confirm"), exact: true }).click();
  // Nothing stays in the record, so there is nothing more to be told.
  await expect(dialog).toHaveCount(0);
  await expect(lines(page)).toHaveCount(1);
  await screen.view("people");
  await page.keyboard.press("Control+w");
  await screen.open(name);
  await expect(page.getByText(words.t("chat.startOutOfScope", { name }))).toBeVisible();
  await expect(lines(page)).toHaveCount(0);

  await policy(testHome, undefined);
  await expect(lines(page).filter({ hasText: "before the rule" })).toHaveCount(2);
  await expect(lines(page)).toHaveCount(2);
  await expect(page.getByText(words.t("chat.start", { name }))).toBeVisible();
});

test("the lines of an open chat follow HistoryMode", async ({ openChat, words, testHome }) => {
  const { name, peer, page, screen } = await openChat();
  await screen.say(name, "on the disk");
  await peer.message("on the disk");
  await policy(testHome, { HistoryMode: "memory" });
  await expect(lines(page)).toHaveCount(0);
  await expect(page.getByText(words.t("chat.startMemory", { name }))).toBeVisible();
  await screen.say(name, "in memory");
  await expect(screen.message("in memory")).toBeVisible();
  // What main takes only when nothing is kept any more stays on the screen: it was said under the new rule.
  await peer.message("in memory");
  await policy(testHome, { HistoryMode: "off" });
  await expect(page.getByText(words.t("chat.startOff", { name }))).toBeVisible();
  await expect(lines(page)).toHaveCount(0);
  await policy(testHome, undefined);
  await expect(lines(page)).toHaveCount(1);
  await expect(screen.message("on the disk")).toBeVisible();
});
