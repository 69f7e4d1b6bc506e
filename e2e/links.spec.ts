import { join } from "node:path";
import { lockInstance } from "../main/instance/lock.ts";
import { acquaint, strangers } from "./acquaint.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

for (const protocol of ["xmpp", "simple"] as const) {
  test(`links of the desktop over ${protocol} fill in a chat, and nothing is sent before the person sends it`, async ({
    testHome,
    launch,
    world,
    peers,
    words,
  }) => {
    const { account, name } = await acquaint(world, peers, protocol);
    const [first, second] = await strangers(world, peers, protocol);
    const scheme = protocol === "xmpp" ? "xmpp" : "sip";
    const text = (body: string): string => (protocol === "xmpp" ? `?message;body=${body}` : `?body=${body}`);
    const { page } = await launch({ accounts: [account], link: `${scheme}:${first.address}${text("Hello%20there")}` });
    const screen = screenOf(page, words);
    const dialog = page.getByRole("dialog", { name: words.t("newChat.title") });
    const field = dialog.getByRole("combobox", { name: words.t("newChat.who") });

    // The start brings it; it stands once there is an account that can open it.
    await expect(screen.person(name)).toContainText(words.t("presence.available"));
    await expect(field).toHaveValue(`${scheme}:${first.address}`);
    await expect(dialog.getByText(words.t("newChat.fromLink"))).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(screen.composer(first.user)).toHaveValue("Hello there");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("I say this myself");
    await page.keyboard.press("Enter");
    await first.peer.message("I say this myself");

    const again = (link: string) => lockInstance(join(testHome.folder, "profile"), () => undefined, link);
    expect(await again(`im:${second.address}`)).toBeUndefined();
    await expect(field).toHaveValue(second.address);
    // Keys that followed the last ones at once would still be held: they were not meant for this dialog.
    await dialog.getByRole("button", { name: words.t("newChat.submit") }).click();
    await expect(screen.composer(second.user)).toHaveValue("");
    await screen.say(second.user, "The first word");
    await second.peer.message("The first word");

    await again("xmpp:room@conference.example?join");
    await expect(dialog.getByRole("alert")).toContainText(words.t("error.link-refused"));
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    // Of what the links asked for, nothing has reached anybody by itself.
    expect(first.peer.received(account.address)).toEqual(["I say this myself"]);
    expect(second.peer.received(account.address)).toEqual(["The first word"]);
  });
}
