import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

test("10,000 contacts: the list is there at once, scrolls to its end, and finds anybody", async ({
  launch,
  world,
  words,
}) => {
  const own = await world.newAccount("xmpp");
  const { account, door } = await world.behindDoor(own);
  const contacts = Array.from({ length: 10_000 }, (_, index) => ({
    address: `person-${index}@example.test`,
    name: `Person ${String(index).padStart(5, "0")}`,
    groups: [`Department ${String(index % 40).padStart(2, "0")}`],
  }));
  await world.prosody.seedRoster(own.user, contacts);
  const first = await launch({ accounts: [account] });
  const before = screenOf(first.page, words);
  await expect(before.group("Department 00")).toContainText("250", { timeout: 60_000 });
  const drawn = await before.tree.getByRole("treeitem").count();
  expect(drawn).toBeLessThan(200);
  await first.stop();
  // At once, for it waits for no server.
  await door.refuse();
  const { page } = await launch({ accounts: [account] });
  const screen = screenOf(page, words);
  await expect(screen.group("Department 00")).toContainText("250");
  await page.getByRole("searchbox", { name: words.t("roster.search") }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await expect(screen.person("Person 09999")).toBeFocused();
  await page.getByRole("searchbox", { name: words.t("roster.search") }).fill("04711");
  await expect(screen.person("Person 04711")).toBeVisible();
  await expect(screen.tree.getByRole("treeitem", { level: 2 })).toHaveCount(1);
});
