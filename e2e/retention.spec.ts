import { randomUUID } from "node:crypto";
import { expect, test } from "./fixtures.ts";
import { organization, policy } from "./organization.ts";
import { screenOf } from "./screen.ts";

test("old messages leave the screen and the search when policy says so; what a legal hold names stays", async ({
  launch,
  world,
  words,
  testHome,
}) => {
  const own = await world.newAccount("xmpp", "me");
  const people = [
    { name: "Robin Hale", account: await world.newAccount("xmpp", "robin"), body: "old invoice of Robin" },
    { name: "Sam Field", account: await world.newAccount("xmpp", "sam"), body: "old invoice of Sam" },
  ] as const;
  const [robin, sam] = people;
  await world.prosody.seedRoster(
    own.user,
    people.map(({ name, account }) => ({ address: account.address, name, groups: ["Team"] })),
  );
  await world.prosody.seedArchive(
    own.user,
    people.map(({ account, body }, index) => ({
      from: account.address,
      to: own.address,
      body,
      at: Date.now() - 60_000 + index,
      id: randomUUID(),
    })),
  );
  // They come today.
  const today = await launch({ accounts: [own] });
  for (const { name, body } of people) {
    await screenOf(today.page, words).open(name);
    await expect(screenOf(today.page, words).message(body)).toBeVisible();
  }
  await today.stop();

  const { page } = await launch({ accounts: [own], daysAhead: 40 });
  const screen = screenOf(page, words);
  const hits = page.locator(".hit");
  const find = async (): Promise<void> => {
    await page.keyboard.press("Control+Shift+F");
    await page.getByRole("combobox", { name: words.t("history.placeholder") }).fill("invoice");
  };
  await screen.person(robin.name).waitFor();
  await find();
  await expect(hits).toHaveCount(2);
  await screen.view("people");
  await screen.open(robin.name);
  await expect(screen.message(robin.body)).toBeVisible();
  await policy(testHome, {
    HistoryRetentionDays: 30,
    LegalHoldSubjects: [{ type: "address", address: sam.account.address, matter: "Case 7" }],
  });
  // Gone from the chat that is open, nobody having touched anything.
  await expect(screen.message(robin.body)).toHaveCount(0);
  await screen.open(sam.name);
  await expect(screen.message(sam.body)).toBeVisible();
  await find();
  await expect(hits).toHaveText([new RegExp(sam.body)]);
  // The hold is lifted.
  await policy(testHome, { HistoryRetentionDays: 30 });
  await screen.view("people");
  await expect(screen.message(sam.body)).toHaveCount(0);
  await find();
  await expect(page.getByText(words.t("history.none", { text: "invoice" })).first()).toBeAttached();
});

test("where policy forbids deleting, the dialog says why and whom to ask; where it keeps a record, that what is deleted stays in it", async ({
  openChat,
  words,
  testHome,
}) => {
  const { account, peer, page, screen } = await openChat();
  for (const body of ["first of two", "second of two"]) {
    await peer.say(account.address, body);
    await expect(screen.message(body)).toBeVisible();
  }
  const dialog = page.getByRole("dialog");
  const confirm = dialog.getByRole("button", { name: words.t("delete.confirm"), exact: true });
  const ask = async (body: string): Promise<void> => {
    await screen.message(body).click({ button: "right" });
    await page.getByRole("menuitem", { name: words.t("delete.message") }).click();
    await dialog.waitFor();
  };
  await ask("first of two");
  await policy(testHome, { HistoryDeleteEnabled: false });
  // Also in a dialog that is open.
  await expect(dialog.getByText(words.t("delete.off"))).toBeVisible();
  await expect(
    dialog.getByText(words.t("settings.managedBy", { organization: organization.OrganizationName })),
  ).toBeVisible();
  await expect(
    dialog.getByText(words.t("settings.managedAsk", { contact: organization.SupportContact })),
  ).toBeVisible();
  await expect(confirm).toHaveCount(0);
  await dialog.getByText(words.t("button.close"), { exact: true }).click();
  await expect(screen.message("first of two")).toBeVisible();

  await policy(testHome, { HistoryMinimumDays: 90 });
  await expect(async () => {
    await ask("first of two");
    try {
      await dialog.getByText(words.t("delete.minimum", { count: 90 })).waitFor({ timeout: 1_000 });
    } catch (error) {
      await page.keyboard.press("Escape");
      throw error;
    }
  }).toPass();
  await confirm.click();
  await expect(dialog.getByText(words.t("delete.kept", { count: 1 }))).toBeVisible();
  await expect(
    dialog.getByText(/^Your organization keeps messages for some time. The last of these will be deleted after /),
  ).toBeVisible();
  await dialog.getByText(words.t("button.close"), { exact: true }).click();
  await expect(screen.message("first of two")).toHaveCount(0);
  await expect(screen.message("second of two")).toBeVisible();
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("combobox", { name: words.t("history.placeholder") }).fill("of two");
  await expect(page.locator(".hit")).toHaveText([/second of two/]);
});
