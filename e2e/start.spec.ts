import { expect, test } from "./fixtures.ts";

test("the first start asks for an address and a password, and nothing else", async ({ launch, words }) => {
  const { page } = await launch();
  await expect(page.getByRole("heading", { name: words.t("start.title") })).toBeVisible();
  await expect(page.getByLabel(words.t("account.address"))).toBeFocused();
  await expect(page.getByLabel(words.t("account.password"), { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: words.t("account.signIn") })).toBeVisible();
  await expect(page.getByLabel(words.t("account.host"), { exact: true })).toBeHidden();
});
