import { ask } from "./ask.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

test("locked, the window holds no name and no message, a new start stays locked, and unlocked everything is there again", async ({
  openChat,
  launch,
  words,
}) => {
  const { account, name, peer, hallway: first, screen } = await openChat();
  await screen.say(name, "before the lock");
  await peer.message("before the lock");
  await screen.composer(name).pressSequentially("half a thought");
  await first.page.keyboard.press("Control+l");
  const secret = first.page.getByLabel(words.t("account.password"), { exact: true });
  await expect(secret).toBeFocused();
  await peer.say(account.address, "while it is locked");
  const held = await first.page.evaluate(() => document.documentElement.outerHTML);
  for (const word of [name, "before the lock", "while it is locked", "half a thought", account.address])
    expect(held).not.toContain(word);
  await expect.poll(() => first.page.title()).toContain("1");
  // The shortcuts of the open window are not there.
  await first.page.keyboard.press("Control+k");
  await expect(first.page.getByRole("dialog")).toHaveCount(0);
  await secret.fill("not it");
  await secret.press("Enter");
  await expect(first.page.getByRole("alert")).toContainText(words.t("error.unlock-refused"));
  await secret.fill(account.password);
  await secret.press("Enter");
  await expect(screen.message("while it is locked")).toBeVisible();
  await expect(screen.composer(name)).toHaveValue("half a thought");
  await expect(screen.person(name)).toBeVisible();
  await first.page.keyboard.press("Control+l");
  await expect(secret).toBeVisible();
  // Covered before it is kept; asked for once more, it is answered when it is kept.
  await ask(first.page, "lock.now", {});
  await first.kill();

  const second = await launch({ accounts: [] });
  const again = second.page.getByLabel(words.t("account.password"), { exact: true });
  await expect(again).toBeVisible();
  expect(await second.page.evaluate(() => document.documentElement.outerHTML)).not.toContain(name);
  await again.fill(account.password);
  await again.press("Enter");
  await expect(screenOf(second.page, words).person(name)).toBeVisible();
});
