import { acquaint } from "./acquaint.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

test("from sign-in to an answer without a mouse", async ({ launch, world, words }) => {
  const account = await world.newAccount("xmpp");
  const { page } = await launch();
  const screen = screenOf(page, words);
  await expect(screen.address).toBeFocused();
  await page.keyboard.type("nobody@nowhere.test");
  await page.keyboard.press("Tab");
  await expect(screen.password).toBeFocused();
  await page.keyboard.type(account.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText(words.t("error.unknown-host.next"));
});

test("finding, chatting, searching and setting by keys alone", async ({ launch, world, peers, words }) => {
  const { account, name, peer } = await acquaint(world, peers, "xmpp");
  const { page } = await launch({ accounts: [account] });
  const screen = screenOf(page, words);
  await expect(screen.person(name)).toContainText(words.t("presence.available"));
  await page.keyboard.press("Control+K");
  await expect(page.getByRole("combobox", { name: words.t("palette.title") })).toBeFocused();
  await page.keyboard.type("robin");
  await page.keyboard.press("Enter");
  await expect(screen.composer(name)).toBeFocused();
  await page.keyboard.type("all by keys");
  await page.keyboard.press("Enter");
  await peer.message("all by keys");
  await page.keyboard.press("Control+W");
  await expect(page.getByText(words.t("chat.none"))).toBeVisible();
  await page.keyboard.press("Alt+1");
  await expect(screen.composer(name)).toBeFocused();
  await page.keyboard.press("Control+F");
  await expect(page.getByRole("combobox", { name: words.t("history.placeholderChat", { name }) })).toBeFocused();
  await page.keyboard.type("keys");
  await expect(page.getByRole("region", { name: words.t("history.results", { count: 1 }) })).toBeVisible();
  await page.keyboard.press("Enter");
  const mark = page.getByRole("article").locator("mark");
  await expect(mark).toHaveText("keys");
  await page.keyboard.press("Escape");
  await expect(mark).toHaveCount(0);
  await page.keyboard.press("Control+K");
  await page.keyboard.type("all by");
  await expect(page.getByRole("group", { name: words.t("palette.messages") }).getByRole("option")).toHaveCount(1);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(mark).toHaveText(["all", "by"]);
  await page.keyboard.press("Control+,");
  await expect(page.getByRole("group", { name: words.t("setting.Theme") })).toBeVisible();
});

test("the contact list as a tree: arrows, folding, first letters, the menu key", async ({ launch, world, words }) => {
  const account = await world.newAccount("xmpp");
  const people = [
    ["Ana Lima", "Alpha"],
    ["Bo Chen", "Alpha"],
    ["Cy Young", "Beta"],
  ] as const;
  await world.prosody.seedRoster(
    account.user,
    people.map(([name, group], index) => ({ address: `p${index}@example.test`, name, groups: [group] })),
  );
  const { page } = await launch({ accounts: [account] });
  const screen = screenOf(page, words);
  await expect(screen.person("Cy Young")).toBeVisible();
  await page.getByRole("searchbox", { name: words.t("roster.search") }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(screen.group("Alpha")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(screen.person("Ana Lima")).toBeFocused();
  await page.keyboard.press("End");
  await expect(screen.person("Cy Young")).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowLeft");
  await expect(screen.person("Ana Lima")).toBeHidden();
  await page.keyboard.press("ArrowRight");
  await expect(screen.person("Ana Lima")).toBeVisible();
  await page.keyboard.type("bo");
  await expect(screen.person("Bo Chen")).toBeFocused();
  await page.keyboard.press("Shift+F10");
  await expect(page.getByRole("menu", { name: words.t("menu.label", { name: "Bo Chen" }) })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(screen.person("Bo Chen")).toBeFocused();
  await page.keyboard.press("F2");
  await expect(page.getByRole("dialog", { name: words.t("rename.title", { name: "Bo Chen" }) })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(screen.person("Bo Chen")).toBeFocused();
});
