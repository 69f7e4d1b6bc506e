import { acquaint, strangers } from "./acquaint.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

for (const protocol of ["xmpp", "simple"] as const) {
  test(`a chat with somebody who is not on the list over ${protocol}, by Ctrl+N and by the palette`, async ({
    launch,
    world,
    peers,
    words,
  }) => {
    const { account, name } = await acquaint(world, peers, protocol);
    const [first, second] = await strangers(world, peers, protocol);
    const { page } = await launch({ accounts: [account] });
    const screen = screenOf(page, words);
    await expect(screen.person(name)).toContainText(words.t("presence.available"));

    await page.keyboard.press("Control+N");
    const dialog = page.getByRole("dialog", { name: words.t("newChat.title") });
    await expect(dialog.getByRole("combobox", { name: words.t("newChat.who") })).toBeFocused();
    await page.keyboard.type("no address");
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("alert")).toContainText(words.t("error.invalid-address", { address: "no address" }));
    await page.keyboard.press("Control+A");
    await page.keyboard.type(first.address);
    await page.keyboard.press("Enter");
    await expect(screen.composer(first.user)).toBeFocused();
    await screen.say(first.user, "You do not know me");
    await first.peer.message("You do not know me");
    await first.peer.say(account.address, "Now I do");
    await expect(screen.message("Now I do")).toBeVisible();

    await page.keyboard.press("Control+K");
    await page.keyboard.type(second.address);
    await expect(
      page.getByRole("option", { name: words.t("palette.chat", { address: second.address }) }),
    ).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("Enter");
    await expect(screen.composer(second.user)).toBeFocused();
    await screen.say(second.user, "And you");
    await second.peer.message("And you");
  });
}
