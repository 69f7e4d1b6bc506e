import { acquaint } from "./acquaint.ts";
import { violationsOf } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing (${theme})`, async ({ launch, world, peers, words }) => {
    const { account, name, peer } = await acquaint(world, peers, "xmpp");
    const { page } = await launch({ accounts: [account] });
    await page.emulateMedia({ colorScheme: theme });
    const screen = screenOf(page, words);
    await expect(screen.person(name)).toContainText(words.t("presence.available"));
    expect(await violationsOf(page)).toEqual([]);
    await screen.open(name);
    await screen.say(name, "Hello https://example.test");
    await peer.message("Hello https://example.test");
    await peer.say(account.address, "Hello yourself");
    await expect(screen.message("Hello yourself")).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);
    for (const view of ["chats", "requests", "history", "settings"] as const) {
      await screen.view(view);
      expect(await violationsOf(page), view).toEqual([]);
    }
    await page.getByRole("button", { name: words.t("action.addAccount") }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await violationsOf(page), "dialog").toEqual([]);
  });

  test(`axe finds nothing on the first page (${theme})`, async ({ launch, words }) => {
    const { page } = await launch();
    await page.emulateMedia({ colorScheme: theme });
    const screen = screenOf(page, words);
    await screen.signIn.click();
    await expect(page.getByText(words.t("account.needAddress"))).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);
  });
}
