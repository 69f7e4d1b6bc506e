import { acquaint } from "./acquaint.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

test("a machine without a secret store: a passphrase is made, asked for, and opens everything again", async ({
  launch,
  world,
  peers,
  words,
}) => {
  const { account, name, peer } = await acquaint(world, peers, "xmpp");
  const before = await launch({ secrets: "none", accounts: [account] });
  const first = screenOf(before.page, words);
  await expect(before.page.getByText(words.t("vault.noStore"))).toBeVisible();
  await before.page.getByLabel(words.t("vault.passphrase"), { exact: true }).fill("short");
  await before.page.getByRole("button", { name: words.t("vault.create") }).click();
  await expect(before.page.getByText(words.t("vault.weak.short"))).toBeVisible();
  await expect(before.page.getByLabel(words.t("vault.passphrase"), { exact: true })).toBeFocused();
  await before.page.getByLabel(words.t("vault.passphrase"), { exact: true }).fill("battery horse staple");
  await before.page.getByLabel(words.t("vault.again"), { exact: true }).fill("battery horse staple");
  await before.page.getByRole("button", { name: words.t("vault.create") }).click();
  await first.open(name);
  await first.say(name, "behind a passphrase");
  await peer.message("behind a passphrase");
  await before.stop();
  const after = await launch({ secrets: "none" });
  const screen = screenOf(after.page, words);
  const passphrase = after.page.getByLabel(words.t("vault.passphrase"), { exact: true });
  await passphrase.fill("not the passphrase");
  await passphrase.press("Enter");
  await expect(after.page.getByRole("alert")).toContainText(words.t("error.vault-wrong-passphrase"));
  // The focus is where the correct one is typed, and the wrong one gives way to it.
  await expect(passphrase).toBeFocused();
  await after.page.keyboard.type("battery horse staple");
  await after.page.keyboard.press("Enter");
  await screen.open(name);
  await expect(screen.message("behind a passphrase")).toBeVisible();
  await expect(screen.person(name)).toContainText("At my desk");
});
