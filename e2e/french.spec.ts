import { createWords } from "../shared/words/words.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

const french = createWords("fr");

test("on a French desktop everything is French, errors too", async ({ launch, words }) => {
  const { page } = await launch({ locale: "fr-FR" });
  const screen = screenOf(page, french);
  await expect(page.getByRole("heading", { name: french.t("start.title") })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", /^fr/);
  await screen.fillSignIn({ address: "quelqu-un@nowhere.test", password: "secret" });
  await screen.signIn.click();
  await expect(page.getByRole("alert")).toContainText(french.t("error.unknown-host.next"));
  await expect(page.getByText(words.t("start.title"))).toHaveCount(0);
});

test("the language changes at once, and stays", async ({ openChat, launch }) => {
  const { account, name, hallway: first } = await openChat();
  await first.page.keyboard.press("Control+,");
  await first.page.getByRole("radio", { name: "Français" }).click();
  await expect(first.page.getByRole("heading", { name: french.t("settings.title") })).toBeVisible();
  await first.stop();
  const { page } = await launch({ accounts: [account] });
  await expect(screenOf(page, french).person(name)).toContainText(french.t("presence.available"));
});
